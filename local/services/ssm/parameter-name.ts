// parameter-name: how parameters are called, and by what else they are found.
//
// https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html

import { awsError } from "../../door/service";

/** `/a/b:3`, `arn:...:parameter/a/b:3`: the name, and the version where one is asked for. */
export interface Selected {
  readonly name: string;
  /** `:3`. */
  readonly selector?: string;
}

export function selected(text: string): Selected {
  const [, path] = /^arn:aws:ssm:[^:]+:\d+:parameter(\/.+)$/s.exec(text) ?? [];
  // The ARN of a name without a slash has one all the same.
  const local = path === undefined ? text : path.indexOf("/", 1) === -1 ? path.slice(1) : path;
  const [name = "", ...selector] = local.split(":");
  return selector.length === 0 ? { name } : { name, selector: `:${selector.join(":")}` };
}

/** What IAM knows a parameter by; of a path, whatever is below it as well. */
export const arnOf = (name: string, region: string, account: string): string =>
  `arn:aws:ssm:${region}:${account}:parameter${name.startsWith("/") ? "" : "/"}${name}`;

/** Throws AWS's words for a name that no new parameter may have. */
export function checkName(name: string): void {
  if (!/^[\w./-]{1,1011}$/.test(name) || (name.includes("/") && !name.startsWith("/")) || /\/$|\/\//.test(name)) {
    throw awsError(
      "ValidationException",
      "Parameter name: can only contain a-zA-Z0-9_.- and slashes, and must be fully qualified where it has slashes.",
    );
  }
  if (/^\/?(aws|ssm)/i.test(name)) {
    throw awsError("ValidationException", 'Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).');
  }
  if (name.split("/").length > 16) {
    throw awsError("HierarchyLevelLimitExceededException", "A parameter name has 15 levels at most.");
  }
}
