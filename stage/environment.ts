// environment: a function's settings, checked at its cold start.

import { minLength, object, pipe, safeParse, string } from "valibot";

/**
 * The named environment variables; throws when one is missing or empty. Only the names are in the error: a validation
 * error of valibot carries its whole input, and the environment holds the function's credentials.
 */
export function environment<Name extends string>(...names: Name[]): Record<Name, string> {
  const filled = pipe(string(), minLength(1));
  const settings = object(Object.fromEntries(names.map((name) => [name, filled])));
  const { success, output, issues } = safeParse(settings, process.env);
  if (success) return output as Record<Name, string>;
  const missing = issues.map((issue) => `"${issue.path?.[0]?.key}"`).join(", ");
  const error = new Error(`Cannot start: the function's environment lacks ${missing}`);
  throw Object.assign(error, { name: "MissingSetting", code: "MissingSetting" });
}
