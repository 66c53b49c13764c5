// A Map at module level is serialized as a plain object, and breaks at its first use.

import type { S3Event } from "aws-lambda";
import { factory as healthy } from "./healthy";

const seen = new Map<string, number>();

export const factory = () => {
  const next = healthy();
  return async (event: S3Event) => {
    seen.set("events", (seen.get("events") ?? 0) + 1);
    return await next(event);
  };
};
