// invoke-query: run-query, asked by its function.

import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { QueryResult } from "../../../schemas/query-result";
import { problem } from "../../../stage/answer";
import { invokeStage } from "../../invoke-stage";
import type { Query } from "../run-query";

/** In seconds; a database that was set back or grew is there again after some minutes. */
const retryAfter = 10;

export async function invokeQuery(
  lambda: LambdaClient,
  functionName: string,
  query: Query,
  signal: AbortSignal,
): Promise<QueryResult> {
  try {
    return (await invokeStage(lambda, functionName, query, signal)) as QueryResult;
  } catch (cause) {
    if (!signal.aborted && (cause as Error).name !== "StageFailed") throw cause;
    throw problem("Unavailable", `Cannot run the query now: try again in ${retryAfter} s`, { retryAfter, cause });
  }
}
