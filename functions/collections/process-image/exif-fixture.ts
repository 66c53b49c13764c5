// exif-fixture: a block of EXIF with one entry, the orientation, right or wrong.

export interface ExifFixture {
  readonly orientation: number;
  readonly order?: "II" | "MM";
  /** Where the directory is said to be. */
  readonly directory?: number;
  /** How many entries it is said to have. */
  readonly entries?: number;
  /** 3 is a number of two bytes. */
  readonly type?: number;
}

/** As it stands in a PNG's eXIf. */
export function tiffBlock(fixture: ExifFixture): Buffer {
  const { orientation, order = "MM", directory = 8, entries = 1, type = 3 } = fixture;
  const block = Buffer.alloc(26);
  const isBig = order === "MM";
  const write16 = (value: number, at: number) =>
    isBig ? block.writeUInt16BE(value, at) : block.writeUInt16LE(value, at);
  const write32 = (value: number, at: number) =>
    isBig ? block.writeUInt32BE(value, at) : block.writeUInt32LE(value, at);
  block.write(order, "latin1");
  write16(42, 2);
  write32(directory, 4);
  write16(entries, 8);
  write16(0x0112, 10);
  write16(type, 12);
  write32(1, 14);
  write16(orientation, 18);
  return block;
}

/** As it stands in a JPEG's APP1. */
export const exifSegment = (fixture: ExifFixture): Buffer =>
  Buffer.concat([Buffer.from("Exif\0\0"), tiffBlock(fixture)]);
