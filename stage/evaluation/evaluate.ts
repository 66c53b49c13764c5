// evaluate: runs a Pulumi program without an engine and gives back every resource that it registered.
//
// The tests of the stacks look at the result, and the embedded AWS (local/) makes it work. One program per process: Pulumi's
// state is global, and modules are evaluated once.

import { readFile } from "node:fs/promises";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { takeKeptPackages } from "../kept-packages";
import { accountId, identify } from "./identities";

/** A resource as the engine would have got it, every output resolved. */
export interface Registered {
  /** `aws:s3/bucket:Bucket`; a component has its own kind of type, `tributary:stage:Stage`. */
  readonly type: string;
  readonly name: string;
  /** What the program gave. Archives and assets stay objects of Pulumi's; secrets are unwrapped. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** What AWS would have answered: `id`, `arn`, ... and the inputs again. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The names of the inputs of which any part was a secret. */
  readonly secrets: readonly string[];
}

export interface Evaluation {
  readonly resources: readonly Registered[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly region: string;
}

export interface EvaluateOptions {
  /** `Pulumi.{stack}.yaml` is read, on top of the defaults in Pulumi.yaml. */
  readonly stack: string;
  /** Settings that take precedence: `{ "tributary:logLevel": "DEBUG" }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Loads the program, which registers its resources while it is loaded. */
  readonly program: () => Promise<Record<string, unknown>>;
  /**
   * `kept`: packages of handlers are taken from an earlier evaluation, where nothing has changed since (stage/kept-packages.ts).
   * Only for the program of index.ts, whose stages are made of nothing else than the sources.
   */
  readonly packages?: "kept";
}

/** Where the functions run unless `settings` say otherwise: npm has installed DuckDB's binding for this machine only. */
const thisMachine = {
  "tributary:nativePlatform": process.platform,
  "tributary:architecture": process.arch === "arm64" ? "arm64" : "x86_64",
};

export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const leave = options.packages === "kept" ? takeKeptPackages() : () => undefined;
  try {
    return await evaluated(options);
  } finally {
    leave();
  }
}

async function evaluated({ stack, settings = {}, program }: EvaluateOptions): Promise<Evaluation> {
  const config: Record<string, string> = { ...(await configured(stack)), ...thisMachine, ...settings };
  const region = config["aws:region"] ?? "";
  const resources: Registered[] = [];

  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, custom }) => {
        const given = unwrapped(inputs) as Record<string, unknown>;
        // A component is its parts, which are registered as well. One of awsx is put together elsewhere, and says what came
        // of it.
        const isComponent = custom === false && !type.startsWith("awsx:");
        const identity = isComponent ? { id: "" } : identify({ type, name, inputs: given, region });
        const outputs = { ...given, ...identity };
        resources.push({
          type,
          name,
          inputs: given,
          outputs,
          secrets: Object.keys(inputs).filter((key) => JSON.stringify(inputs[key] ?? null).includes(secretSignature)),
        });
        return { id: identity.id, state: outputs };
      },
      call: ({ token, inputs }) => answer(token, inputs, region),
    },
    "tributary",
    stack,
  );
  pulumi.runtime.setAllConfig(config);

  let outputs: Record<string, unknown> = {};
  await everythingSettles(async () => {
    await pulumi.runtime.runInPulumiStack(async () => {
      outputs = await program();
      return outputs;
    });
    await registered();
  });
  const resolved = Object.entries(outputs).map(
    async ([name, value]) => [name, await settled(pulumi.output(value))] as const,
  );
  return { resources, region, outputs: Object.fromEntries(await Promise.all(resolved)) };
}

/** A registration that fails (a handler that cannot be serialized or bundled) is a rejection that nobody awaits. */
async function everythingSettles(run: () => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  const note = (failure: unknown) => failures.push(failure);
  process.on("unhandledRejection", note);
  try {
    await run();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off("unhandledRejection", note);
  }
  if (failures.length > 0) throw failures[0];
}

/**
 * Registrations, and the serialization of every handler, go on after the program itself has ended. Pulumi waits for them
 * with a function that it exports and does not declare (runtime/settings.js).
 */
const registered = (): Promise<void> =>
  (require("@pulumi/pulumi/runtime/settings") as { waitForRPCs(): Promise<void> }).waitForRPCs();

/** The stack's configuration as the CLI would have given it. */
async function configured(stack: string): Promise<Record<string, string>> {
  const project = parse(await readFile("Pulumi.yaml", "utf8")) as { config?: Record<string, { default?: unknown }> };
  const own = parse(await readFile(`Pulumi.${stack}.yaml`, "utf8")) as { config?: Record<string, unknown> };
  const defaults = Object.entries(project.config ?? {}).map(([key, value]) => [key, value.default]);
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return Object.fromEntries(
    [...defaults, ...Object.entries(own.config ?? {})].map(([key, value]) => [String(key), text(value)]),
  );
}

/** Answers of AWS to what the program asks while it runs. */
function answer(token: string, inputs: Readonly<Record<string, unknown>>, region: string): Record<string, unknown> {
  switch (token) {
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId, id: accountId, arn: `arn:aws:iam::${accountId}:user/operator`, userId: "operator" };
    case "aws:ec2/getManagedPrefixList:getManagedPrefixList":
      return { ...inputs, id: `pl-${String(inputs.name).split(".").at(-1)}` };
    case "aws:index/getRegion:getRegion":
      return { region, id: region, description: region };
    case "aws:secretsmanager/getRandomPassword:getRandomPassword":
      return { randomPassword: Buffer.from(crypto.getRandomValues(new Uint8Array(48))).toString("base64url") };
    default:
      throw new Error(
        `Cannot evaluate the program: nobody has said what ${token} answers. Say it in stage/evaluation/evaluate.ts.`,
      );
  }
}

/** What Pulumi's wire format marks a secret with (sdk/nodejs/runtime/rpc.ts, `specialSigKey` and `specialSecretSig`). */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapped);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const fields = value as Record<string, unknown>;
  if (fields[signatureKey] === secretSignature) return unwrapped(fields.value);
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, unwrapped(field)]));
}

const settled = <T>(value: pulumi.Output<T>): Promise<T> => new Promise((resolve) => value.apply(resolve));
