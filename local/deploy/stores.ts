// stores: the registered queues, tables and secrets on their embedded services.

import type { Registered } from "../../stage/evaluation/evaluate";
import { readPolicy } from "../door/policy";
import type { DynamoDB } from "../services/dynamodb/dynamodb";
import type { Secrets } from "../services/secrets/secrets";
import type { Sqs } from "../services/sqs/sqs";
import { type Registry, text } from "./registry";

export const storeTypes = [
  "aws:sqs/queue:Queue",
  "aws:sqs/queuePolicy:QueuePolicy",
  "aws:dynamodb/table:Table",
  "aws:secretsmanager/secret:Secret",
  "aws:secretsmanager/secretVersion:SecretVersion",
];

export function deployQueues(registry: Registry, sqs: Sqs): void {
  for (const queue of registry.ofType("aws:sqs/queue:Queue")) {
    const { inputs } = queue;
    const [policy] = registry.about("aws:sqs/queuePolicy:QueuePolicy", "queueUrl", queue.outputs.url);
    const redrive = redriveOf(queue);
    sqs.createQueue({
      name: text(queue, "name"),
      arn: text(queue, "arn"),
      visibilitySeconds: Number(inputs.visibilityTimeoutSeconds ?? 30),
      retentionSeconds: Number(inputs.messageRetentionSeconds ?? 345_600),
      delaySeconds: Number(inputs.delaySeconds ?? 0),
      ...(redrive === undefined
        ? {}
        : { redrive: { deadLetterArn: redrive.deadLetterTargetArn, maxReceiveCount: redrive.maxReceiveCount } }),
      ...(policy === undefined ? {} : { policy: readPolicy(text(policy, "policy"), queue.name) }),
    });
  }
}

interface Redrive {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

const redriveOf = ({ inputs }: Registered): Redrive | undefined =>
  typeof inputs.redrivePolicy === "string" ? (JSON.parse(inputs.redrivePolicy) as Redrive) : undefined;

/** The queues to which a function's failures or another queue's unreceived messages go. */
export function deadLetterQueues(registry: Registry): { name: string; arn: string }[] {
  const failures = registry
    .ofType("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig")
    .map(({ inputs }) => (inputs.destinationConfig as Destinations | undefined)?.onFailure?.destination);
  const queues = registry.ofType("aws:sqs/queue:Queue");
  const targets = new Set([...failures, ...queues.map((queue) => redriveOf(queue)?.deadLetterTargetArn)]);
  return queues
    .map((queue) => ({ name: text(queue, "name"), arn: text(queue, "arn") }))
    .filter(({ arn }) => targets.has(arn));
}

interface Destinations {
  readonly onFailure?: { readonly destination?: string };
}

/**
 * Inputs of a table that change what its operations answer. What has outlived its time (`ttl`) stays: DynamoDB, too, deletes it
 * days later, and whoever reads must look at the time.
 */
const notImitated = ["globalSecondaryIndexes", "localSecondaryIndexes", "streamEnabled", "replicas"];

export async function deployTables(registry: Registry, dynamodb: DynamoDB): Promise<void> {
  for (const table of registry.ofType("aws:dynamodb/table:Table")) {
    const other = notImitated.find((input) => table.inputs[input] !== undefined);
    if (other !== undefined) throw new Error(`Cannot deploy the table "${table.name}": ${other} is not imitated`);
    await dynamodb.createTable({
      name: text(table, "name"),
      arn: text(table, "arn"),
      hashKey: text(table, "hashKey"),
      ...(table.inputs.rangeKey === undefined ? {} : { rangeKey: text(table, "rangeKey") }),
      attributes: table.inputs.attributes as { name: string; type: string }[],
    });
  }
}

export function deploySecrets(registry: Registry, secrets: Secrets): void {
  for (const secret of registry.ofType("aws:secretsmanager/secret:Secret")) {
    secrets.create(text(secret, "arn"), text(secret, "name"));
  }
  for (const version of registry.ofType("aws:secretsmanager/secretVersion:SecretVersion")) {
    const arn = text(version, "secretId");
    const [secret] = registry.ofType("aws:secretsmanager/secret:Secret").filter(({ outputs }) => outputs.arn === arn);
    const writeOnly = version.inputs.secretStringWo !== undefined;
    // An ordinary value takes effect whenever it changes; a write-only one only with a new version number.
    const value = text(version, writeOnly ? "secretStringWo" : "secretString");
    const number = writeOnly ? `write-only ${version.inputs.secretStringWoVersion}` : value;
    secrets.put(arn, secret ? text(secret, "name") : arn, value, number);
  }
}
