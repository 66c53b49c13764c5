// refusal: an error as S3 answers it.

import type { AwsError, Incoming, Outgoing } from "../../door/service";
import { type More, requestIds } from "./errors";
import { xml, xmlHeaders } from "./xml";

// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses
export function refusal(error: AwsError & More, { method, path }: Incoming): Outgoing {
  const ids = requestIds();
  const headers = { ...ids, ...error.headers };
  // HEAD has no body, and 304 none either: the SDK then reads the error out of the status alone.
  if (method === "HEAD" || error.status === 304) return { status: error.status, headers };
  const body = xml(
    "Error",
    {
      Code: error.code,
      Message: error.message,
      ...error.details,
      Resource: path,
      RequestId: ids["x-amz-request-id"],
      HostId: ids["x-amz-id-2"],
    },
    { namespace: false },
  );
  return { status: error.status, headers: { ...headers, ...xmlHeaders }, body };
}
