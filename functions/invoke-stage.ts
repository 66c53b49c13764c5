// invoke-stage: another stage, asked by its function: for what stands inside of the network, or outside of it.

import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";

/** Gives what it answers; what it throws is thrown here as `StageFailed`. */
export async function invokeStage(
  lambda: LambdaClient,
  functionName: string,
  request: unknown,
  abortSignal?: AbortSignal,
): Promise<unknown> {
  const command = new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(request)) });
  const { FunctionError, Payload } = await lambda.send(command, abortSignal === undefined ? {} : { abortSignal });
  const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString());
  if (FunctionError === undefined) return answer;
  const { errorType, errorMessage } = Object(answer) as { errorType?: string; errorMessage?: string };
  const error = new Error(`Cannot ask "${functionName}": ${errorType}, ${errorMessage}`);
  throw Object.assign(error, { name: "StageFailed", code: "StageFailed" });
}
