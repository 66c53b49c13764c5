// stored-file: an object of a bucket as a file on /tmp, and back only if the object is still the one that was read.
//
// S3 answers every read with what was written last, and refuses a write whose condition does not hold (If-Match,
// If-None-Match). So of two functions that change an object at once, one is told that it must look again.

import { createReadStream, createWriteStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";

export interface Stored {
  readonly s3: S3Client;
  readonly bucket: string;
}

/** Writes the object to `file`; gives the ETag of what was read, or nothing when there is no such object (any more). */
export async function fetchFile({ s3, bucket }: Stored, key: string, file: string): Promise<string | undefined> {
  try {
    const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    await pipeline(Body as Readable, createWriteStream(file));
    return ETag;
  } catch (error) {
    if ((error as Error).name === "NoSuchKey") return undefined;
    throw error;
  }
}

/** What is known of an object without reading it, or nothing when there is none. */
export async function lookUp({ s3, bucket }: Stored, key: string) {
  try {
    const {
      ETag: etag,
      ContentLength: size = 0,
      Metadata: metadata = {},
    } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return { etag, size, metadata };
  } catch (error) {
    if (["NotFound", "NoSuchKey"].includes((error as Error).name)) return undefined;
    throw error;
  }
}

/** The objects below a prefix, in the order of their keys. */
export async function listBelow({ s3, bucket }: Stored, prefix: string): Promise<{ key: string; etag: string }[]> {
  const found: { key: string; etag: string }[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key, ETag = "" } of Contents) if (Key !== undefined) found.push({ key: Key, etag: ETag });
  }
  return found;
}

/** In bytes. */
const heldInMemory = 8 * 1_024 * 1_024;

/**
 * Stores the file if the object is still what `etag` says (not there, where it says nothing); tells whether it was.
 * `metadata` is kept with the object.
 */
export async function storeFile(
  { s3, bucket }: Stored,
  key: string,
  file: string,
  etag: string | undefined,
  metadata?: Record<string, string>,
): Promise<boolean> {
  const condition = etag === undefined ? { IfNoneMatch: "*" } : { IfMatch: etag };
  try {
    const { size } = await stat(file);
    // What is in memory can be sent again after a failed request.
    const Body = size <= heldInMemory ? await readFile(file) : createReadStream(file);
    await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentLength: size, Metadata: metadata, ...condition }),
    );
    return true;
  } catch (error) {
    // 412 and 409: replaced, or being replaced, by somebody else. 404: removed since it was read.
    if (["PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"].includes((error as Error).name)) return false;
    throw error;
  }
}
