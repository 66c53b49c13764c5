// deployment: the program where it runs - in a start on this machine, or as a stack on AWS - for commands that ask it something.
//
//   --data DIR     the start on that data directory, or the only one that runs    its operator.env says how to reach it
//   --stack NAME   that stack                                                     as any SDK finds AWS
//
// What is not there, or cannot be told from another, is a usage error.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { usageError } from "./start/options";
import { findStart, runningStarts, type Whereabouts } from "./start/whereabouts";

export interface Deployment {
  readonly isLocal: boolean;
  /** What it is called at the beginning of a sentence. */
  readonly title: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** For the clients of AWS's SDK. */
  readonly reach: Reach;
}

export interface Reach {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface Wanted {
  readonly stack?: string;
  readonly data?: string;
}

export async function deploymentOf({ stack, data }: Wanted): Promise<Deployment> {
  if (stack !== undefined) {
    return { isLocal: false, title: `The stack "${stack}"`, outputs: await stackOutputs(stack), reach: {} };
  }
  const { directory, outputs } = startOn(data);
  return { isLocal: true, title: "The running start", outputs, reach: reachOf(join(directory, "operator.env")) };
}

/** A program that is older than the command lacks outputs that it needs. */
export const withoutOutputs = ({ title }: Deployment, ...names: readonly string[]): Error =>
  usageError(`${title} has no outputs ${names.join(" and ")}: deploy it again with this program.`);

function startOn(data: string | undefined): Whereabouts {
  const running = runningStarts();
  if (data === undefined && running.length > 1) {
    const directories = running.map(({ directory }) => `  --data ${directory}`).join("\n");
    throw usageError(
      `Cannot tell which of ${running.length} running starts is meant: say it with one of\n${directories}`,
    );
  }
  const start = findStart(data);
  if (start !== undefined) return start;
  const which = data === undefined ? "Nothing is running" : `Nothing is running on "${data}"`;
  throw usageError(`${which}: \`npm start\` in another terminal, or --stack NAME to ask a deployed stack.`);
}

/** Of `export NAME=value`, a line each: what local/cloud.ts writes for shells. */
function reachOf(file: string): Reach {
  const lines = readEnvironment(file).matchAll(/^export (\w+)=(.*)$/gm);
  const environment = new Map([...lines].map(([, name = "", value = ""]) => [name, value]));
  // Without an endpoint a client would ask AWS itself.
  const settingOf = (name: string): string => {
    const value = environment.get(name);
    if (value === undefined) throw usageError(`Cannot reach the running start: "${file}" has no ${name}.`);
    return value;
  };
  return {
    endpoint: settingOf("AWS_ENDPOINT_URL"),
    region: settingOf("AWS_REGION"),
    credentials: {
      accessKeyId: settingOf("AWS_ACCESS_KEY_ID"),
      secretAccessKey: settingOf("AWS_SECRET_ACCESS_KEY"),
    },
  };
}

function readEnvironment(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw usageError(`Cannot read how to reach the running start: ${(error as Error).message}`);
  }
}

async function stackOutputs(stack: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const { stdout } = await promisify(execFile)("pulumi", ["stack", "output", "--json", "--stack", stack]);
    return JSON.parse(stdout) as Record<string, unknown>;
  } catch (error) {
    const { code, stderr = "", message } = error as Error & { readonly code?: unknown; readonly stderr?: string };
    const why =
      code === "ENOENT"
        ? "the Pulumi CLI is not installed (https://www.pulumi.com/docs/install/)"
        : stderr.trim() || message;
    throw usageError(`Cannot ask for the outputs of the stack "${stack}": ${why}`);
  }
}
