// exif-orientation: which way up a picture was taken, from a block of EXIF. What is wrong in it says nothing, and is no error:
// the pixels are there all the same.

/**
 * How the stored pixels lie: 1 upright, 2 mirrored, 3 upside down, 4 upside down and mirrored, 5 to 8 on their side
 * (EXIF 2.32, 4.6.4 A).
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const orientationTag = 0x0112;
const short = 3;

/** `tiff` begins with the order of its bytes, "II" or "MM": what stands in a PNG's eXIf, and in a JPEG behind `Exif\0\0`. */
export function exifOrientation(tiff: Uint8Array): Orientation {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const order = tiff.length < 8 ? 0 : view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const little = order === 0x4949;
  const directory = view.getUint32(4, little);
  if (directory + 2 > tiff.length) return 1;
  const entries = view.getUint16(directory, little);
  for (let entry = 0; entry < entries; entry++) {
    const at = directory + 2 + entry * 12;
    if (at + 12 > tiff.length) return 1;
    if (view.getUint16(at, little) !== orientationTag) continue;
    const value = view.getUint16(at + 8, little);
    return view.getUint16(at + 2, little) === short && isOrientation(value) ? value : 1;
  }
  return 1;
}

const isOrientation = (value: number): value is Orientation => value >= 1 && value <= 8;
