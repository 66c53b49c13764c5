// parquet-footer: the first look at a file, before DuckDB reads a byte of it.
//
// A file is magic, pages, footer, the footer's length, magic (Parquet format, "File format"). A footer can be made such that
// whoever believes it runs out of memory or stack: so its length and the number of its schema elements are bounded first.

import { type FileHandle, open } from "node:fs/promises";
import { badFile } from "./bad-file";

/** A table of ours has a dozen columns, and its footer some kilobytes for every hundred row groups. */
const mostSchemaElements = 1_000;
const longestFooter = 64 * 1_024 * 1_024;

/** Throws a BadFile where there is no readable Parquet footer of a believable size. */
export async function checkFooter(path: string): Promise<void> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const head = await bytes(file, 0, 4);
    const tail = await bytes(file, Math.max(0, size - 8), 8);
    const magic = tail.subarray(-4).toString("latin1");
    if (head.toString("latin1") === "PARE" || magic === "PARE") throw badFile("Encrypted", "its footer is encrypted");
    if (head.toString("latin1") !== "PAR1") {
      throw badFile("NotParquet", `it does not begin with PAR1: it has ${size} bytes`);
    }
    if (size < 12 || magic !== "PAR1") {
      throw badFile("Truncated", `it does not end with PAR1: after ${size} bytes it breaks off`);
    }
    const length = tail.readUInt32LE(0);
    if (length > size - 12) throw badFile("Unreadable", `its footer would have ${length} of its ${size} bytes`);
    if (length > longestFooter)
      throw badFile("TooLarge", `its footer has ${length} bytes: ${longestFooter} are the most`);
    const elements = schemaElements(await bytes(file, size - 8 - length, Math.min(length, 32)));
    if (elements > mostSchemaElements) {
      throw badFile("Columns", `its schema has ${elements} elements: ${mostSchemaElements} are the most`);
    }
  } finally {
    await file.close();
  }
}

const bytes = async (file: FileHandle, position: number, length: number): Promise<Buffer> =>
  (await file.read(Buffer.alloc(length), 0, length, position)).buffer;

/**
 * The length of `FileMetaData.schema`, its second field after the version, in Thrift's compact protocol
 * (thrift-compact-protocol.md, "Struct encoding", "List and set"); 0 where a footer does not begin so.
 */
function schemaElements(footer: Buffer): number {
  const [i32Field, listField, structs, longList] = [0x15, 0x19, 0x0c, 0xfc];
  const version = varint(footer, 1);
  const list = version.next;
  if (footer[0] !== i32Field || footer[list] !== listField) return 0;
  const header = footer[list + 1] ?? 0;
  if ((header & 0x0f) !== structs) return 0;
  return header === longList ? varint(footer, list + 2).value : header >> 4;
}

function varint(buffer: Buffer, start: number): { value: number; next: number } {
  let value = 0;
  for (let index = 0; index < 5; index++) {
    const byte = buffer[start + index] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, next: start + index + 1 };
  }
  return { value, next: start + 5 };
}
