// functions: every registered function on the embedded Lambda - its package unpacked, its role's policies with it.

import { randomBytes } from "node:crypto";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Registered } from "../../stage/evaluation/evaluate";
import { readPolicy } from "../door/policy";
import type { Principal } from "../door/principals";
import type { FunctionConfig } from "../services/lambda/function-config";
import { type Registry, text } from "./registry";

export const functionTypes = [
  "aws:lambda/function:Function",
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  "aws:lambda/layerVersion:LayerVersion",
  "aws:iam/role:Role",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:cloudwatch/logGroup:LogGroup",
];

/**
 * The configuration of every function, each with credentials of its own. Packages and layers lie below `directory`; `resolve`
 * puts the addresses of what is embedded into the texts of environments.
 */
export async function functionConfigs(
  registry: Registry,
  directory: string,
  resolve: (text: string) => string = (text) => text,
): Promise<FunctionConfig[]> {
  rmSync(directory, { recursive: true, force: true });
  const layers = new Map<string, string>();
  for (const layer of registry.ofType("aws:lambda/layerVersion:LayerVersion")) {
    const folder = join(directory, "layers", layer.name);
    await unpack(layer.inputs.code as pulumi.asset.Archive, folder);
    layers.set(text(layer, "arn"), folder);
  }
  return Promise.all(
    registry
      .ofType("aws:lambda/function:Function")
      .map((lambda) => config(lambda, registry, layers, directory, resolve)),
  );
}

async function config(
  lambda: Registered,
  registry: Registry,
  layers: ReadonlyMap<string, string>,
  directory: string,
  resolve: (text: string) => string,
): Promise<FunctionConfig> {
  const { inputs } = lambda;
  const name = text(lambda, "name");
  const code = join(directory, "packages", lambda.name);
  await unpack(inputs.code as pulumi.asset.Archive, code);
  const [invoke] = registry.about(
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
    "functionName",
    name,
  );
  const {
    maximumRetryAttempts = 2,
    maximumEventAgeInSeconds = 21_600,
    destinationConfig,
  } = (invoke?.inputs ?? {}) as InvokeConfig;
  const destination = destinationConfig?.onFailure?.destination;
  return {
    name,
    arn: text(lambda, "arn"),
    principal: principalOf(lambda, registry),
    handler: text(lambda, "handler"),
    runtime: text(lambda, "runtime"),
    memoryMb: Number(inputs.memorySize),
    timeoutSeconds: Number(inputs.timeout),
    diskMb: Number((inputs.ephemeralStorage as { size?: number } | undefined)?.size ?? 512),
    environment: environmentOf(inputs.environment as { variables?: Record<string, string> } | undefined, resolve),
    code,
    layers: ((inputs.layers ?? []) as string[]).map((arn) => layers.get(arn) ?? missingLayer(name, arn)),
    logGroup: String((inputs.loggingConfig as { logGroup?: string } | undefined)?.logGroup ?? `/aws/lambda/${name}`),
    tracing: (inputs.tracingConfig as { mode?: string } | undefined)?.mode === "Active" ? "Active" : "PassThrough",
    retry: { attempts: maximumRetryAttempts, maxAgeSeconds: maximumEventAgeInSeconds },
    ...(inputs.reservedConcurrentExecutions === undefined
      ? {}
      : { reservedConcurrency: Number(inputs.reservedConcurrentExecutions) }),
    ...(destination === undefined ? {} : { onFailure: destination }),
  };
}

const environmentOf = (
  environment: { readonly variables?: Readonly<Record<string, string>> } | undefined,
  resolve: (text: string) => string,
) => Object.fromEntries(Object.entries(environment?.variables ?? {}).map(([name, value]) => [name, resolve(value)]));

interface InvokeConfig {
  readonly maximumRetryAttempts?: 0 | 1 | 2;
  readonly maximumEventAgeInSeconds?: number;
  readonly destinationConfig?: { readonly onFailure?: { readonly destination?: string } };
}

function missingLayer(name: string, arn: string): never {
  throw new Error(`Cannot deploy "${name}": there is no layer "${arn}"`);
}

/** Temporary credentials, as Lambda gives them to a function, and the policies of its role. */
function principalOf(lambda: Registered, registry: Registry): Principal {
  const [role] = registry.ofType("aws:iam/role:Role").filter(({ outputs }) => outputs.arn === lambda.inputs.role);
  if (role === undefined) throw new Error(`Cannot deploy "${lambda.name}": there is no role "${lambda.inputs.role}"`);
  const roleName = text(role, "name");
  const account = text(role, "arn").split(":")[4];
  return {
    name: lambda.name,
    arn: `arn:aws:sts::${account}:assumed-role/${roleName}/${text(lambda, "name")}`,
    accessKeyId: `ASIA${randomBytes(8).toString("hex").toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString("base64"),
    sessionToken: randomBytes(60).toString("base64"),
    policies: registry
      .about("aws:iam/rolePolicy:RolePolicy", "role", roleName)
      .map((policy) => readPolicy(text(policy, "policy"), roleName)),
  };
}

/** Copied, not linked: a linked package would find its neighbours in the repository, which it does not have on AWS. */
async function unpack(archive: pulumi.asset.Archive, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  if (archive instanceof pulumi.asset.FileArchive) {
    cpSync(await archive.path, folder, { recursive: true, dereference: true });
    return;
  }
  if (!(archive instanceof pulumi.asset.AssetArchive))
    throw new Error(`Cannot unpack into "${folder}": it is neither a FileArchive nor an AssetArchive`);
  for (const [path, asset] of Object.entries(await archive.assets)) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    if (asset instanceof pulumi.asset.StringAsset) writeFileSync(target, await asset.text);
    else await unpack(asset as pulumi.asset.Archive, target);
  }
}
