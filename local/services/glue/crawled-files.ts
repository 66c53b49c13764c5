// crawled-files: what lies below a crawler's target, listed and read in the name of the crawler's role.

import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import type { Principal } from "../../door/principals";
import type { CrawlTarget } from "./crawler-config";
import { excludes } from "./glob";
import type { ParquetReader, ParquetSchema } from "./parquet-schema";

export interface CrawledFile extends ParquetSchema {
  readonly key: string;
  readonly size: number;
}

export interface CrawledTarget {
  readonly bucket: string;
  /** Ends with a slash where it is not empty. */
  readonly prefix: string;
  readonly files: readonly CrawledFile[];
}

export interface CrawledFiles {
  /** Throws what S3 answered, or a plain sentence about a file. Stops between two files when `signal` says so. */
  read(target: CrawlTarget, signal: AbortSignal): Promise<CrawledTarget>;
  end(): void;
}

/** The end of a file that is fetched at once. Most footers are smaller. */
const usualFooter = 32 * 1_024;

/** Requests to S3 at the same time. */
const width = 8;

export function crawledFiles(
  principal: Principal,
  endpoint: string,
  region: string,
  parquet: ParquetReader,
): CrawledFiles {
  const s3 = new S3Client({ endpoint, region, credentials: principal, forcePathStyle: true });
  // A footer belongs to an ETag: what was read once and is still the same is not read again.
  const known = new Map<string, { etag: string; schema: ParquetSchema }>();

  return {
    async read({ path, exclusions }, signal) {
      const { bucket, prefix } = placeOf(path);
      const objects = (await list(bucket, prefix, signal)).filter(
        ({ key, size }) => size > 0 && !exclusions.some((pattern) => excludes(pattern, key.slice(prefix.length))),
      );
      const files: (CrawledFile | undefined)[] = [];
      const lane = async (number: number) => {
        for (let at = number; at < objects.length; at += width) {
          signal.throwIfAborted();
          const object = objects[at];
          const schema = object && (await schemaOf(bucket, object, signal));
          if (schema) files[at] = { key: object.key, size: object.size, ...schema };
        }
      };
      await allOf(Array.from({ length: width }, (_, number) => lane(number)));
      return { bucket, prefix, files: files.filter((file) => file !== undefined) };
    },
    end: () => s3.destroy(),
  };

  async function list(Bucket: string, Prefix: string, abortSignal: AbortSignal) {
    const objects: (Listed & { readonly size: number })[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.send(new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken }), { abortSignal });
      for (const { Key: key = "", Size: size = 0, ETag: etag = "" } of page.Contents ?? [])
        objects.push({ key, size, etag });
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    return objects;
  }

  /** Nothing where the object has gone since it was listed. */
  async function schemaOf(
    bucket: string,
    { key, etag }: Listed,
    abortSignal: AbortSignal,
  ): Promise<ParquetSchema | undefined> {
    const name = `${bucket}/${key}`;
    const before = known.get(name);
    if (before?.etag === etag) return before.schema;
    const last = await lastBytes(bucket, key, usualFooter, abortSignal);
    if (last === undefined) return undefined;
    // Magic at both ends, the footer and its length between them (Parquet format, "File format").
    const length = last.size < 12 ? 0 : last.bytes.readUInt32LE(last.bytes.length - 8) + 8;
    if (last.bytes.subarray(-4).toString("latin1") !== "PAR1" || length < 9 || length > last.size - 4) {
      throw new Error(`"s3://${name}" is no Parquet: the classifiers of other formats are not imitated`);
    }
    const footer = length > last.bytes.length ? await lastBytes(bucket, key, length, abortSignal) : last;
    // Replaced between the two: it is read again.
    if (footer?.etag !== last.etag) return schemaOf(bucket, { key, etag: "" }, abortSignal);
    const schema = await parquet.read(footer.bytes.subarray(-length)).catch((cause: Error) => {
      throw new Error(`"s3://${name}" cannot be read as Parquet: ${cause.message}`, { cause });
    });
    known.set(name, { etag: last.etag, schema });
    return schema;
  }

  async function lastBytes(Bucket: string, Key: string, count: number, abortSignal: AbortSignal) {
    try {
      const end = new GetObjectCommand({ Bucket, Key, Range: `bytes=-${count}` });
      const { Body, ETag, ContentRange } = await s3.send(end, { abortSignal });
      const bytes = await buffer(Body as Readable);
      return { bytes, etag: ETag ?? "", size: Number(ContentRange?.split("/")[1] ?? bytes.length) };
    } catch (error) {
      if ((error as Error).name === "NoSuchKey") return undefined;
      throw error;
    }
  }
}

interface Listed {
  readonly key: string;
  readonly etag: string;
}

/** All are waited for, and then the first failure is thrown. */
async function allOf(lanes: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(lanes)).find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}

export function placeOf(path: string): { bucket: string; prefix: string } {
  const [, bucket = "", prefix = ""] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(path) ?? [];
  return { bucket, prefix: prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/` };
}
