// s3-as-caller: the embedded S3 as somebody may use it who has a query run: Athena reads and writes in their name.

import { createReadStream, statSync } from "node:fs";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { awsError, type Caller, type Incoming, type Outgoing } from "../../door/service";
import type { S3 } from "../s3/s3";
import { parseXml, textOf } from "../s3/xml";

export interface S3AsCaller {
  /** Everything below the prefix, in order. */
  list(bucket: string, prefix: string): Promise<readonly Listed[]>;
  /** The file of an object that the caller may read; nothing where it is gone. */
  fileOf(bucket: string, key: string): Promise<string | undefined>;
  /** `body`: what is written, or the file that it is in. */
  put(bucket: string, key: string, body: Buffer | { readonly file: string }): Promise<void>;
  /** A piece of an object, and how large the whole is. Throws where there is no such piece. */
  get(
    bucket: string,
    key: string,
    from: number,
    length: number,
  ): Promise<{ readonly bytes: Buffer; readonly size: number }>;
  /** Athena asks for it before it writes; throws where there is no such bucket. */
  location(bucket: string): Promise<void>;
}

export interface Listed {
  readonly key: string;
  readonly size: number;
}

export function s3AsCaller(s3: S3, caller: Caller): S3AsCaller {
  return {
    async list(bucket, prefix) {
      const found: Listed[] = [];
      let token: string | undefined;
      do {
        const query = { "list-type": "2", prefix, ...(token === undefined ? {} : { "continuation-token": token }) };
        const answer = parseXml(
          String(await bytesOf(await perform("GET", `/${bucket}`, { query }))),
          "ListBucketResult",
        );
        for (const element of answer.children.Contents ?? []) {
          found.push({ key: textOf(element, "Key") ?? "", size: Number(textOf(element, "Size")) });
        }
        token = textOf(answer, "NextContinuationToken");
      } while (token !== undefined);
      return found;
    },
    async fileOf(bucket, key) {
      await permitted("HEAD", pathOf(bucket, key), {});
      return s3.pathOf(bucket, key);
    },
    async put(bucket, key, body) {
      const size = "file" in body ? statSync(body.file).size : body.length;
      const headers = { "content-length": String(size) };
      await perform("PUT", pathOf(bucket, key), { body: Readable.from(piecesOf(body)), headers });
    },
    async get(bucket, key, from, length) {
      const range = `bytes=${from}-${from + length - 1}`;
      const answer = await perform("GET", pathOf(bucket, key), { headers: { range } });
      const [, size] = /\/(\d+)$/.exec(answer.headers?.["content-range"] ?? "") ?? [];
      return { bytes: await bytesOf(answer), size: Number(size) };
    },
    async location(bucket) {
      await perform("GET", `/${bucket}`, { query: { location: "" } });
    },
  };

  interface Parts {
    readonly query?: Readonly<Record<string, string>>;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: Readable;
  }

  async function permitted(method: string, path: string, { query = {}, headers = {}, body }: Parts) {
    const incoming: Incoming = {
      method,
      path,
      query: new URLSearchParams(query),
      headers: { ...headers, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
      body: body ?? Readable.from([]),
    };
    const operation = await s3.operation(incoming);
    const refused = operation.needs.find((need) => !caller.may(need));
    if (refused === undefined) return operation;
    const who = `User: ${caller.principal.arn} is not authorized to perform: ${refused.action} on resource: "${refused.resource}"`;
    throw awsError("AccessDenied", who, 403);
  }

  async function perform(method: string, path: string, parts: Parts): Promise<Outgoing> {
    const operation = await permitted(method, path, parts);
    return operation.run(caller);
  }
}

const pathOf = (bucket: string, key: string): string =>
  `/${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;

/** A file is opened when it is read, and so not at all where the caller may not write. */
async function* piecesOf(body: Buffer | { readonly file: string }): AsyncGenerator<Buffer> {
  if ("file" in body) yield* createReadStream(body.file);
  else yield body;
}

async function bytesOf({ body = "" }: Outgoing): Promise<Buffer> {
  return body instanceof Readable ? buffer(body) : Buffer.from(body);
}

/** `s3://bucket/key` */
export function s3Location(location: string): { readonly bucket: string; readonly key: string } | undefined {
  const [, bucket, key = ""] = /^s3a?:\/\/([^/]+)(?:\/(.*))?$/.exec(location) ?? [];
  return bucket === undefined ? undefined : { bucket, key };
}
