// routes: which operation a request is, and what it may ask for. Whatever is not named here is refused by its name.

import type { Operation } from "../../door/service";
import { getBucketLocation, getBucketVersioning, headBucket, listBuckets } from "./buckets";
import type { Context, Imitation } from "./context";
import { copyObject, uploadPartCopy } from "./copy";
import { deleteObject, deleteObjects } from "./delete";
import { notImplemented, s3Error } from "./errors";
import { listObjectsV2, listObjectVersions } from "./listing";
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
} from "./multipart";
import { getObject, headObject, postObject, putObject, responseOverrides } from "./objects";
import type { Request } from "./request";

interface Route {
  readonly method: string;
  readonly on: "service" | "bucket" | "object";
  /** The query parameter, header or form that tells this operation from its neighbours; the first route that fits is taken. */
  readonly by?: string;
  readonly name: string;
  readonly imitation: Imitation;
  /** Query parameters that it understands. */
  readonly query?: readonly string[];
  /** `x-amz-*` headers that it understands, without that beginning; `meta-*` takes all that begin so. */
  readonly headers?: readonly string[];
}

const upload = ["meta-*", "acl", "server-side-encryption", "storage-class"];
const checksums = ["checksum-crc32", "checksum-crc32c", "checksum-crc64nvme", "checksum-sha1", "checksum-sha256"];
const body = [...checksums, "sdk-checksum-algorithm", "trailer", "decoded-content-length"];
const copySource = [
  "copy-source",
  ...["match", "none-match", "modified-since", "unmodified-since"].map((each) => `copy-source-if-${each}`),
];
const listing = ["prefix", "delimiter", "encoding-type"];
const reading = ["versionId", ...responseOverrides.map((name) => `response-${name}`)];

const routes: readonly Route[] = [
  { method: "GET", on: "service", name: "ListBuckets", imitation: listBuckets },
  { method: "HEAD", on: "bucket", name: "HeadBucket", imitation: headBucket },
  { method: "GET", on: "bucket", by: "?location", name: "GetBucketLocation", imitation: getBucketLocation },
  { method: "GET", on: "bucket", by: "?versioning", name: "GetBucketVersioning", imitation: getBucketVersioning },
  {
    method: "GET",
    on: "bucket",
    by: "?uploads",
    name: "ListMultipartUploads",
    imitation: listMultipartUploads,
    query: [...listing, "key-marker", "upload-id-marker", "max-uploads"],
  },
  {
    method: "GET",
    on: "bucket",
    by: "?versions",
    name: "ListObjectVersions",
    imitation: listObjectVersions,
    query: [...listing, "key-marker", "version-id-marker", "max-keys"],
  },
  {
    method: "GET",
    on: "bucket",
    by: "?list-type",
    name: "ListObjectsV2",
    imitation: listObjectsV2,
    query: [...listing, "continuation-token", "start-after", "max-keys", "fetch-owner"],
  },
  {
    method: "POST",
    on: "bucket",
    by: "?delete",
    name: "DeleteObjects",
    imitation: deleteObjects,
    headers: body,
  },
  {
    method: "GET",
    on: "object",
    by: "?uploadId",
    name: "ListParts",
    imitation: listParts,
    query: ["max-parts", "part-number-marker"],
  },
  {
    method: "GET",
    on: "object",
    name: "GetObject",
    imitation: getObject,
    query: reading,
    headers: ["checksum-mode"],
  },
  {
    method: "HEAD",
    on: "object",
    name: "HeadObject",
    imitation: headObject,
    query: reading,
    headers: ["checksum-mode"],
  },
  {
    method: "PUT",
    on: "object",
    by: "x-amz-copy-source?uploadId",
    name: "UploadPartCopy",
    imitation: uploadPartCopy,
    query: ["partNumber"],
    headers: [...copySource, "copy-source-range"],
  },
  {
    method: "PUT",
    on: "object",
    by: "?uploadId",
    name: "UploadPart",
    imitation: uploadPart,
    query: ["partNumber"],
    headers: body,
  },
  {
    method: "PUT",
    on: "object",
    by: "x-amz-copy-source",
    name: "CopyObject",
    imitation: copyObject,
    headers: [...upload, ...copySource, "metadata-directive", "tagging-directive", "checksum-algorithm"],
  },
  { method: "PUT", on: "object", name: "PutObject", imitation: putObject, headers: [...upload, ...body] },
  {
    method: "POST",
    on: "object",
    by: "form",
    name: "PostObject",
    imitation: postObject,
    headers: [...upload, ...checksums, "checksum-algorithm"],
  },
  {
    method: "POST",
    on: "object",
    by: "?uploads",
    name: "CreateMultipartUpload",
    imitation: createMultipartUpload,
    headers: [...upload, "checksum-algorithm", "checksum-type"],
  },
  {
    method: "POST",
    on: "object",
    by: "?uploadId",
    name: "CompleteMultipartUpload",
    imitation: completeMultipartUpload,
    headers: [...checksums, "checksum-type", "mp-object-size"],
  },
  {
    method: "DELETE",
    on: "object",
    by: "?uploadId",
    name: "AbortMultipartUpload",
    imitation: abortMultipartUpload,
  },
  { method: "DELETE", on: "object", name: "DeleteObject", imitation: deleteObject, query: ["versionId"] },
];

