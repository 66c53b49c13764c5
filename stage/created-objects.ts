// created-objects: the pattern of EventBridge for new objects of a bucket, by their keys.

import type { Input } from "@pulumi/pulumi";
import type { DataBucket } from "./data-bucket";

/**
 * Which keys: those that begin, or those that end with one of the texts (endings in any case), or all but those that match a
 * wildcard - one of the three, and all keys where it is none. Of one field EventBridge takes alternatives and has no "and"
 * (https://github.com/aws/event-ruler/issues/69); the same field again in an `$or` takes the place of the first.
 */
export type KeysWanted =
  | { readonly prefixes: readonly string[]; readonly suffixes?: never; readonly except?: never }
  | { readonly prefixes?: never; readonly suffixes: readonly string[]; readonly except?: never }
  | { readonly prefixes?: never; readonly suffixes?: never; readonly except: readonly string[] };

export const createdObjects = (bucket: DataBucket, wanted: KeysWanted): Input<object> => {
  const key = keysOf(wanted);
  return {
    source: ["aws.s3"],
    "detail-type": ["Object Created"],
    detail: { bucket: { name: [bucket.bucket] }, ...(key.length === 0 ? {} : { object: { key } }) },
  };
};

function keysOf({ prefixes = [], suffixes = [], except = [] }: KeysWanted): object[] {
  if (except.length > 0) return [{ "anything-but": { wildcard: [...except] } }];
  return [
    ...prefixes.map((prefix) => ({ prefix })),
    ...suffixes.map((suffix) => ({ suffix: { "equals-ignore-case": suffix } })),
  ];
}
