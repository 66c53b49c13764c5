// iam-token: the password of a user who has the role `rds_iam`: a presigned URL without its scheme, made and signed by the
// client itself for one server and one user.
//
//   127.0.0.1:5432/?Action=connect&DBUser=reader&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=...
//
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.html

import { Readable } from "node:stream";
import { refusalOf } from "../../door/policy";
import type { Principal } from "../../door/principals";
import { type AwsError, awsError, type Incoming, isAwsError } from "../../door/service";
import { type Principals, verify } from "../../door/signature";

export interface Iam {
  readonly principals: Principals;
  /** Of the instance's users, without the name: `arn:aws:rds-db:{region}:{account}:dbuser:{resource id}`. */
  readonly users: string;
}

export interface Attempt {
  readonly token: string;
  /** `host:port` that the client has come to. */
  readonly address: string;
  readonly user: string;
}

/** Who has signed, as far as that is known, and why they may not come in. */
export interface Verdict {
  readonly principal?: Principal;
  readonly refusal?: AwsError;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html: 15 minutes. */
const lifetimeSeconds = 900;

export function judge({ token, address, user }: Attempt, { principals, users }: Iam, now = Date.now()): Verdict {
  try {
    const [, host = "", query = ""] = /^([^/?]+)\/\?(.+)$/s.exec(token) ?? [];
    const request = requestOf(host, new URLSearchParams(query));
    checkTerms(request, address, user);
    const { principal, service, region } = verify(request, principals, now);
    const [, , ownService, ownRegion] = users.split(":");
    if (service !== ownService || region !== ownRegion)
      return { principal, refusal: denied(`the token is signed for ${service} in ${region}`) };
    const refusal = refusalOf(principal, { action: "rds-db:connect", resource: `${users}/${user}` });
    return refusal === undefined ? { principal } : { principal, refusal: denied(refusal) };
  } catch (error) {
    if (isAwsError(error)) return { refusal: error };
    throw error;
  }
}

const requestOf = (host: string, query: URLSearchParams): Incoming => ({
  method: "GET",
  path: "/",
  query,
  headers: { host },
  body: Readable.from([]),
});

/** What the token is for, and how long. */
function checkTerms({ headers, query }: Incoming, address: string, user: string): void {
  if (query.get("Action") !== "connect") throw denied("the password is no token for connecting");
  if (headers.host !== address) throw denied(`the token is for ${headers.host}, and this is ${address}`);
  if (query.get("DBUser") !== user) throw denied(`the token is for user "${query.get("DBUser")}"`);
  if (!(Number(query.get("X-Amz-Expires")) <= lifetimeSeconds))
    throw denied(`the token is to be good for more than ${lifetimeSeconds} seconds`);
}

const denied = (why: string): AwsError => awsError("AccessDenied", why, 403);
