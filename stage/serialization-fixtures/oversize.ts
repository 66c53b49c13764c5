// A megabyte of text at module level is a megabyte in the bundle.

import type { S3Event } from "aws-lambda";
import { factory as healthy } from "./healthy";

const dictionary = "word ".repeat(200_000);

export const factory = () => {
  const next = healthy();
  return async (event: S3Event) => dictionary.length + (await next(event));
};
