// permissions: the words of a stage's `may`, each rendered to named actions on named resources.
//
// A word gives IAM statements and nothing else gives any: what a stage may do is what its file says, beside the few
// rights that stage() adds for every stage alike (its log group, its traces, its dead-letter queue, the stack's key).

import type * as aws from "@pulumi/aws";
import { all, type Input, type Output, output } from "@pulumi/pulumi";
import type { DataBucket } from "./data-bucket";

export interface Statement {
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: Input<string>;
}

export type Permission = readonly Statement[];

const allow = (resource: Input<string>, ...actions: string[]): Statement => ({
  Effect: "Allow",
  Action: actions,
  Resource: resource,
});

/** Read objects below `prefix`, of any version. */
export const read = (bucket: DataBucket, prefix = ""): Permission => [
  allow(bucket.arnOf(prefix), "s3:GetObject", "s3:GetObjectVersion"),
];

/** Write objects below `prefix`. */
export const write = (bucket: DataBucket, prefix = ""): Permission => [allow(bucket.arnOf(prefix), "s3:PutObject")];

/** List a bucket. A caller without it is told that a missing object is forbidden, not that it is missing. */
export const list = (bucket: DataBucket): Permission => [allow(bucket.arn, "s3:ListBucket")];

/** Write items to a DynamoDB table. */
export const record = (table: aws.dynamodb.Table): Permission => [allow(table.arn, "dynamodb:PutItem")];

/** Read the current value of a secret. */
export const reveal = (secret: aws.secretsmanager.Secret): Permission => [
  allow(secret.arn, "secretsmanager:GetSecretValue"),
];

/** Use the stack's key: for its own environment, and for what it reads and writes in buckets, tables and secrets. */
export const useKey = (key: aws.kms.Key): Permission => [allow(key.arn, "kms:Decrypt", "kms:GenerateDataKey")];

/** Send messages to a queue. */
export const send = (queue: aws.sqs.Queue): Permission => [allow(queue.arn, "sqs:SendMessage")];

/** Receive the messages of a queue and delete those that are done. */
export const consume = (queue: aws.sqs.Queue): Permission => [
  allow(queue.arn, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
];

/** Write the streams of a log group. */
export const log = (group: aws.cloudwatch.LogGroup): Permission => [
  allow(
    output(group.arn).apply((arn) => `${arn}:*`),
    "logs:CreateLogStream",
    "logs:PutLogEvents",
  ),
];

/** Write traces. X-Ray has no resources to name (service authorization reference, "AWS X-Ray"). */
export const trace = (): Permission => [allow("*", "xray:PutTraceSegments", "xray:PutTelemetryRecords")];

/** The policy document of these permissions, as JSON. */
export const policyOf = (permissions: readonly Permission[]): Output<string> =>
  all(
    permissions.flat().map((statement) => output(statement.Resource).apply((Resource) => ({ ...statement, Resource }))),
  ).apply((statements) => JSON.stringify({ Version: "2012-10-17", Statement: statements }));
