// exif: the tag that tells how a camera was held.

/** The picture lies on its left side in the file, and is turned a quarter to the right to be looked at: TIFF 6.0, tag 274. */
export const turnRight = 6;

/**
 * A JPEG file with an EXIF segment (Exif 2.32, section 4.5) that has one tag, its orientation. The pixels stay as they are. The
 * segment stands first, where cameras put it.
 */
export function withOrientation(jpeg: Uint8Array, orientation: number): Uint8Array {
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) throw new RangeError("Cannot add an orientation: the file is not a JPEG");
  const tag = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]; // a short, one of them, its value, two bytes unused
  const tiff = [...ascii("MM"), 0, 42, 0, 0, 0, 8, 0, 1, ...tag, 0, 0, 0, 0];
  const content = [...ascii("Exif"), 0, 0, ...tiff];
  const length = content.length + 2;
  return Uint8Array.from([0xff, 0xd8, 0xff, 0xe1, length >> 8, length & 0xff, ...content, ...jpeg.subarray(2)]);
}

const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
