// child: runs a program of the bench in a process of its own and gives back the line of JSON that it prints.

import { execFile } from "node:child_process";
import { promisify } from "node:util";

export interface Surroundings {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly program?: string;
}

/** `program` is this Node where it is not given. */
export async function child<T>(
  args: readonly string[],
  { program = process.execPath, ...surroundings }: Surroundings = {},
): Promise<T> {
  const { stdout } = await promisify(execFile)(program, args, surroundings);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}
