// header: what a picture is and how large, before anything of it is decoded.
//
// Its first bytes say what it is, whatever its name says. Of a JPEG the markers are read, of a PNG the chunks, to the last: a
// file that was cut off is told by its missing end.

import { maxImageBytes } from "../../../schemas/image-types";
import { badImage } from "./bad-image";
import { type JpegHeader, readJpegHeader } from "./jpeg-header";
import { otherPicture } from "./other-pictures";
import { type PngHeader, readPngHeader } from "./png-header";

export type ImageHeader = JpegHeader | PngHeader;

/** Throws a BadImage that begins with `name`. */
export function readHeader(bytes: Uint8Array, name: string): ImageHeader {
  if (bytes.length === 0) throw badImage("Empty", name, "it has no bytes");
  if (bytes.length > maxImageBytes) {
    throw badImage("TooLarge", name, `it has ${bytes.length} bytes, and ${maxImageBytes} are the most`);
  }
  if (beginsWith(bytes, [0xff, 0xd8, 0xff])) return readJpegHeader(bytes, name);
  if (beginsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return readPngHeader(bytes, name);
  const other = otherPicture(bytes);
  if (other === undefined) throw badImage("NotAnImage", name, "it is neither a JPEG nor a PNG");
  throw badImage("UnknownType", name, `it is a ${other}, and JPEG and PNG are taken`);
}

const beginsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, index) => bytes[index] === byte);
