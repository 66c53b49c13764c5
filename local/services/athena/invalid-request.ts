// invalid-request: what Athena refuses before a query begins, in its form: a code of its own beside the exception's name.

import { type AwsError, awsError, type Outgoing } from "../../door/service";
import { jsonAnswer } from "../json-protocol";

type AthenaError = AwsError & { readonly athenaCode: string };

/** `code`: MALFORMED_QUERY, INVALID_INPUT, QUERY_EXECUTION_NOT_FOUND, ... */
export const invalidRequest = (code: string, message: string): AthenaError =>
  Object.assign(awsError("InvalidRequestException", message), { athenaCode: code });

export const invalidInput = (message: string): AthenaError => invalidRequest("INVALID_INPUT", message);

export function refusal(error: AwsError): Outgoing {
  const code = "athenaCode" in error ? { AthenaErrorCode: error.athenaCode, ErrorCode: error.athenaCode } : {};
  return jsonAnswer({ __type: error.code, message: error.message, ...code }, error.status);
}
