// parts: the rows of an export, a file's worth of them at a time. There is never more than one such file on the disk.

import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import type { Batch } from "./batches";

export interface Part {
  readonly file: string;
  readonly rows: number;
  readonly first: Buffer;
  readonly last: Buffer;
  /** Of the lines: equal rows in equal order have an equal one. */
  readonly digest: string;
}

export interface PartSize {
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Writes to `file` until it has rows or bytes enough, and anew when the caller comes back for more. When the batches fail, what
 * was written by then comes first, and the failure after it: it need not be read again.
 */
export async function* partsOf(batches: AsyncIterable<Batch>, file: string, most: PartSize): AsyncGenerator<Part> {
  let part: Awaited<ReturnType<typeof begin>> | undefined;
  try {
    for await (const batch of batches) {
      part ??= await begin(file, batch.first);
      await part.add(batch);
      if (part.rows() < most.rows && part.bytes() < most.bytes) continue;
      const full = await part.end();
      part = undefined;
      yield full;
    }
  } catch (error) {
    if (part !== undefined) yield await part.end();
    throw error;
  }
  if (part !== undefined) yield await part.end();
}

async function begin(file: string, first: Buffer) {
  const handle = await open(file, "w");
  const hash = createHash("sha256");
  let [rows, bytes, last] = [0, 0, first];
  return {
    rows: () => rows,
    bytes: () => bytes,
    async add(batch: Batch): Promise<void> {
      await handle.writeFile(batch.bytes);
      hash.update(batch.bytes);
      rows += batch.rows;
      bytes += batch.bytes.length;
      last = batch.last;
    },
    async end(): Promise<Part> {
      await handle.close();
      return { file, rows, first, last, digest: hash.digest("hex") };
    },
  };
}
