// jpeg-decoder: the pixels of a JPEG, at the size that is needed.
//
// A JPEG says of each block of eight by eight pixels how they change, from slowly to quickly. From the n slowest changes of a
// block libjpeg-turbo computes n by n pixels, in a third of the time, and they are a better average than the pixels' mean.

import { badImage } from "./bad-image";
import type { Bitmap } from "./bitmap";
import type { JpegHeader } from "./jpeg-header";
import { type Decoded, jpegTurbo, pixelFormats } from "./jpeg-turbo";

/** What cameras do wrong and costs no pixel: others show such a picture as well. */
const harmless = [/extraneous bytes before marker/, /^Invalid SOS parameters for sequential JPEG/];

/** The longer side of what it gives is at least `least`, unless the picture has less. Throws a BadImage. */
export type JpegDecoder = (bytes: Uint8Array, header: JpegHeader, least: number) => Bitmap;

/** For a factory. */
export function jpegDecoder(): JpegDecoder {
  const turbo = jpegTurbo();

  return (bytes, header, least) => {
    const eighths = Math.min(8, Math.ceil((least * 8) / Math.max(header.width, header.height)));
    const width = Math.ceil((header.width * eighths) / 8);
    const height = Math.ceil((header.height * eighths) / 8);
    const isInInks = header.components === 4;
    const pixelFormat = isInInks ? pixelFormats.cmyk : pixelFormats.rgba;
    const { pixels, warning } = decoded(() => turbo(bytes, { width, height, pixelFormat }), header);
    if (warning !== undefined && !harmless.some((each) => each.test(warning))) {
      throw badImage("Damaged", header.name, `libjpeg says: ${warning}`);
    }
    const data = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.length);
    if (isInInks) printInks(data, header.isAdobe);
    return { data, width, height };
  };
}

function decoded(decode: () => Decoded, { name }: JpegHeader): Decoded {
  try {
    return decode();
  } catch (error) {
    if ((error as Error).name !== "JpegError") throw error;
    throw badImage("Damaged", name, `libjpeg says: ${(error as Error).message}`);
  }
}

/** Cyan, magenta, yellow and black to red, green, blue and alpha, in place. */
function printInks(data: Buffer, isMissing: boolean): void {
  const all = isMissing ? 0 : 255;
  for (let at = 0; at < data.length; at += 4) {
    const white = (data[at + 3] ?? 0) ^ all;
    for (let ink = at; ink < at + 3; ink++) data[ink] = Math.round((((data[ink] ?? 0) ^ all) * white) / 255);
    data[at + 3] = 255;
  }
}