export function operationOf(request: Request, s3: Context): Operation {
  const on = request.key !== "" ? "object" : request.bucket !== "" ? "bucket" : "service";
  const { method, query } = request.incoming;
  const route = routes.find((each) => each.method === method && each.on === on && isMeant(each, request));
  if (route === undefined) {
    const parameters = [...query.keys()].filter((name) => !isOfSigning(name));
    const what = `${method} on ${on === "service" ? "the service" : `${on === "object" ? "an" : "a"} ${on}`}`;
    throw notImplemented(parameters.length === 0 ? what : `${what} with ?${parameters.join("&")}`);
  }
  refuseOthers(route, request);
  if (on !== "service") s3.store.bucket(request.bucket);
  checkOwner(request, s3);
  const resource = on === "object" ? `${request.bucket}/${request.key}` : request.bucket;
  return { name: route.name, resource, ...route.imitation(request, s3) };
}

function isMeant({ by }: Route, request: Request): boolean {
  if (by === undefined) return request.form === undefined;
  if (by === "form") return request.form !== undefined;
  const [header = "", query] = by.split("?");
  if (header !== "" && request.parameter(header) === undefined) return false;
  return query === undefined || request.query(query) !== undefined;
}

function refuseOthers({ name: operation, by, query = [], headers = [] }: Route, { incoming, parameters }: Request) {
  for (const name of incoming.query.keys())
    if (!isOfSigning(name) && !/^x-amz-/i.test(name) && !by?.endsWith(`?${name}`) && !query.includes(name))
      throw notImplemented(`?${name} of ${operation}`);
  for (const [name] of parameters("x-amz-"))
    if (!general.has(name) && !headers.includes(name) && !(name.startsWith("meta-") && headers.includes("meta-*")))
      throw notImplemented(`x-amz-${name} of ${operation}`);
}

/** `x-id` names the operation once more, and says nothing beside that. */
const isOfSigning = (name: string) =>
  name === "x-id" || (/^x-amz-/i.test(name) && general.has(name.slice(6).toLowerCase()));

const general = new Set([
  "algorithm",
  "content-sha256",
  "credential",
  "date",
  "expected-bucket-owner",
  "expires",
  "security-token",
  "signature",
  "signedheaders",
  "source-expected-bucket-owner",
  "user-agent",
]);

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
function checkOwner({ parameter }: Request, { account }: Context) {
  for (const name of ["x-amz-expected-bucket-owner", "x-amz-source-expected-bucket-owner"])
    if ((parameter(name) ?? account) !== account) throw s3Error("AccessDenied", "Access Denied", 403);
}
