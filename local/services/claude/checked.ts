// checked: a part of a request in its form, or the API's error that names the field.

import { type GenericSchema, type InferOutput, safeParse } from "valibot";
import { apiError } from "./api-error";

/** `at` is where the part stands in the request. */
export function checked<const Schema extends GenericSchema>(
  schema: Schema,
  value: unknown,
  at = "",
): InferOutput<Schema> {
  const { success, output, issues } = safeParse(schema, value);
  if (success) return output;
  const [issue] = issues;
  const path = [...(at === "" ? [] : [at]), ...(issue?.path?.map(({ key }) => key) ?? [])].join(".");
  const known = issue?.path !== undefined && issue.expected === "never" ? "is not imitated offline" : issue?.message;
  throw apiError(400, "invalid_request_error", `${path}: ${known}`);
}
