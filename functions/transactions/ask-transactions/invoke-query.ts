// invoke-query: run-query, asked by its function.

import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import type { QueryResult } from "../../../schemas/query-result";
import { problem } from "../../../stage/answer";
import type { Query } from "../run-query";

/** In seconds; a database that was set back or grew is there again after some minutes. */
const retryAfter = 10;

export async function invokeQuery(
  lambda: LambdaClient,
  functionName: string,
  query: Query,
  signal: AbortSignal,
): Promise<QueryResult> {
  const unavailable = (cause: unknown) =>
    problem("Unavailable", `Cannot run the query now: try again in ${retryAfter} s`, { retryAfter, cause });
  const command = new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(query)) });
  try {
    const { FunctionError, Payload } = await lambda.send(command, { abortSignal: signal });
    const answer = JSON.parse(Buffer.from(Payload ?? []).toString()) as QueryResult & { errorMessage?: string };
    if (FunctionError === undefined) return answer;
    throw unavailable(new Error(`run-query failed: ${answer.errorMessage}`));
  } catch (error) {
    if (signal.aborted) throw unavailable(error);
    throw error;
  }
}
