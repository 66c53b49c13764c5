// blobs: the bytes of objects and parts, each a file that never changes once it is written.

import { randomUUID } from "node:crypto";
import { closeSync, createReadStream, existsSync, mkdirSync, openSync, readdirSync, readSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";

/** Inclusive, as in HTTP. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Blobs {
  /** A name for bytes that are about to be written to `file(name)`. */
  fresh(): string;
  file(blob: string): string;
  /** Opens at once, so that a blob that is discarded meanwhile is read to its end. */
  read(blob: string, span: Span): Buffer | Readable;
  discard(blob: string): void;
  /** Discards every blob that `isKept` does not know. */
  sweep(isKept: (blob: string) => boolean): void;
}

export function blobs(directory: string): Blobs {
  const folder = join(directory, ".store", "blobs");
  mkdirSync(folder, { recursive: true });
  const file = (blob: string) => join(folder, blob);

  return {
    fresh: () => randomUUID(),
    file,
    read: (blob, span) => read(file(blob), span),
    discard: (blob) => rmSync(file(blob), { force: true }),
    sweep(isKept) {
      if (!existsSync(folder)) return;
      for (const blob of readdirSync(folder)) if (!isKept(blob)) rmSync(file(blob), { force: true });
    },
  };
}

function read(file: string, { start, end }: Span): Buffer | Readable {
  const length = end - start + 1;
  if (length <= 0) return Buffer.alloc(0);
  const fd = openSync(file, "r");
  if (length > 256 * 1024) return createReadStream(file, { fd, start, end });
  try {
    const buffer = Buffer.alloc(length);
    readSync(fd, buffer, 0, length, start);
    return buffer;
  } finally {
    closeSync(fd);
  }
}
