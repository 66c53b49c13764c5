// imitation: what is imitated of an operation of Cognito's - its inputs, whose permission it needs, and what it does.

import { type AwsError, awsError } from "../../door/service";
import type { Pool } from "./pool";

export type Input = Readonly<Record<string, unknown>>;

export interface Imitation {
  readonly inputs: readonly string[];
  /** How the pool is found. Only what names the pool itself is signed and needs a permission on it. */
  readonly by: "UserPoolId" | "ClientId" | "AccessToken";
  readonly run: (pool: Pool, input: Input) => object | Promise<object>;
}

export const notImitated = (what: string): AwsError => awsError("NotImplemented", `${what} is not imitated`, 501);

/** A text that the operation cannot do without. */
export function required(input: Input, name: string): string {
  const value = input[name];
  if (typeof value === "string" && value !== "") return value;
  throw awsError("InvalidParameterException", `Missing required parameter ${name}`);
}
