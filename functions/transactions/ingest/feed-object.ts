// feed-object: what the key of a feed says - whose it is, which upload, and which error it corrects.
//
//   uploads/{seller}/{upload id}/{file}       as the API names it
//   uploads/{seller}/{file}                   put there by hand
//   reprocess/{seller}/{error id}/{file}      what was wrong, corrected

import { createHash } from "node:crypto";
import type { S3EventRecord } from "aws-lambda";
import { is } from "valibot";
import { ErrorId } from "../../../schemas/feed-error";
import { Seller } from "../../../schemas/seller";

/** A version of an object, as S3's event names it. */
export interface FeedObject {
  readonly bucket: string;
  readonly key: string;
  readonly version: string;
  /** In bytes. */
  readonly size: number;
  /** ISO 8601, to the millisecond. */
  readonly uploadedAt: string;
  /** Missing where the key names none. */
  readonly seller?: Seller;
  readonly uploadId: string;
  readonly file: string;
  /** Of an error that this corrects. */
  readonly corrects?: string;
}

/** Of S3's own notification, whose keys come encoded as in a form: `+` is a space. */
export function feedObjectOf({ eventTime, s3: { bucket, object } }: S3EventRecord): FeedObject {
  const key = decodeURIComponent(object.key.replaceAll("+", " "));
  const [area, seller, ...rest] = key.split("/");
  const [id, file] = rest.length > 1 ? [rest[0], rest.slice(1).join("/")] : [undefined, rest[0] ?? ""];
  const correction = area === "reprocess" && is(ErrorId, id);
  return {
    bucket: bucket.name,
    key,
    // Without one it is an object from before the bucket was versioned.
    version: object.versionId ?? "null",
    size: object.size,
    uploadedAt: eventTime,
    // PostgreSQL takes no NUL, and whoever reads of a file with line ends in its name is led astray.
    ...(is(Seller, seller) && file !== "" && !/\p{Cc}/u.test(key) ? { seller } : {}),
    uploadId: id === undefined || correction ? hash(key).slice(0, 32) : id,
    file,
    ...(correction ? { corrects: id } : {}),
  };
}

/** Of what is wrong with this version of the object: in the order of time, and the same whenever it is asked for. */
export const errorIdOf = ({ uploadedAt, key, version }: FeedObject): string =>
  `${uploadedAt.replaceAll(/[-:.]/g, "")}-${hash(`${key}@${version}`).slice(0, 12)}`;

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
