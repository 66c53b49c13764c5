// answer: what SNS answers, in the XML of the query protocol.

import { randomUUID } from "node:crypto";
import type { AwsError, Outgoing } from "../../door/service";
import { type Tree, xml } from "../s3/xml";

export const answer = (operation: string, result: Tree = {}): Outgoing =>
  outgoing(200, `${operation}Response`, {
    [`${operation}Result`]: result,
    ResponseMetadata: { RequestId: randomUUID() },
  });

export function refusal({ code, message, status }: AwsError): Outgoing {
  // The door's word for "you may not" is that of the JSON protocol.
  const denied = code === "AccessDeniedException";
  return outgoing(denied ? 403 : status, "ErrorResponse", {
    Error: { Type: status < 500 ? "Sender" : "Receiver", Code: denied ? "AuthorizationError" : code, Message: message },
    RequestId: randomUUID(),
  });
}

/** A map, as the query protocol writes one. */
export const entriesOf = (map: Readonly<Record<string, string>>): Tree => ({
  entry: Object.entries(map).map(([key, value]) => ({ key, value })),
});

const outgoing = (status: number, root: string, content: Tree): Outgoing => ({
  status,
  headers: { "content-type": "text/xml" },
  body: xml(root, { "@_xmlns": "http://sns.amazonaws.com/doc/2010-03-31/", ...content }, { namespace: false }),
});
