// listing: ListObjectsV2 and ListObjectVersions, page by page straight from the index.

import { type Context, type Imitation, xmlAnswer } from "./context";
import { invalidArgument } from "./errors";
import { formEncoded } from "./notification";
import type { Request } from "./request";
import { after, behind, type Found } from "./scan";
import type { Version } from "./version";
import { sequenceOf } from "./version-id";

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
export const listObjectsV2: Imitation = (request, s3) => {
  const { bucket } = request;
  const asked = askedOf(request);
  const { prefix, delimiter, max, encoded } = asked;
  const token = request.query("continuation-token");
  const startAfter = request.query("start-after") ?? "";
  return {
    needs: [listNeed("s3:ListBucket", request, s3)],
    async run() {
      const from = token === undefined ? startOf(startAfter) : startOfToken(token);
      const { found, more } = pageOf(s3.store.objects({ bucket, prefix, delimiter, from }), max);
      const versions = versionsOf(found);
      const withOwner = request.query("fetch-owner") === "true";
      return xmlAnswer("ListBucketResult", {
        Name: bucket,
        ...commonElements(asked),
        KeyCount: found.length,
        IsTruncated: more,
        ContinuationToken: token,
        NextContinuationToken: more ? tokenBehind(found.at(-1)) : undefined,
        StartAfter: startAfter === "" ? undefined : encoded(startAfter),
        Contents: versions.map((version) => ({
          Key: encoded(version.key),
          ...contentElements(version),
          ...(withOwner ? { Owner: owner(s3) } : {}),
        })),
        CommonPrefixes: prefixesOf(found, encoded),
      });
    },
  };
};

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
export const listObjectVersions: Imitation = (request, s3) => {
  const { bucket } = request;
  const asked = askedOf(request);
  const { prefix, delimiter, max, encoded } = asked;
  const keyMarker = request.query("key-marker") ?? "";
  const versionIdMarker = request.query("version-id-marker") ?? "";
  if (versionIdMarker !== "" && keyMarker === "")
    throw invalidArgument(
      "A version-id marker cannot be specified without a key marker.",
      "version-id-marker",
      versionIdMarker,
    );
  return {
    needs: [listNeed("s3:ListBucketVersions", request, s3)],
    async run() {
      const from = versionIdMarker === "" ? startOf(keyMarker) : keyMarker;
      const reached = versionIdMarker === "" ? undefined : sequenceBehind(bucket, keyMarker, versionIdMarker, s3);
      const walk = s3.store.versions({ bucket, prefix, delimiter, from });
      const { found, more } = pageOf(walk, max, (each) =>
        "prefix" in each
          ? each.prefix !== keyMarker
          : each.version.key !== keyMarker || reached === undefined || each.version.sequence < reached,
      );
      const versions = versionsOf(found);
      const last = found.at(-1);
      return xmlAnswer("ListVersionsResult", {
        Name: bucket,
        ...commonElements(asked),
        IsTruncated: more,
        KeyMarker: encoded(keyMarker),
        VersionIdMarker: versionIdMarker,
        NextKeyMarker: more && last ? encoded("prefix" in last ? last.prefix : last.version.key) : undefined,
        NextVersionIdMarker: more && last && "version" in last ? last.version.versionId : undefined,
        Version: versions
          .filter(({ marker }) => !marker)
          .map((version) => ({
            ...versionElements(version),
            ...contentElements(version),
            Owner: owner(s3),
          })),
        DeleteMarker: versions
          .filter(({ marker }) => marker)
          .map((version) => ({
            ...versionElements(version),
            LastModified: new Date(version.modified).toISOString(),
            Owner: owner(s3),
          })),
        CommonPrefixes: prefixesOf(found, encoded),
      });
      function versionElements({ key, versionId, latest }: Version) {
        return { Key: encoded(key), VersionId: versionId, IsLatest: latest };
      }
    },
  };
};

export interface Asked {
  readonly prefix: string;
  readonly delimiter: string;
  readonly max: number;
  readonly encodingType: string | undefined;
  readonly encoded: (text: string) => string;
}

/** What all listings can be asked for. */
export function askedOf(request: Request, maxName = "max-keys"): Asked {
  const encodingType = request.query("encoding-type");
  if (encodingType !== undefined && encodingType !== "url")
    throw invalidArgument("Invalid Encoding Method specified in Request", "encoding-type", encodingType);
  const maxKeys = request.query(maxName) ?? "1000";
  if (!/^\d{1,10}$/.test(maxKeys) || Number(maxKeys) > 2_147_483_647)
    throw invalidArgument(`Provided ${maxName} not an integer or within integer range`, maxName, maxKeys);
  return {
    prefix: request.query("prefix") ?? "",
    delimiter: request.query("delimiter") ?? "",
    max: Math.min(Number(maxKeys), 1000),
    encodingType,
    encoded: encodingType === "url" ? formEncoded : (text) => text,
  };
}

export const commonElements = ({ prefix, delimiter, max, encodingType, encoded }: Asked) => ({
  Prefix: encoded(prefix),
  Delimiter: delimiter === "" ? undefined : encoded(delimiter),
  MaxKeys: max,
  EncodingType: encodingType,
});

export const owner = ({ account }: Context) => ({ ID: account, DisplayName: account });

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
export function listNeed(action: string, request: Request, s3: Context) {
  const context: Record<string, string> = { "s3:prefix": request.query("prefix") ?? "" };
  for (const name of ["delimiter", "max-keys"]) {
    const value = request.query(name);
    if (value !== undefined) context[`s3:${name}`] = value;
  }
  return s3.need(action, request.bucket, undefined, context);
}

/** Reads as much of the walk as fits, and whether there is more of it. */
function pageOf(walk: Generator<Found>, max: number, isWanted: (found: Found) => boolean = () => true) {
  const found: Found[] = [];
  if (max === 0) return { found, more: false };
  for (const each of walk) {
    if (!isWanted(each)) continue;
    if (found.length === max) return { found, more: true };
    found.push(each);
  }
  return { found, more: false };
}

const startOf = (marker: string) => (marker === "" ? "" : behind(marker));

/** A token is where the next page begins, and looks like nothing that a caller would make up. */
function tokenBehind(last: Found | undefined): string | undefined {
  if (last === undefined) return undefined;
  const next = "prefix" in last ? (after(last.prefix) ?? "") : behind(last.version.key);
  return `1${Buffer.from(next).toString("base64url")}`;
}

function startOfToken(token: string): string {
  if (!/^1[\w-]+$/.test(token))
    throw invalidArgument("The continuation token provided is incorrect", "continuation-token", token);
  return Buffer.from(token.slice(1), "base64url").toString("utf8");
}

function sequenceBehind(bucket: string, key: string, versionId: string, s3: Context): number {
  const sequence = versionId === "null" ? s3.store.find(bucket, key, versionId)?.sequence : sequenceOf(versionId);
  if (sequence === undefined) throw invalidArgument("Invalid version id specified", "version-id-marker", versionId);
  return sequence;
}

function contentElements({ modified, etag, size, storageClass, checksum }: Version) {
  return {
    LastModified: new Date(modified).toISOString(),
    ETag: `"${etag}"`,
    ChecksumAlgorithm: checksum?.algorithm,
    ChecksumType: checksum?.type,
    Size: size,
    StorageClass: storageClass,
  };
}

const versionsOf = (found: readonly Found[]) => found.flatMap((each) => ("version" in each ? [each.version] : []));

const prefixesOf = (found: readonly Found[], encoded: (text: string) => string) =>
  found.flatMap((each) => ("prefix" in each ? [{ Prefix: encoded(each.prefix) }] : []));
