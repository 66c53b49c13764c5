// jpeg-header: what the markers of a JPEG say (ITU-T T.81, annex B).
//
//   FFD8  [FFE1 length Exif..]  [FFEE length Adobe..]  FFC0 length frame  ...  FFDA length scan  pixels  [FFDA ...]  FFD9

import { badImage } from "./bad-image";
import { exifOrientation, type Orientation } from "./exif-orientation";
import { checkPixels } from "./pixel-limits";

export interface JpegHeader {
  readonly type: "jpeg";
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
  /** 1 grey, 3 colours, 4 inks. */
  readonly components: number;
  /** Adobe writes how much of an ink is missing. */
  readonly isAdobe: boolean;
}

const startOfScan = 0xda;
const endOfImage = 0xd9;
const app1 = 0xe1;
const app14 = 0xee;
/** Frames that are in use: baseline, extended and progressive, in Huffman's code. */
const frames = [0xc0, 0xc1, 0xc2];
const progressiveFrame = 0xc2;
/** Lossless, hierarchical and arithmetic. */
const otherFrames = [0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf];

/** A picture in several scans is held until the last, 64 coefficients of two bytes a block. */
const maxHeldBytes = 256_000_000;

/** Encoders write ten scans or so. Each costs a walk over all that is held. */
const maxScans = 100;
const maxWalkedBytes = 20 * maxHeldBytes;

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly isProgressive: boolean;
  readonly coefficientBytes: number;
}

/** Throws a BadImage. */
export function readJpegHeader(bytes: Uint8Array, name: string): JpegHeader {
  let frame: Frame | undefined;
  let orientation: Orientation | undefined;
  let isAdobe = false;
  let isHeld = false;
  let scans = 0;
  for (let at = 2; ; ) {
    at = nextMarker(bytes, at);
    const marker = bytes[at + 1];
    if (marker === undefined) throw badImage("Truncated", name, "it ends before its end marker");
    if (marker === endOfImage) break;
    const [start, end] = [at + 4, at + 2 + uint16(bytes, at + 2)];
    if (end > bytes.length || start > end) throw badImage("Truncated", name, "it ends within a segment");
    const segment = bytes.subarray(start, end);
    if (marker === app1 && isText(segment, "Exif\0\0")) orientation ??= exifOrientation(segment.subarray(6));
    if (marker === app14 && isText(segment, "Adobe")) isAdobe = true;
    if (otherFrames.includes(marker)) {
      throw badImage("UnknownType", name, `it is a JPEG of a rare kind (frame 0x${marker.toString(16)})`);
    }
    if (frames.includes(marker)) {
      if (frame !== undefined) throw badImage("Damaged", name, "it has two frames");
      frame = readFrame(segment, name, marker === progressiveFrame);
    }
    if (marker === startOfScan) {
      if (frame === undefined) throw badImage("Damaged", name, "its pixels come before their number");
      isHeld ||= frame.isProgressive || (segment[0] ?? 0) < frame.components;
      scans++;
    }
    at = end;
  }
  if (frame === undefined || scans === 0) throw badImage("Damaged", name, "it has no pixels");
  if (isHeld) checkHeld(frame, scans, name);
  const { width, height, components } = frame;
  return { type: "jpeg", name, width, height, orientation: orientation ?? 1, components, isAdobe };
}

/** Passes over coded pixels, in which FF stands as FF00, and over markers that stand alone: restarts and fill bytes. */
function nextMarker(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 1 < bytes.length; at++) {
    if (bytes[at] !== 0xff) continue;
    const marker = bytes[at + 1] ?? 0;
    if (marker > 0x01 && marker < 0xff && (marker < 0xd0 || marker > 0xd8)) return at;
  }
  return bytes.length;
}

function readFrame(segment: Uint8Array, name: string, isProgressive: boolean): Frame {
  const [precision = 0, , , , , components = 0] = segment;
  const [height, width] = [uint16(segment, 1), uint16(segment, 3)];
  if (segment.length < 6 + 3 * components) throw badImage("Damaged", name, "its frame is too short");
  if (precision !== 8 || ![1, 3, 4].includes(components)) {
    const found = `it is a JPEG of a rare kind (${components} components of ${precision} bits)`;
    throw badImage("UnknownType", name, found);
  }
  checkPixels(width, height, name);
  const samplings = Array.from({ length: components }, (_, index) => {
    const sampling = segment[7 + 3 * index] ?? 0;
    return { across: sampling >> 4, down: sampling & 15 };
  });
  if (samplings.some(({ across, down }) => across < 1 || across > 4 || down < 1 || down > 4)) {
    throw badImage("Damaged", name, "its frame has a sampling that there is not");
  }
  const across = Math.ceil(width / 8 / Math.max(...samplings.map((sampling) => sampling.across)));
  const down = Math.ceil(height / 8 / Math.max(...samplings.map((sampling) => sampling.down)));
  const blocks = samplings.reduce((sum, sampling) => sum + across * sampling.across * down * sampling.down, 0);
  return { width, height, components, isProgressive, coefficientBytes: blocks * 128 };
}

function checkHeld({ width, height, coefficientBytes }: Frame, scans: number, name: string): void {
  if (coefficientBytes > maxHeldBytes) {
    const found = `it has ${width}x${height} pixels in several scans, which take ${coefficientBytes} bytes`;
    throw badImage("TooManyPixels", name, `${found}, and ${maxHeldBytes} are the most`);
  }
  if (scans > maxScans || scans * coefficientBytes > maxWalkedBytes) {
    throw badImage("TooManyScans", name, `it has ${scans} scans of ${width}x${height} pixels`);
  }
}

const uint16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

const isText = (segment: Uint8Array, text: string): boolean =>
  [...text].every((letter, index) => segment[index] === letter.charCodeAt(0));
