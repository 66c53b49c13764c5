// A variable at module level: each function and each cold start begins with the value that it had at deployment.

import type { S3Event } from "aws-lambda";
import { factory as healthy } from "./healthy";

let events = 0;

export const factory = () => {
  const next = healthy();
  return async (event: S3Event) => {
    events += 1;
    return events + (await next(event));
  };
};
