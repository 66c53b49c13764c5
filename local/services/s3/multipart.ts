// multipart: an object that is uploaded in parts.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import {
  type Algorithm,
  algorithmNamed,
  badChecksum,
  type Checksum,
  type ChecksumType,
  checksumElements,
  defaultAlgorithm,
  digest,
  headerOf,
} from "./checksums";
import { answer, type Context, type Imitation, versionHeaders, xmlAnswer } from "./context";
import { invalidArgument, invalidRequest, malformedXml, s3Error } from "./errors";
import { encryption, kept } from "./kept";
import { askedOf, commonElements, listNeed, owner } from "./listing";
import { needsOfWrite, writeConditions } from "./objects";
import { type Received, receive, receiveText, save } from "./receive";
import type { Request } from "./request";
import { commonPrefix } from "./scan";
import type { Part, Upload } from "./uploads";
import { type Element, parseXml, textOf } from "./xml";

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
export const createMultipartUpload: Imitation = (request, s3) => {
  const { bucket, key } = request;
  return {
    needs: needsOfWrite(request, s3),
    async run() {
      const { headers, storageClass } = kept(request);
      const named = request.parameter("x-amz-checksum-algorithm");
      const algorithm = named === undefined ? undefined : algorithmNamed(named);
      const type = typeOf(request, algorithm);
      const upload = s3.store.uploads.begin({ bucket, key, headers, algorithm, type, storageClass });
      const checksum: Record<string, string> =
        algorithm && type ? { "x-amz-checksum-algorithm": algorithm, "x-amz-checksum-type": type } : {};
      return xmlAnswer(
        "InitiateMultipartUploadResult",
        { Bucket: bucket, Key: key, UploadId: upload.id },
        { ...encryption, ...checksum },
      );
    },
  };
};

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html
export const uploadPart: Imitation = (request, s3) => {
  const { bucket, key } = request;
  return {
    needs: [s3.need("s3:PutObject", bucket, key)],
    async run(caller) {
      const number = partNumberOf(request);
      const upload = uploadOf(request, s3);
      const received = await receive(request, caller, s3.store.blobs);
      // An upload that was begun without a checksum takes parts with any: the SDK sends CRC32 by default.
      if (received.announced && upload.algorithm !== undefined && received.algorithm !== upload.algorithm) {
        s3.store.blobs.discard(received.blob);
        throw invalidRequest(
          `Checksum Type mismatch occurred, expected checksum Type: ${upload.algorithm.toLowerCase()}, actual checksum Type: ${received.algorithm.toLowerCase()}`,
        );
      }
      const part = keepPart(s3, upload, number, received);
      const checksum: Record<string, string> = received.announced
        ? { [headerOf(received.algorithm)]: received.checksum }
        : {};
      return answer(200, { etag: `"${part.etag}"`, ...encryption, ...checksum });
    },
  };
};

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
export const completeMultipartUpload: Imitation = (request, s3) => {
  const { bucket, key } = request;
  return {
    needs: needsOfWrite(request, s3),
    async run(caller) {
      const { uploads, blobs } = s3.store;
      const upload = uploadOf(request, s3);
      const { text } = await receiveText(request, caller, "of object");
      const all = uploads.parts(upload);
      const parts = partsOf(parseXml(text, "CompleteMultipartUpload"), all, upload.algorithm);
      const size = parts.reduce((sum, part) => sum + part.size, 0);
      const stated = request.parameter("x-amz-mp-object-size");
      if (stated !== undefined && Number(stated) !== size)
        throw invalidRequest("The provided 'x-amz-mp-object-size' header value does not match what was computed");

      const saved = await save(contentOf(parts, s3), upload.algorithm ?? defaultAlgorithm, blobs);
      try {
        const checksum = checksumOf(upload, parts, saved.checksum);
        const expected = request.parameter(headerOf(checksum.algorithm));
        if (expected !== undefined && expected !== checksum.value) throw badChecksum(checksum.algorithm);
        const { headers, storageClass } = upload;
        const draft = { blob: saved.blob, size, etag: etagOf(parts), headers, checksum, storageClass };
        const version = s3.store.put(bucket, key, draft, writeConditions(request), () => {
          uploads.find(upload.id, bucket, key);
          uploads.forget(upload);
        });
        for (const { blob } of all) blobs.discard(blob);
        s3.tell("ObjectCreated:CompleteMultipartUpload", version, caller);
        const location = `http://${request.header("host")}${request.incoming.path}`;
        return xmlAnswer(
          "CompleteMultipartUploadResult",
          { Location: location, Bucket: bucket, Key: key, ETag: `"${version.etag}"`, ...checksumElements(checksum) },
          { ...encryption, ...versionHeaders(s3, version) },
        );
      } catch (error) {
        blobs.discard(saved.blob);
        throw error;
      }
    },
  };
};

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
export const abortMultipartUpload: Imitation = (request, s3) => ({
  needs: [s3.need("s3:AbortMultipartUpload", request.bucket, request.key)],
  async run() {
    const upload = uploadOf(request, s3);
    const parts = s3.store.uploads.parts(upload);
    s3.store.uploads.forget(upload);
    for (const { blob } of parts) s3.store.blobs.discard(blob);
    return answer(204);
  },
});

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
export const listParts: Imitation = (request, s3) => {
  const { bucket, key } = request;
  return {
    needs: [s3.need("s3:ListMultipartUploadParts", bucket, key)],
    async run() {
      const upload = uploadOf(request, s3);
      const { max } = askedOf(request, "max-parts");
      const marker = Number(request.query("part-number-marker") ?? 0);
      const parts = s3.store.uploads.parts(upload, marker);
      const page = parts.slice(0, max);
      return xmlAnswer("ListPartsResult", {
        Bucket: bucket,
        Key: key,
        UploadId: upload.id,
        PartNumberMarker: marker,
        NextPartNumberMarker: page.at(-1)?.number ?? 0,
        MaxParts: max,
        IsTruncated: page.length < parts.length,
        StorageClass: upload.storageClass,
        ChecksumAlgorithm: upload.algorithm,
        ChecksumType: upload.type,
        Initiator: owner(s3),
        Owner: owner(s3),
        Part: page.map((part) => ({
          PartNumber: part.number,
          LastModified: new Date(part.modified).toISOString(),
          ETag: `"${part.etag}"`,
          Size: part.size,
          ...(upload.algorithm && part.checksum ? { [`Checksum${upload.algorithm}`]: part.checksum } : {}),
        })),
      });
    },
  };
};

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
export const listMultipartUploads: Imitation = (request, s3) => {
  const { bucket } = request;
  const asked = askedOf(request, "max-uploads");
  const { prefix, delimiter, max, encoded } = asked;
  const keyMarker = request.query("key-marker") ?? "";
  const idMarker = request.query("upload-id-marker") ?? "";
  return {
    needs: [listNeed("s3:ListBucketMultipartUploads", request, s3)],
    async run() {
      const entries = new Map<string, Upload | string>();
      for (const upload of s3.store.uploads.list(bucket, prefix, keyMarker, idMarker)) {
        const common = commonPrefix(upload.key, prefix, delimiter);
        if (common === undefined) entries.set(upload.id, upload);
        else if (common !== keyMarker) entries.set(`/${common}`, common);
      }
      const page = [...entries.values()].slice(0, max);
      const last = page.at(-1);
      const more = max > 0 && page.length < entries.size;
      const { MaxKeys: _, ...common } = commonElements(asked);
      return xmlAnswer("ListMultipartUploadsResult", {
        Bucket: bucket,
        ...common,
        KeyMarker: encoded(keyMarker),
        UploadIdMarker: idMarker,
        NextKeyMarker: more && last ? encoded(typeof last === "string" ? last : last.key) : undefined,
        NextUploadIdMarker: more && last && typeof last !== "string" ? last.id : undefined,
        MaxUploads: max,
        IsTruncated: more,
        Upload: page.flatMap((each) =>
          typeof each === "string"
            ? []
            : [
                {
                  Key: encoded(each.key),
                  UploadId: each.id,
                  Initiator: owner(s3),
                  Owner: owner(s3),
                  StorageClass: each.storageClass,
                  Initiated: new Date(each.started).toISOString(),
                  ChecksumAlgorithm: each.algorithm,
                  ChecksumType: each.type,
                },
              ],
        ),
        CommonPrefixes: page.flatMap((each) => (typeof each === "string" ? [{ Prefix: encoded(each) }] : [])),
      });
    },
  };
};

