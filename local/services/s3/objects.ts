// objects: PutObject, GetObject, HeadObject, and the upload of a form.

import type { Caller } from "../../door/service";
import { checksumHeaders } from "./checksums";
import { checkRead, rangeOf } from "./conditions";
import { answer, type Context, type Imitation, missing, versionHeaders, xmlAnswer } from "./context";
import { invalidArgument, noSuchKey, noSuchVersion, s3Error } from "./errors";
import { encryption, kept } from "./kept";
import { receive } from "./receive";
import type { Request } from "./request";
import type { Version } from "./version";
import { sequenceOf } from "./version-id";

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
export const putObject: Imitation = (request, s3) => ({
  needs: needsOfWrite(request, s3),
  async run(caller) {
    const version = await write(request, s3, caller);
    s3.tell("ObjectCreated:Put", version, caller);
    return answer(200, writtenHeaders(s3, version));
  },
});

// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
export const postObject: Imitation = (request, s3) => ({
  needs: needsOfWrite(request, s3),
  async run(caller) {
    const { bucket, key, form } = request;
    const version = await write(request, s3, caller);
    s3.tell("ObjectCreated:Post", version, caller);
    const headers = writtenHeaders(s3, version);
    const location = `http://${request.header("host")}${request.incoming.path}`;
    const redirect = form?.get("success_action_redirect") ?? form?.get("redirect");
    if (redirect !== undefined && URL.canParse(redirect)) {
      const url = new URL(redirect);
      for (const [name, value] of Object.entries({ bucket, key, etag: `"${version.etag}"` }))
        url.searchParams.append(name, value);
      return answer(303, { ...headers, location: url.href });
    }
    const status = form?.get("success_action_status");
    if (status !== "201") return answer(status === "200" ? 200 : 204, { ...headers, location });
    const content = { Location: location, Bucket: bucket, Key: key, ETag: `"${version.etag}"` };
    return { ...xmlAnswer("PostResponse", content, { ...headers, location }), status: 201 };
  },
});

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
export const getObject: Imitation = (request, s3) => ({
  needs: [needOfRead(request, s3)],
  async run(caller) {
    const version = readable(request, s3, caller);
    const { blob, size } = version;
    const range = rangeOf(request.header("range"), size);
    const span = range ?? { start: 0, end: size - 1 };
    const headers = { ...objectHeaders(request, s3, version), "content-length": String(span.end - span.start + 1) };
    const body = blob === undefined ? Buffer.alloc(0) : s3.store.blobs.read(blob, span);
    if (range === undefined) return answer(200, { ...headers, ...checksumsAsked(request, version) }, body);
    return answer(206, { ...headers, "content-range": `bytes ${span.start}-${span.end}/${size}` }, body);
  },
});

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
export const headObject: Imitation = (request, s3) => ({
  needs: [needOfRead(request, s3)],
  async run(caller) {
    const version = readable(request, s3, caller);
    const { size } = version;
    const range = rangeOf(request.header("range"), size);
    const headers = objectHeaders(request, s3, version);
    if (range === undefined)
      return answer(200, { ...headers, ...checksumsAsked(request, version), "content-length": String(size) });
    return answer(206, {
      ...headers,
      "content-length": String(range.end - range.start + 1),
      "content-range": `bytes ${range.start}-${range.end}/${size}`,
    });
  },
});

export const writtenHeaders = (s3: Context, version: Version) => ({
  etag: `"${version.etag}"`,
  ...encryption,
  ...versionHeaders(s3, version),
  ...checksumHeaders(version.checksum),
});

export const writeConditions = (request: Request) => ({
  ifMatch: request.header("if-match"),
  ifNoneMatch: request.header("if-none-match"),
});

/** The version that a request names; an empty or impossible id is refused as S3 does. */
export function versionIdOf(versionId: string | undefined): string | undefined {
  if (versionId === "") throw invalidArgument("Version id cannot be the empty string", "versionId", "");
  if (versionId !== undefined && versionId !== "null" && sequenceOf(versionId) === undefined)
    throw invalidArgument("Invalid version id specified", "versionId", versionId);
  return versionId;
}

