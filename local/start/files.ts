// files: what is put into the raw bucket - the sample shop's files, or the user's own.

import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { sampleShop } from "../sample/shop";
import { writeShop } from "../sample/write";
import { type Options, usageError } from "./options";

export interface Upload {
  readonly key: string;
  readonly path: string;
  /** How many rows of it must end in quarantine, where that is known. */
  readonly dirty?: number;
}

/** Half a year: every day is a partition of four tables, and nobody wants to wait for a minute of them. */
const days = 182;

/** The files to put, those of the sample shop written below `directory`. */
export async function rawFiles({ input, customers, seed }: Options, directory: string): Promise<readonly Upload[]> {
  if (input === undefined) return writeShop(sampleShop({ customers, seed, days }), directory);
  const found = await filesBelow(input);
  if (found.length === 0) throw usageError(`Cannot take --input "${input}": there are no files in it.`);
  return found.map((path) => ({ key: keyOf(path), path: join(input, path) }));
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort();
}

/** `orders/a.parquet` and `orders.parquet` belong to `orders`; a path that begins with `raw/` is a key as it is. */
export function keyOf(path: string): string {
  const parts = path.split(sep);
  if (parts[0] === "raw") return parts.join("/");
  const [name = ""] = parts;
  return parts.length > 1 ? `raw/${parts.join("/")}` : `raw/${name.replace(/\.[^.]*$/, "")}/${name}`;
}

/** Puts the files, a few at a time, as an export does. */
export async function putFiles(
  s3: S3Client,
  bucket: string,
  files: readonly Upload[],
  done: () => void,
): Promise<void> {
  const waiting = [...files];
  const lane = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const { size } = await stat(file.path);
      const Body = size === 0 ? Buffer.alloc(0) : createReadStream(file.path);
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: file.key, Body, ContentLength: size }));
      done();
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
}