/** Keeps what was received as a part, in the place of one that was there under its number. */
export function keepPart(s3: Context, upload: Upload, number: number, received: Received & { blob: string }): Part {
  const { blob, size, md5, checksum, algorithm } = received;
  try {
    const kept = upload.algorithm === algorithm ? checksum : null;
    return s3.store.uploads.put(upload, { number, blob, size, etag: md5, checksum: kept });
  } catch (error) {
    s3.store.blobs.discard(blob);
    throw error;
  }
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
export function partNumberOf(request: Request): number {
  const text = request.query("partNumber") ?? "";
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > 10_000)
    throw invalidArgument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", text);
  return number;
}

const uploadOf = (request: Request, s3: Context) =>
  s3.store.uploads.find(request.query("uploadId") ?? "", request.bucket, request.key);

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html#Full-object-and-composite-checksums
function typeOf(request: Request, algorithm: Algorithm | undefined): ChecksumType | undefined {
  const type = request.parameter("x-amz-checksum-type");
  if (algorithm === undefined) return undefined;
  const allowed: readonly ChecksumType[] =
    algorithm === "CRC64NVME"
      ? ["FULL_OBJECT"]
      : algorithm.startsWith("SHA")
        ? ["COMPOSITE"]
        : ["COMPOSITE", "FULL_OBJECT"];
  const chosen = type === undefined ? allowed[0] : allowed.find((each) => each === type);
  if (chosen === undefined)
    throw invalidRequest(
      `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  return chosen;
}

/** The parts that the request lists, each compared with what was uploaded. */
function partsOf(root: Element, uploaded: readonly Part[], algorithm: Algorithm | undefined): readonly Part[] {
  const listed = root.children.Part ?? [];
  if (listed.length === 0 || listed.length > 10_000) throw malformedXml();
  const byNumber = new Map(uploaded.map((part) => [part.number, part]));
  let previous = 0;
  const parts = listed.map((element) => {
    const number = Number(textOf(element, "PartNumber")?.trim());
    const etag = textOf(element, "ETag")?.trim().replace(/^"|"$/g, "");
    if (!Number.isInteger(number) || etag === undefined) throw malformedXml();
    if (number <= previous)
      throw s3Error(
        "InvalidPartOrder",
        "The list of parts was not in ascending order. The parts list must be specified in order by part number.",
      );
    previous = number;
    const part = byNumber.get(number);
    const checksum = algorithm === undefined ? undefined : textOf(element, `Checksum${algorithm}`);
    if (part === undefined || part.etag !== etag || (checksum !== undefined && checksum !== part.checksum))
      throw s3Error(
        "InvalidPart",
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        400,
        { details: { PartNumber: String(number), ETag: etag } },
      );
    return part;
  });
  const small = parts.slice(0, -1).find(({ size }) => size < smallestPart);
  if (small !== undefined)
    throw s3Error("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", 400, {
      details: {
        ProposedSize: String(small.size),
        MinSizeAllowed: String(smallestPart),
        PartNumber: String(small.number),
      },
    });
  return parts;
}

const smallestPart = 5 * 1024 ** 2;

async function* contentOf(parts: readonly Part[], s3: Context): AsyncGenerator<Buffer> {
  for (const { blob } of parts) yield* createReadStream(s3.store.blobs.file(blob)) as AsyncIterable<Buffer>;
}

function etagOf(parts: readonly Part[]): string {
  const md5 = createHash("md5");
  for (const { etag } of parts) md5.update(etag, "hex");
  return `${md5.digest("hex")}-${parts.length}`;
}

function checksumOf({ algorithm = defaultAlgorithm, type }: Upload, parts: readonly Part[], whole: string): Checksum {
  if (type !== "COMPOSITE") return { algorithm, type: "FULL_OBJECT", value: whole };
  const composite = digest(algorithm);
  for (const { checksum } of parts) composite.update(Buffer.from(checksum ?? "", "base64"));
  return { algorithm, type, value: `${composite.end()}-${parts.length}` };
}
