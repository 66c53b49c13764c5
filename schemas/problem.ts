// problem: what the HTTP API answers where it cannot do what it is asked (RFC 9457, application/problem+json), each kind with a
// code that stays. What API Gateway itself refuses it says in words of its own, {"message": ...}, and no program can change
// them: 401 (no valid token), 403 (a token without the scope), 404 (no such route), 413 (too large), 429 (too many requests),
// 431 (headers that are too large), 500 and 503 (no answer of the function).

import { array, description, type InferOutput, integer, number, object, optional, pipe, string } from "valibot";
import type { ProblemKind } from "./endpoint";

export const Problem = object({
  type: pipe(string(), description("A URI reference into the OpenAPI document, where the code is explained")),
  title: pipe(string(), description("The code in words")),
  status: pipe(number(), integer()),
  detail: pipe(string(), description("What could not be done, and why; for people, and in other words tomorrow")),
  code: pipe(string(), description("What a program goes by: it stays the same")),
  requestId: pipe(string(), description("Of the invocation, as it stands in the log")),
  errors: optional(
    pipe(
      array(
        object({
          in: pipe(string(), description("`query`, `path`, `header` or `body`")),
          field: pipe(string(), description("The name of the parameter, or a JSON pointer into the body")),
          reason: pipe(string(), description("Continues the name of the field: `is missing`")),
        }),
      ),
      description("Everything that is wrong with the request"),
    ),
  ),
});

export type Problem = InferOutput<typeof Problem>;

/** What every endpoint may answer; of sellers, those that act for them. */
export const commonProblems = {
  BadRequest: { status: 400, when: "a parameter or the body is not as this document says; `errors` names each" },
  NoSeller: { status: 403, when: "the token is of somebody who belongs to no seller" },
  NotYourSeller: { status: 403, when: "a seller is asked for whom the token does not name" },
  NotFound: { status: 404, when: "there is no such thing, or it belongs to somebody else" },
  TooLarge: { status: 413, when: "the body is larger than it may be" },
  WrongMediaType: { status: 415, when: "the body is of a media type that is not taken" },
  Internal: { status: 500, when: "of a fault of ours: it is in the log, under `requestId`" },
  Unavailable: {
    status: 503,
    when: "a service behind the API cannot be reached; try again after the seconds of `Retry-After`",
  },
} as const satisfies Readonly<Record<string, ProblemKind>>;
