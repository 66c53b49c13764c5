// json-protocol: AWS JSON 1.0 and 1.1, as DynamoDB and Secrets Manager speak it.

import { json } from "node:stream/consumers";
import { type AwsError, awsError, type Incoming, type Outgoing } from "../door/service";

/** `GetItem` of `X-Amz-Target: DynamoDB_20120810.GetItem`. */
export function targetOf({ headers }: Incoming): string {
  const target = headers["x-amz-target"];
  const [, operation] = /^[^.]+\.(\w+)$/.exec(typeof target === "string" ? target : "") ?? [];
  if (operation === undefined) throw awsError("UnknownOperationException", `"${target}" is no X-Amz-Target`);
  return operation;
}

export async function inputOf({ body }: Incoming): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await json(body)) as Record<string, unknown>;
  } catch {
    throw awsError("SerializationException", "The body is not JSON");
  }
}

export const jsonAnswer = (value: unknown, status = 200): Outgoing => ({
  status,
  headers: { "content-type": "application/x-amz-json-1.1" },
  body: JSON.stringify(value),
});

export const jsonRefusal = ({ code, message, status }: AwsError): Outgoing =>
  jsonAnswer({ __type: code, message }, status);
