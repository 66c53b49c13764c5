// DuckDB is native and comes in a layer; this stage is registered without it.

import { DuckDBInstance } from "@duckdb/node-api";
import type { S3Event } from "aws-lambda";
import { factory as healthy } from "./healthy";

export const factory = () => {
  const next = healthy();
  return async (event: S3Event) => {
    const duckdb = await DuckDBInstance.create();
    duckdb.closeSync();
    return await next(event);
  };
};
