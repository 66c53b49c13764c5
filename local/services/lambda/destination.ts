// destination: the record of an asynchronous event that failed, as Lambda sends it to the on-failure destination.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html

import type { AsyncEvent } from "./event-store";
import type { FunctionConfig } from "./function-config";

export type Condition = "RetriesExhausted" | "EventAgeExceeded";

export function invocationRecord(config: FunctionConfig, event: AsyncEvent, condition: Condition, now: number): string {
  return JSON.stringify({
    version: "1.0",
    timestamp: new Date(now).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: `${config.arn}:$LATEST`,
      condition,
      approximateInvokeCount: event.attempts,
    },
    requestPayload: JSON.parse(event.payload),
    // An event that never ran has no response.
    ...(event.lastError !== null && {
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      responsePayload: JSON.parse(event.lastError),
    }),
  });
}
