// Calls node:os "lib"; one-name-path.ts calls another module so, and Pulumi keeps one module per name.

import * as lib from "node:os";
import type { S3Event } from "aws-lambda";
import { factory as healthy } from "./healthy";
import { extension } from "./one-name-path";

export const factory = () => {
  const next = healthy();
  return async (event: S3Event) => {
    const folder = `${lib.tmpdir()}/${extension(event.Records[0]?.s3.object.key ?? "")}`;
    return folder.length + (await next(event));
  };
};
