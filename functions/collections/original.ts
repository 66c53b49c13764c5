// original: the picture of an item as it lies in the bucket now, which says whether work for a version of it still counts.

import { GetObjectCommand, HeadObjectCommand, type S3Client } from "@aws-sdk/client-s3";

export interface Original {
  readonly bucket: string;
  readonly key: string;
}

export interface CurrentOriginal {
  readonly version: string;
  /** In bytes. */
  readonly size: number;
  /** When it came, to the second. */
  readonly uploadedAt: Date;
}

/** Nothing where there is none. The caller must be allowed to list the bucket: S3 would say 403 otherwise. */
export async function currentOriginal(s3: S3Client, { bucket, key }: Original): Promise<CurrentOriginal | undefined> {
  try {
    const {
      VersionId,
      ContentLength = 0,
      LastModified,
    } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    // Without one the bucket was never versioned.
    return { version: VersionId ?? "null", size: ContentLength, uploadedAt: LastModified ?? new Date(0) };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whether that version is the current one, has been replaced, or there is no picture any more. */
export async function stateOf(
  s3: S3Client,
  original: Original,
  version: string,
): Promise<"current" | "superseded" | "gone"> {
  const now = await currentOriginal(s3, original);
  if (now === undefined) return "gone";
  return now.version === version ? "current" : "superseded";
}

export async function bytesOf(s3: S3Client, { bucket, key }: Original, version: string): Promise<Uint8Array> {
  const of = version === "null" ? {} : { VersionId: version };
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...of }));
  if (Body === undefined) throw new Error(`Cannot read "${key}": S3 has sent no body`);
  return Body.transformToByteArray();
}

export const isMissing = (error: unknown): boolean =>
  ["NotFound", "NoSuchKey", "NoSuchVersion"].includes((error as Error).name);
