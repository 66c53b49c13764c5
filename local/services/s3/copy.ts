// copy: CopyObject and UploadPartCopy, which read one object and write another without the caller seeing a byte.

import type { Caller, Need } from "../../door/service";
import { algorithmNamed, checksumElements, defaultAlgorithm } from "./checksums";
import { checkRead, copyRangeOf } from "./conditions";
import { type Context, type Imitation, versionHeaders, xmlAnswer } from "./context";
import { invalidArgument, invalidRequest, notImplemented } from "./errors";
import { checkAcl, checkEncryption, encryption, keptHeaders, storageClass } from "./kept";
import { keepPart, partNumberOf } from "./multipart";
import { existing, needsOfWrite, versionIdOf, writeConditions } from "./objects";
import { largestUpload, save } from "./receive";
import { decoded, type Request } from "./request";
import type { Version } from "./version";

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
export const copyObject: Imitation = (request, s3) => {
  const { bucket, key } = request;
  const source = sourceOf(request, s3);
  return {
    needs: [...source.needs, ...needsOfWrite(request, s3)],
    async run(caller) {
      checkEncryption(request);
      checkAcl(request);
      const from = readSource(request, source, s3, caller);
      const replace = directive(request, "metadata");
      // There are no tags here, so to copy and to replace them comes to the same.
      directive(request, "tagging");
      const newClass = storageClass(request);
      if (from.latest && from.bucket === bucket && from.key === key && !replace && newClass === undefined)
        throw invalidRequest(
          "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
        );
      if (from.size > largestUpload)
        throw invalidRequest(
          "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120",
        );
      const named = request.parameter("x-amz-checksum-algorithm");
      const algorithm = named === undefined ? (from.checksum?.algorithm ?? defaultAlgorithm) : algorithmNamed(named);
      const headers = replace ? keptHeaders(request) : from.headers;
      const saved = await save(contentOf(from, s3), algorithm, s3.store.blobs);
      try {
        const draft = {
          blob: saved.blob,
          size: saved.size,
          etag: saved.md5,
          headers,
          storageClass: newClass ?? "STANDARD",
        };
        const checksum = { algorithm, value: saved.checksum, type: "FULL_OBJECT" } as const;
        const version = s3.store.put(bucket, key, { ...draft, checksum }, writeConditions(request));
        s3.tell("ObjectCreated:Copy", version, caller);
        return xmlAnswer(
          "CopyObjectResult",
          {
            LastModified: new Date(version.modified).toISOString(),
            ETag: `"${version.etag}"`,
            ...checksumElements(version.checksum),
          },
          { ...encryption, ...versionHeaders(s3, version), ...sourceVersion(s3, from) },
        );
      } catch (error) {
        s3.store.blobs.discard(saved.blob);
        throw error;
      }
    },
  };
};

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html
export const uploadPartCopy: Imitation = (request, s3) => {
  const { bucket, key } = request;
  const source = sourceOf(request, s3);
  return {
    needs: [...source.needs, s3.need("s3:PutObject", bucket, key)],
    async run(caller) {
      const number = partNumberOf(request);
      const upload = s3.store.uploads.find(request.query("uploadId") ?? "", bucket, key);
      const from = readSource(request, source, s3, caller);
      const range = request.parameter("x-amz-copy-source-range");
      const span = range === undefined ? { start: 0, end: from.size - 1 } : copyRangeOf(range, from.size);
      const saved = await save(contentOf(from, s3, span), upload.algorithm ?? defaultAlgorithm, s3.store.blobs);
      const part = keepPart(s3, upload, number, saved);
      return xmlAnswer(
        "CopyPartResult",
        {
          LastModified: new Date(part.modified).toISOString(),
          ETag: `"${part.etag}"`,
          ...(upload.algorithm === undefined ? {} : { [`Checksum${upload.algorithm}`]: saved.checksum }),
        },
        { ...encryption, ...sourceVersion(s3, from) },
      );
    },
  };
};

interface Source {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
  readonly needs: readonly Need[];
}

/** `bucket/key` or `/bucket/key`, percent-encoded, and behind it `?versionId=` where an older version is meant. */
function sourceOf(request: Request, s3: Context): Source {
  const text = request.parameter("x-amz-copy-source") ?? "";
  const [path = "", query = ""] = text.split(/\?(?=versionId=)/);
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(decoded(path)) ?? [];
  if (bucket === undefined || key === undefined)
    throw invalidArgument(
      "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
      "x-amz-copy-source",
      text,
    );
  if (bucket.startsWith("arn:")) throw notImplemented(`x-amz-copy-source: ${bucket}`);
  s3.store.bucket(bucket);
  const versionId = versionIdOf(new URLSearchParams(query).get("versionId") ?? undefined);
  const need =
    versionId === undefined
      ? s3.need("s3:GetObject", bucket, key)
      : s3.need("s3:GetObjectVersion", bucket, key, { "s3:versionid": versionId });
  return { bucket, key, versionId, needs: [need] };
}

function readSource(request: Request, { bucket, key, versionId }: Source, s3: Context, caller: Caller): Version {
  const from = existing(bucket, key, versionId, s3, caller);
  checkRead(from, {
    ifMatch: request.parameter("x-amz-copy-source-if-match"),
    ifModifiedSince: request.parameter("x-amz-copy-source-if-modified-since"),
    ifUnmodifiedSince: request.parameter("x-amz-copy-source-if-unmodified-since"),
    ifNoneMatch: request.parameter("x-amz-copy-source-if-none-match"),
  });
  return from;
}

/** Whether the metadata comes from the request and not from the source. */
function directive(request: Request, of: "metadata" | "tagging"): boolean {
  const value = request.parameter(`x-amz-${of}-directive`) ?? "COPY";
  if (value !== "COPY" && value !== "REPLACE")
    throw invalidArgument(`Unknown ${of} directive.`, `x-amz-${of}-directive`, value);
  return value === "REPLACE";
}

/** Opened at once, so that a source that is deleted meanwhile is copied whole. */
function contentOf({ blob, size }: Version, s3: Context, span = { start: 0, end: size - 1 }) {
  const content = blob === undefined ? Buffer.alloc(0) : s3.store.blobs.read(blob, span);
  return Buffer.isBuffer(content) ? [content] : (content as AsyncIterable<Buffer>);
}

const sourceVersion = (s3: Context, from: Version): Readonly<Record<string, string>> =>
  s3.store.bucket(from.bucket).versioning === "Off" ? {} : { "x-amz-copy-source-version-id": from.versionId };
