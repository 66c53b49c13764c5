// A captured secret lies in the bundle in plain text.

import { secret } from "@pulumi/pulumi";
import type { S3Event } from "aws-lambda";
import { factory as healthy } from "./healthy";

export const password = secret("hunter2-in-plain-text");

export const factory = () => {
  const next = healthy();
  return async (event: S3Event) => password.get().length + (await next(event));
};
