// known-pictures: which file each item of this data directory was, over starts: the API knows its items by names of its own.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface Known {
  readonly id: string;
  readonly file: string;
  readonly sha256: string;
}

export interface KnownPictures {
  /** The item that this very file is already. */
  find(file: string, bytes: Uint8Array): string | undefined;
  add(id: string, file: string, bytes: Uint8Array): void;
  /** What an item was called; nothing where another program has made it. */
  fileOf(id: string): string | undefined;
}

export function knownPictures(directory: string): KnownPictures {
  const path = join(directory, "pictures.json");
  const known: Known[] = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : [];
  return {
    find: (file, bytes) => known.find((one) => one.file === file && one.sha256 === hash(bytes))?.id,
    add(id, file, bytes) {
      known.push({ id, file, sha256: hash(bytes) });
      writeFileSync(path, JSON.stringify(known, undefined, 2));
    },
    fileOf: (id) => known.find((one) => one.id === id)?.file,
  };
}

const hash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
