// problem: why a request is not answered as it asks, to be thrown.

import type { Problem } from "../../schemas/problem";

/** What is wrong in a request, each with its place. */
export type Faults = NonNullable<Problem["errors"]>;

/** To be thrown by `work`: a problem of the endpoint, or of all endpoints, by its code. `detail` is for whoever has asked. */
export const problem = (
  code: string,
  detail: string,
  more: { errors?: Faults; retryAfter?: number; cause?: unknown } = {},
): Error => {
  const { cause, ...rest } = more;
  return Object.assign(new Error(detail, { cause }), { name: "Problem", code, ...rest });
};
