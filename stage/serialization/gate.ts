// gate: whether a stage's package is whole - small, without a secret, alive in a bare process up to its first call to AWS,
// or to a database that is not there.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Registered } from "../evaluation/evaluate";
import type { HandlerFactory } from "../stage";
import { invokeBare } from "./bare-process";
import { bundleOf } from "./bundle-of";
import { lostCaptures } from "./captures";
import { layOutLayers } from "./layers";
import { type RefusingAws, refusals } from "./refusing-aws";
import { sampleEvent } from "./sample-event";

const limit = 1_000_000;
/** For stages that bring an image library, the client of a language model or that of MySQL. */
const wideLimit = 5_000_000;
/** Nobody listens there (tcpmux). */
const [noHost, noPort] = ["127.0.0.1", "1"];
const noDatabase = `${noHost}:${noPort}`;
/** By either of the ways in which a stage is told of its database (stage/database.ts). */
const nowhere = { DATABASE_ENDPOINT: noDatabase, DATABASE_HOST: noHost, DATABASE_PORT: noPort };
const wide = /require\("(?:jimp|@anthropic-ai\/sdk|voyageai|mysql2)[/"]/;

export interface Verdict {
  readonly bytes: number;
  /** Requests that the stage sent to AWS before it ended. */
  readonly calls: number;
  /** One sentence each; none where the package is whole. */
  readonly problems: readonly string[];
}

export async function gate<Event, Result>(
  lambda: Registered,
  factory: HandlerFactory<Event, Result>,
  resources: readonly Registered[],
  aws: RefusingAws,
): Promise<Verdict> {
  const { text, containsSecrets } = await pulumi.runtime.serializeFunction(factory, {
    isFactoryFunction: true,
    allowSecrets: true,
  });
  const bundle = await bundleOf(lambda);
  const bytes = Buffer.byteLength(bundle);
  const { told, answer, calls } = await invoked(lambda, bundle, resources, aws);

  const problems = lostCaptures(text);
  const most = wide.test(text) ? wideLimit : limit;
  if (bytes > most) problems.push(`its bundle has ${bytes} bytes, and ${most} are allowed`);
  if (containsSecrets || lambda.secrets.length > 0)
    problems.push("a secret is captured: give its name, and read it in the handler");
  const refused = told.some(({ name, service }) => service && refusals.includes(name));
  const unconnected = told.some(({ message }) => message.includes(`ECONNREFUSED ${noDatabase}`));
  if (told.length > 0 && !refused && !unconnected) {
    problems.push(told.map(({ name, message }) => `${name}: ${message}`).join(" <- "));
  }
  // A route may have all that it answers in itself.
  const answered = answer !== undefined && answer.statusCode < 300;
  if (calls === 0 && !unconnected && !answered) {
    problems.push(`it ended without a call to AWS${answer ? `, and answered: ${answer.body}` : ""}`);
  }
  return { bytes, calls, problems };
}

async function invoked(lambda: Registered, bundle: string, resources: readonly Registered[], aws: RefusingAws) {
  const folder = await mkdtemp(join(tmpdir(), "bare-"));
  try {
    await layOutLayers(lambda, resources, join(folder, "opt"));
    const { variables = {} } = (lambda.inputs.environment ?? {}) as { variables?: Record<string, string> };
    aws.calls();
    const outcome = await invokeBare({
      name: String(lambda.outputs.name),
      bundle,
      variables: Object.fromEntries(
        Object.entries(variables).map(([name, value]) => [name, nowhere[name as keyof typeof nowhere] ?? value]),
      ),
      memory: Number(lambda.inputs.memorySize),
      event: sampleEvent(lambda, resources),
      endpoint: aws.endpoint,
      folder,
    });
    return { ...outcome, calls: aws.calls() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
