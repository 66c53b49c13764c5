// target: which Athena is asked: that of a running start, or that of a stack on AWS.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { AthenaClient } from "@aws-sdk/client-athena";
import { usageError } from "../start/options";
import { findStart, runningStarts } from "../start/whereabouts";
import type { Options } from "./options";

export interface Target {
  readonly athena: AthenaClient;
  readonly workgroup: string;
  readonly database: string;
  /** Between two looks at a query, in milliseconds: on AWS every look is a call that counts. */
  readonly patience: number;
}

export const targetOf = (options: Options): Promise<Target> =>
  options.stack === undefined ? localTarget(options.data) : stackTarget(options.stack);

async function localTarget(data: string | undefined): Promise<Target> {
  const running = runningStarts();
  if (data === undefined && running.length > 1) {
    const directories = running.map(({ directory }) => `  --data ${directory}`).join("\n");
    throw usageError(
      `Cannot tell which of ${running.length} running starts is meant: say it with one of\n${directories}`,
    );
  }
  const start = findStart(data);
  if (start === undefined) {
    const which = data === undefined ? "Nothing is running" : `Nothing is running on "${data}"`;
    throw usageError(`${which}: \`npm start\` in another terminal, or --stack NAME to ask a deployed stack.`);
  }
  const environment = readEnvironment(join(start.directory, "operator.env"));
  const { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "" } = environment;
  const athena = new AthenaClient({
    ...(AWS_ENDPOINT_URL === undefined ? {} : { endpoint: AWS_ENDPOINT_URL }),
    ...(AWS_REGION === undefined ? {} : { region: AWS_REGION }),
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
  });
  return { athena, ...names(start.outputs, "The running start"), patience: 30 };
}

/** `export NAME=value`, a line each: what local/cloud.ts writes for shells. */
function readEnvironment(file: string): Readonly<Record<string, string>> {
  try {
    const lines = readFileSync(file, "utf8").matchAll(/^export (\w+)=(.*)$/gm);
    return Object.fromEntries([...lines].map(([, name = "", value = ""]) => [name, value]));
  } catch (error) {
    throw usageError(`Cannot read how to reach the running start: ${(error as Error).message}`);
  }
}

async function stackTarget(stack: string): Promise<Target> {
  const outputs = await stackOutputs(stack);
  return { athena: new AthenaClient({}), ...names(outputs, `The stack "${stack}"`), patience: 500 };
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

function names(outputs: Readonly<Record<string, unknown>>, whose: string) {
  const { athenaWorkgroup, athenaDatabase } = outputs;
  if (typeof athenaWorkgroup === "string" && typeof athenaDatabase === "string") {
    return { workgroup: athenaWorkgroup, database: athenaDatabase };
  }
  throw usageError(`${whose} has no outputs athenaWorkgroup and athenaDatabase: deploy it again with this program.`);
}
