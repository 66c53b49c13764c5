// context: what every operation has at hand.

import type { Clock } from "../../clock";
import type { Caller, Need, Operation, Outgoing } from "../../door/service";
import { requestIds, type S3Error, s3Error } from "./errors";
import type { ObjectEvent } from "./notification";
import type { Request } from "./request";
import type { Store } from "./store";
import type { Version } from "./version";
import { type Tree, xml, xmlHeaders } from "./xml";

export interface Context {
  readonly store: Store;
  readonly clock: Clock;
  readonly region: string;
  readonly account: string;
  /** A permission on a bucket, or on a key in it. */
  need(action: string, bucket: string, key?: string, context?: Readonly<Record<string, string>>): Need;
  /** Tells the platform what happened to an object. */
  tell(eventName: ObjectEvent["eventName"], version: Version, caller: Caller, sequence?: number): void;
}

/** Reads a request as one operation of S3. */
export type Imitation = (request: Request, s3: Context) => Pick<Operation, "needs" | "run">;

export const answer = (
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body?: Outgoing["body"],
): Outgoing => ({
  status,
  headers: { ...requestIds(), ...headers },
  ...(body === undefined ? {} : { body }),
});

export const xmlAnswer = (root: string, content: Tree, headers: Readonly<Record<string, string>> = {}): Outgoing =>
  answer(200, { ...xmlHeaders, ...headers }, xml(root, content));

/** S3 tells that something is missing only to a caller who may list the bucket. */
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html, Permissions
export function missing(error: S3Error, bucket: string, s3: Context, caller: Caller): S3Error {
  const list = s3.need("s3:ListBucket", bucket);
  return caller.may(list) ? error : accessDenied(caller, list);
}

export const accessDenied = ({ principal }: Caller, { action, resource }: Need) =>
  s3Error(
    "AccessDenied",
    `User: ${principal.arn} is not authorized to perform: ${action} on resource: "${resource}" because no policy allows the ${action} action`,
    403,
  );

/** Where a bucket has never been versioned, S3 says nothing of versions. */
export const versionHeaders = (s3: Context, { bucket, versionId }: Version): Readonly<Record<string, string>> =>
  s3.store.bucket(bucket).versioning === "Off" ? {} : { "x-amz-version-id": versionId };
