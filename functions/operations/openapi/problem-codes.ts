// problem-codes: what can go wrong, by code: of one endpoint, and of all of them together.

import type { Endpoint, ProblemKind } from "../../../schemas/endpoint";
import { commonProblems } from "../../../schemas/problem";

/** Those of an endpoint: a request without a body has nothing that is too large, and a user needs no seller. */
export function problemsOf({ for: whom, body, problems }: Endpoint): Record<string, ProblemKind> {
  const { BadRequest, NoSeller, NotYourSeller, TooLarge, WrongMediaType, ...common } = commonProblems;
  return {
    BadRequest,
    ...(whom === "user" ? {} : { NoSeller, NotYourSeller }),
    ...common,
    ...(body === undefined ? {} : { TooLarge, WrongMediaType }),
    ...problems,
  };
}

/** Every code with its status and when it is answered. A code has one status, whoever answers it, or callers are misled. */
export function problemCodes(endpoints: Readonly<Record<string, Endpoint>>): Record<string, ProblemKind> {
  const codes: Record<string, ProblemKind> = { ...commonProblems };
  for (const [name, { problems }] of Object.entries(endpoints)) {
    for (const [code, { status, when }] of Object.entries(problems)) {
      const known = codes[code] ?? { status, when };
      if (known.status !== status) {
        throw new Error(
          `Cannot describe problem "${code}": it is ${known.status} elsewhere and ${status} in endpoint "${name}". ` +
            "Give one of them another code.",
        );
      }
      codes[code] = { status, when: known.when.includes(when) ? known.when : `${known.when}; or ${when}` };
    }
  }
  return codes;
}
