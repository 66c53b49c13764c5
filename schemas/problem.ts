// problem: what the HTTP API answers where it cannot do what it is asked (RFC 9457, application/problem+json), each kind with a
// code that stays. What API Gateway itself refuses - no valid token, no such route, too many or too large requests - it says in
// words of its own, {"message": ...}, and no program can change them.

import { array, type InferOutput, integer, number, object, optional, pipe, string } from "valibot";
import type { ProblemKind } from "./endpoint";

export const Problem = object({
  /** A URI reference into the OpenAPI document, where the code is explained. */
  type: string(),
  title: string(),
  status: pipe(number(), integer()),
  detail: string(),
  code: string(),
  /** Of the invocation, as it stands in the log. */
  requestId: string(),
  /** Everything that is wrong with a request. */
  errors: optional(
    array(
      object({
        /** `query`, `path` or `body`. */
        in: string(),
        /** A parameter's name, or a JSON pointer into the body. */
        field: string(),
        reason: string(),
      }),
    ),
  ),
});

export type Problem = InferOutput<typeof Problem>;

/** What every endpoint may answer. */
export const commonProblems = {
  BadRequest: { status: 400, when: "a parameter or the body is not as this document says; `errors` names each" },
  NoSeller: { status: 403, when: "the token is of somebody who belongs to no seller" },
  NotYourSeller: { status: 403, when: "a seller is asked for whom the token does not name" },
  NotFound: { status: 404, when: "there is no such thing, or it belongs to another seller" },
  TooLarge: { status: 413, when: "the body is larger than it may be" },
  WrongMediaType: { status: 415, when: "the body is of a media type that is not taken" },
  Internal: { status: 500, when: "of a fault of ours: it is in the log, under `requestId`" },
  Unavailable: {
    status: 503,
    when: "a service behind the API cannot be reached; try again after the seconds of `Retry-After`",
  },
} as const satisfies Readonly<Record<string, ProblemKind>>;
