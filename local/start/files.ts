// files: the user's own files, put into the raw bucket.

import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { inLanes } from "../../stage/lanes";
import { usageError } from "./options";

export interface Upload {
  readonly key: string;
  readonly path: string;
}

/** The files below a directory, each with the key that its path asks for. */
export async function ownFiles(input: string): Promise<readonly Upload[]> {
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
  await inLanes(files, 4, async ({ key, path }) => {
    const { size } = await stat(path);
    const Body = size === 0 ? Buffer.alloc(0) : createReadStream(path);
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentLength: size }));
    done();
  });
}
