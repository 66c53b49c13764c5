// desk: where the dead letters are: in the queues of a running start, or in those of a stack on AWS.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SQSClient } from "@aws-sdk/client-sqs";
import { usageError } from "../start/options";
import { findStart, runningStarts } from "../start/whereabouts";
import type { Options } from "./options";

export interface DeadLetterQueue {
  /** As the program calls it: `{stage}-dead-letters`, `{stage}-objects-dead-letters`, `{stage}-events-dead-letters`. */
  readonly name: string;
  readonly url: string;
}

export interface Desk {
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  readonly dynamodb: DynamoDBClient;
  readonly queues: readonly DeadLetterQueue[];
  readonly auditTable: string;
  /** How long a receive asks around for letters, in seconds: of AWS's many servers a short one asks a few. */
  readonly receiveWait: number;
  /** Between two looks at what becomes of letters, in milliseconds. */
  readonly patience: number;
  /** For how long a queue must say that it is empty, in milliseconds. AWS's counts are right a minute after the last change. */
  readonly settles: number;
  /** For how long to wait for what becomes of letters where nobody says otherwise, in seconds. */
  readonly wait: number;
}

export const deskOf = (options: Options): Promise<Desk> =>
  options.stack === undefined ? localDesk(options.data) : stackDesk(options.stack);

export function closeDesk({ sqs, lambda, dynamodb }: Desk): void {
  for (const client of [sqs, lambda, dynamodb]) client.destroy();
}

async function localDesk(data: string | undefined): Promise<Desk> {
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
    throw usageError(`${which}: \`npm start\` in another terminal, or --stack NAME for a deployed stack.`);
  }
  const environment = readEnvironment(join(start.directory, "operator.env"));
  const { AWS_ENDPOINT_URL = "", AWS_REGION = "", AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "" } = environment;
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  const pace = { receiveWait: 0, patience: 200, settles: 0, wait: 60 };
  const clients = clientsOf({ endpoint: AWS_ENDPOINT_URL, region: AWS_REGION, credentials });
  return { ...clients, ...named(start.outputs, "The running start"), ...pace };
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

async function stackDesk(stack: string): Promise<Desk> {
  const found = named(await stackOutputs(stack), `The stack "${stack}"`);
  // A stack says itself where it is, whatever the shell says.
  const [, region] = /^https:\/\/sqs\.([\w-]+)\./.exec(found.queues[0]?.url ?? "") ?? [];
  const pace = { receiveWait: 2, patience: 3_000, settles: 60_000, wait: 180 };
  return { ...clientsOf(region === undefined ? {} : { region }), ...found, ...pace };
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

interface Reach {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const clientsOf = (reach: Reach) => ({
  // A queue's URL says where it was made, which is not where a start runs.
  sqs: new SQSClient({ ...reach, useQueueUrlAsEndpoint: false }),
  lambda: new LambdaClient(reach),
  dynamodb: new DynamoDBClient(reach),
});

function named(outputs: Readonly<Record<string, unknown>>, whose: string) {
  const { deadLetterQueues, auditTable } = outputs;
  if (typeof deadLetterQueues === "object" && deadLetterQueues !== null && typeof auditTable === "string") {
    const queues = Object.entries(deadLetterQueues).map(([name, url]) => ({ name, url: String(url) }));
    return { queues: queues.sort((one, other) => (one.name < other.name ? -1 : 1)), auditTable };
  }
  throw usageError(`${whose} has no outputs deadLetterQueues and auditTable: deploy it again with this program.`);
}
