// invocations: every registered `aws.lambda.Invocation`: a function that the deployment itself calls and waits for. It is called
// when its input or its triggers are others than at the last start that came through it, and a function error stops the start.

import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Registered } from "../../stage/evaluation/evaluate";
import type { Lambda } from "../services/lambda/lambda";
import { type Registry, text } from "./registry";

export const invocationTypes = ["aws:lambda/invocation:Invocation"];

/** One after another, in the order of registration. `file` keeps what was called. */
export async function runInvocations(registry: Registry, lambda: Lambda, file: string): Promise<void> {
  const called = new Map(Object.entries(read(file)));
  for (const invocation of registry.ofType("aws:lambda/invocation:Invocation")) {
    const fingerprint = fingerprintOf(invocation);
    if (called.get(invocation.name) === fingerprint) continue;
    await run(invocation, lambda);
    called.set(invocation.name, fingerprint);
    writeFileSync(`${file}.new`, JSON.stringify(Object.fromEntries(called)));
    renameSync(`${file}.new`, file);
  }
}

async function run(invocation: Registered, lambda: Lambda): Promise<void> {
  const { name, inputs } = invocation;
  const other = [inputs.lifecycleScope ?? "CREATE_ONLY", inputs.qualifier ?? "$LATEST"].find(
    (value) => value !== "CREATE_ONLY" && value !== "$LATEST",
  );
  if (other !== undefined) throw new Error(`Cannot deploy "${name}": an invocation with ${other} is not imitated`);
  const functionName = text(invocation, "functionName");
  const input: unknown = JSON.parse(text(invocation, "input"));
  const { functionError, payload } = await lambda.invoke(functionName, input, { source: "deployment" });
  if (functionError === undefined) return;
  const { errorType, errorMessage } = payload as { errorType?: string; errorMessage?: string };
  throw new Error(`Cannot deploy "${name}": the function "${functionName}" failed with ${errorType}: ${errorMessage}`);
}

function fingerprintOf({ inputs: { functionName, input, triggers } }: Registered): string {
  return createHash("sha256")
    .update(JSON.stringify([functionName, input, triggers]))
    .digest("hex");
}

function read(file: string): Readonly<Record<string, string>> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}