/** A condition on what is there reads it: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
export function needsOfWrite(request: Request, s3: Context) {
  const { bucket, key } = request;
  const put = s3.need("s3:PutObject", bucket, key, putContext(request));
  return request.header("if-match") === undefined ? [put] : [put, s3.need("s3:GetObject", bucket, key)];
}

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
function putContext(request: Request): Readonly<Record<string, string>> {
  const names = [
    "x-amz-acl",
    "x-amz-server-side-encryption",
    "x-amz-storage-class",
    "x-amz-copy-source",
    "x-amz-metadata-directive",
  ];
  const context: Record<string, string> = {};
  for (const name of names) {
    const value = request.parameter(name);
    if (value !== undefined) context[`s3:${name}`] = value;
  }
  const ifNoneMatch = request.header("if-none-match");
  return ifNoneMatch === undefined ? context : { ...context, "s3:if-none-match": ifNoneMatch };
}

function needOfRead(request: Request, s3: Context) {
  const { bucket, key } = request;
  const versionId = versionIdOf(request.query("versionId"));
  return versionId === undefined
    ? s3.need("s3:GetObject", bucket, key)
    : s3.need("s3:GetObjectVersion", bucket, key, { "s3:versionid": versionId });
}

async function write(request: Request, s3: Context, caller: Caller): Promise<Version> {
  const { bucket, key } = request;
  const { headers, storageClass } = kept(request);
  const { blob, size, md5, algorithm, checksum } = await receive(request, caller, s3.store.blobs);
  try {
    const draft = { blob, size, etag: md5, headers, storageClass };
    const full = { algorithm, value: checksum, type: "FULL_OBJECT" } as const;
    return s3.store.put(bucket, key, { ...draft, checksum: full }, writeConditions(request));
  } catch (error) {
    s3.store.blobs.discard(blob);
    throw error;
  }
}

function readable(request: Request, s3: Context, caller: Caller): Version {
  const version = existing(request.bucket, request.key, request.query("versionId"), s3, caller);
  checkRead(version, {
    ifMatch: request.header("if-match"),
    ifNoneMatch: request.header("if-none-match"),
    ifModifiedSince: request.header("if-modified-since"),
    ifUnmodifiedSince: request.header("if-unmodified-since"),
  });
  return version;
}

/** Throws what S3 answers where there is no such version, or only a delete marker. */
export function existing(
  bucket: string,
  key: string,
  versionId: string | undefined,
  s3: Context,
  caller: Caller,
): Version {
  const version = s3.store.find(bucket, key, versionId);
  if (version === undefined)
    throw missing(versionId === undefined ? noSuchKey(key) : noSuchVersion(key, versionId), bucket, s3, caller);
  if (!version.marker) return version;
  const headers = { "x-amz-delete-marker": "true", ...versionHeaders(s3, version) };
  if (versionId === undefined) throw missing(noSuchKey(key, headers), bucket, s3, caller);
  throw s3Error("MethodNotAllowed", "The specified method is not allowed against this resource.", 405, {
    headers: { ...headers, "last-modified": new Date(version.modified).toUTCString(), allow: "DELETE" },
  });
}

function objectHeaders(request: Request, s3: Context, version: Version): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {
    ...version.headers,
    ...encryption,
    ...versionHeaders(s3, version),
    "accept-ranges": "bytes",
    etag: `"${version.etag}"`,
    "last-modified": new Date(version.modified).toUTCString(),
  };
  if (version.storageClass !== "STANDARD") headers["x-amz-storage-class"] = version.storageClass;
  for (const name of responseOverrides) {
    const value = request.query(`response-${name}`);
    if (value !== undefined) headers[name] = value;
  }
  return headers;
}

export const responseOverrides = [
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-type",
  "expires",
];

const checksumsAsked = (request: Request, { checksum }: Version) =>
  request.parameter("x-amz-checksum-mode")?.toUpperCase() === "ENABLED" ? checksumHeaders(checksum) : {};
