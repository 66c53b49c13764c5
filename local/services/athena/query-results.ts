// query-results: GetQueryResults: https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html

import type { Caller } from "../../door/service";
import { type Execution, hasEnded } from "./execution";
import { executionOf, type Input, sizeOf, text } from "./found";
import { invalidInput, invalidRequest } from "./invalid-request";
import type { Context } from "./operations";
import { pageOf, resultShape } from "./results";
import { type S3AsCaller, s3Location } from "./s3-as-caller";

export async function results(input: Input, context: Context, caller: Caller): Promise<unknown> {
  const execution = executionOf(input, context);
  const { state } = execution;
  if (!hasEnded(execution))
    throw invalidRequest("INVALID_QUERY_EXECUTION_STATE", `Query has not yet finished. Current state: ${state}`);
  if (state === "CANCELLED") throw invalidRequest("RESULT_NOT_FOUND", "Could not find results");
  if (state === "FAILED")
    throw invalidRequest(
      "INVALID_QUERY_EXECUTION_STATE",
      "Query did not finish successfully. Final query state: FAILED",
    );
  const size = sizeOf(input.MaxResults, 1_000);
  // UNLOAD answers with its files alone.
  if (execution.kind.name === "UNLOAD") return resultShape({ ...execution, columns: [] }, [], undefined);
  const offset =
    input.NextToken === undefined ? 0 : Number(/^([0-9]+)@/.exec(text(input.NextToken))?.[1] ?? Number.NaN);
  if (Number.isNaN(offset)) throw invalidInput(`Malformed nextPageToken ${text(input.NextToken)}`);
  const { rows, next } = await pageFrom(offset, size, execution, context.s3(caller));
  return resultShape(execution, rows, next === undefined ? undefined : `${next}@${execution.id}`);
}

/** What a page is likely to have room in, in bytes. */
const piece = 1_024 * 1_024;

/** Reads as much of the file as the page needs; `next` is where the one behind it begins. */
async function pageFrom(offset: number, count: number, execution: Execution, s3: S3AsCaller) {
  const { bucket = "", key = "" } = s3Location(execution.output) ?? {};
  // A file without bytes has no piece to ask for.
  if (execution.rows === 0 && execution.kind.type !== "DML") return { rows: [] };
  for (let length = piece; ; length *= 4) {
    const { bytes, size } = await s3.get(bucket, key, offset, length);
    const page = pageOf(bytes, count, execution);
    const isWhole = offset + bytes.length >= size;
    if (page.rows.length === count || isWhole) {
      const next = offset + page.bytes;
      return { rows: page.rows, ...(next < size ? { next } : {}) };
    }
  }
}
