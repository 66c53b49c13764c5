// bare-process: a bundle, alone in a folder outside the project, loaded and invoked by a plain Node that has nothing but what
// Lambda would give it.

import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface Bare {
  readonly name: string;
  readonly bundle: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly memory: number;
  readonly event: unknown;
  /** Where AWS is. */
  readonly endpoint: string;
  /** An empty folder for it; `opt/` in it, where there is one, is /opt. */
  readonly folder: string;
}

/** An error and its causes, outermost first. `service` where an AWS service answered with it. */
export interface Told {
  readonly name: string;
  readonly message: string;
  readonly service: boolean;
}

/** What came of an invocation. */
export interface Outcome {
  /** Why it failed, or why a route answered with 5xx, as its log says; nothing where it succeeded. */
  readonly told: readonly Told[];
  /** Of a route. */
  readonly answer?: { readonly statusCode: number; readonly body: string };
}

export async function invokeBare({ name, bundle, variables, memory, event, endpoint, folder }: Bare): Promise<Outcome> {
  const [task, tmp] = [join(folder, "task"), join(folder, "tmp")];
  await Promise.all([mkdir(task), mkdir(tmp)]);
  await writeFile(join(task, "__index.js"), bundle);
  const answer = join(folder, "answer.json");
  const env = {
    ...variables,
    AWS_REGION: "eu-central-1",
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memory),
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "example",
    AWS_SESSION_TOKEN: "example",
    AWS_ENDPOINT_URL: endpoint,
    NODE_PATH: join(folder, "opt", "nodejs", "node_modules"),
    TMPDIR: tmp,
  };
  const args = ["--eval", runner, answer, JSON.stringify(event)];
  const stderr = await new Promise<string>((ended) => {
    execFile(process.execPath, args, { cwd: task, env, timeout: 30_000 }, (_, _out, err) => ended(err));
  });
  const text = await readFile(answer, "utf8").catch(() => undefined);
  if (text === undefined) {
    const message = `the process ended without an answer: ${stderr.slice(-2_000)}`;
    return { told: [{ name: "NoAnswer", message, service: false }] };
  }
  const outcome = JSON.parse(text) as Outcome;
  return outcome.answer && outcome.answer.statusCode >= 500 ? { ...outcome, told: logged(stderr) } : outcome;
}

/** The errors that Powertools' logger wrote, each with its causes. */
function logged(stderr: string): Told[] {
  const lines = stderr.split("\n").filter((line) => line.startsWith("{"));
  const told: Told[] = [];
  for (let error = lines.map((line) => JSON.parse(line).error).find(Boolean); error; error = error.cause) {
    told.push({ name: error.name, message: error.message, service: "$metadata" in error });
  }
  return told.length > 0
    ? told
    : [{ name: "NoReason", message: "it answered with 5xx and logged no error", service: false }];
}

/** What runs in the bare process: no TypeScript, no loader, nothing of ours. */
const runner = `
  const [answer, event] = process.argv.slice(1);
  const tell = (error, value) => {
    const told = [];
    for (let e = error; e instanceof Error; e = e.cause) {
      told.push({ name: e.code === "MODULE_NOT_FOUND" ? e.code : e.name, message: e.message, service: "$metadata" in e });
    }
    const outcome = typeof value?.statusCode === "number" ? { told, answer: value } : { told };
    require("node:fs").writeFileSync(answer, JSON.stringify(outcome));
    process.exit();
  };
  process.on("uncaughtException", tell);
  const { handler } = require(process.cwd() + "/__index.js");
  const context = { awsRequestId: "11111111-2222-4333-8444-555555555555", functionName: process.env.AWS_LAMBDA_FUNCTION_NAME };
  handler(JSON.parse(event), context).then((value) => tell(undefined, value), (error) => tell(error ?? new Error("rejected with nothing")));
`;
