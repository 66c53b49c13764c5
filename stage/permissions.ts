// permissions: the words of a stage's `may`, each rendered to named actions on named resources.
//
// A word gives IAM statements and nothing else gives any: what a stage may do is what its file says, beside the few
// rights that stage() adds for every stage alike (its log group, its traces, its dead-letter queue, the stack's key).

import type * as aws from "@pulumi/aws";
import { all, type Input, type Output, output } from "@pulumi/pulumi";
import type { DataBucket } from "./data-bucket";
import type { Database } from "./database";
import { defaultBusArn } from "./event-bus";
import type { Platform } from "./platform";

export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: Input<string>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
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

/** Delete objects below `prefix`; in a versioned bucket their versions stay until they expire. */
export const remove = (bucket: DataBucket, prefix = ""): Permission => [allow(bucket.arnOf(prefix), "s3:DeleteObject")];

/** Have Athena leave the answers of queries below `prefix`, and remove them (Athena User Guide, "UNLOAD"). */
export const unloadTo = (bucket: DataBucket, prefix: string): Permission => [
  allow(
    bucket.arnOf(prefix),
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:AbortMultipartUpload",
    "s3:ListMultipartUploadParts",
  ),
  allow(bucket.arn, "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"),
];

/** List a bucket. A caller without it is told that a missing object is forbidden, not that it is missing. */
export const list = (bucket: DataBucket): Permission => [allow(bucket.arn, "s3:ListBucket")];

/** Write items to a DynamoDB table, many at once. */
export const recordMany = (table: aws.dynamodb.Table): Permission => [allow(table.arn, "dynamodb:BatchWriteItem")];

/** Write items to a DynamoDB table. */
export const record = (table: aws.dynamodb.Table): Permission => [allow(table.arn, "dynamodb:PutItem")];

/** Read single items of a DynamoDB table, and put others in their place. */
export const remember = (table: aws.dynamodb.Table): Permission => [
  allow(table.arn, "dynamodb:GetItem", "dynamodb:PutItem"),
];

/** Change single attributes of a DynamoDB table's items; what is not there is made. */
export const amend = (table: aws.dynamodb.Table): Permission => [allow(table.arn, "dynamodb:UpdateItem")];

/**
 * Do a thing once: keep in a DynamoDB table what has been begun and what came of it (Powertools for AWS Lambda, "Idempotency",
 * "Required resources").
 */
export const once = (table: aws.dynamodb.Table): Permission => [
  allow(table.arn, "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"),
];

/** Read single items of a DynamoDB table, and those of one hash key in their order. */
export const look = (table: aws.dynamodb.Table): Permission => [allow(table.arn, "dynamodb:GetItem", "dynamodb:Query")];

/** Read the current value of a secret. */
export const reveal = (secret: aws.secretsmanager.Secret): Permission => [
  allow(secret.arn, "secretsmanager:GetSecretValue"),
];

/** Connect to a database: read who may, and with what. */
export const connect = ({ secretArn }: Database): Permission => [allow(secretArn, "secretsmanager:GetSecretValue")];

/**
 * Connect to a database as `user`, with a token: who has the role `rds_iam` there and no password.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
 */
export const connectAs = ({ instance }: Pick<Database, "instance">, user: Input<string>): Permission => [
  allow(
    all([instance.arn, instance.resourceId, user]).apply(([arn, resourceId, name]) => {
      const [, partition, , region, account] = arn.split(":");
      return `arn:${partition}:rds-db:${region}:${account}:dbuser:${resourceId}/${name}`;
    }),
    "rds-db:connect",
  ),
];

/** Use the stack's key: for its own environment, and for what it reads and writes in buckets, tables and secrets. */
export const useKey = (key: aws.kms.Key): Permission => [allow(key.arn, "kms:Decrypt", "kms:GenerateDataKey")];

/** Send messages to a queue. */
export const send = (queue: aws.sqs.Queue): Permission => [allow(queue.arn, "sqs:SendMessage")];

/** Publish to a topic. */
export const notify = (topic: aws.sns.Topic): Permission => [allow(topic.arn, "sns:Publish")];

/**
 * Publish events on the default bus, in the name of `source` alone: whoever is woken by it can tell who has spoken.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
 */
export const publish = (platform: Platform, source: string): Permission => [
  {
    ...allow(defaultBusArn(platform), "events:PutEvents"),
    Condition: { StringEquals: { "events:source": source } },
  },
];

/** Read a parameter. One that is encrypted with the stack's key needs useKey() as well, which every stage has. */
export const parameter = (it: aws.ssm.Parameter): Permission => [allow(it.arn, "ssm:GetParameter")];

/** Receive the messages of a queue and delete those that are done. */
export const consume = (queue: aws.sqs.Queue): Permission => [
  allow(queue.arn, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
];

/** Invoke a function. */
export const invoke = (lambda: aws.lambda.Function): Permission => [allow(lambda.arn, "lambda:InvokeFunction")];

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

/**
 * Stand in a network: Lambda makes and deletes the function's network interfaces in its name. Interfaces that do not exist
 * yet have no names to give, and AWS's own AWSLambdaVPCAccessExecutionRole says `*` for the same actions.
 */
export const stand = (): Permission => [
  {
    Sid: "NetworkInterfaces",
    ...allow(
      "*",
      "ec2:CreateNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      "ec2:DeleteNetworkInterface",
      "ec2:AssignPrivateIpAddresses",
      "ec2:UnassignPrivateIpAddresses",
    ),
  },
];

/** Start a crawler, and look how far it is. */
export const crawl = (crawler: aws.glue.Crawler): Permission => [
  allow(crawler.arn, "glue:StartCrawler", "glue:GetCrawler"),
];

/** What a stage must hold of the analytics to query them. */
export interface Queried {
  readonly workgroup: aws.athena.Workgroup;
  readonly database: aws.glue.CatalogDatabase;
  /** Where the workgroup puts what its queries answer. */
  readonly results: DataBucket;
}

/**
 * Query the tables of `database` through `workgroup`. Athena reads the catalogue and writes the results in the caller's name;
 * what lies behind the tables needs a `read` and a `list` of its own.
 */
export const query = ({ workgroup, database, results }: Queried): Permission => [
  allow(
    workgroup.arn,
    "athena:StartQueryExecution",
    "athena:GetQueryExecution",
    "athena:GetQueryResults",
    "athena:StopQueryExecution",
  ),
  ...inCatalog(database, ["catalog", "database", "default database"], "glue:GetDatabase"),
  ...inCatalog(database, ["catalog", "database", "table/*"], "glue:GetTable", "glue:GetTables", "glue:GetPartitions"),
  allow(results.arnOf(""), "s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"),
  allow(results.arn, "s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"),
];

/** Look whether the tables of `database` whose name begins with `prefix` are there, and which partitions they have. */
export const inspect = (database: aws.glue.CatalogDatabase, prefix: string): Permission =>
  inCatalog(database, ["catalog", "database", `table/${prefix}*`], "glue:GetTable", "glue:BatchGetPartition");

/** Write the tables of `database` whose name begins with `prefix`, and their partitions: what a crawler does. */
export const catalogue = (database: aws.glue.CatalogDatabase, prefix: string): Permission =>
  inCatalog(
    database,
    ["catalog", "database", `table/${prefix}*`],
    "glue:GetDatabase",
    "glue:GetTable",
    "glue:GetTables",
    "glue:CreateTable",
    "glue:UpdateTable",
    "glue:GetPartition",
    "glue:GetPartitions",
    "glue:BatchGetPartition",
    "glue:CreatePartition",
    "glue:BatchCreatePartition",
    "glue:UpdatePartition",
    "glue:BatchUpdatePartition",
  );

/**
 * Write a crawler's log. Glue makes its group, under a name that begins so, and encrypts it where the crawler has a security
 * configuration (Glue Developer Guide, "Encrypting data written by AWS Glue").
 */
export const logCrawls = (database: aws.glue.CatalogDatabase): Permission => [
  allow(
    output(database.arn).apply(
      (arn) => `${arn.replace(/:glue:(.*):database.*/, ":logs:$1")}:log-group:/aws-glue/crawlers*`,
    ),
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "logs:AssociateKmsKey",
  ),
];

/**
 * Whoever touches a table needs the right on its database and on the account's catalogue too (Glue Developer Guide,
 * "Specifying AWS Glue resource ARNs"); Athena looks at the default database before any query (Athena User Guide,
 * "Fine-grained access to databases and tables").
 */
const inCatalog = (
  database: aws.glue.CatalogDatabase,
  parts: readonly ("catalog" | "database" | "default database" | `table/${string}`)[],
  ...actions: string[]
): Permission =>
  parts.map((part) =>
    allow(
      output(database.arn).apply((arn) => {
        const [account, name] = arn.split(":database/");
        if (part === "catalog") return `${account}:catalog`;
        if (part === "database") return arn;
        return part === "default database"
          ? `${account}:database/default`
          : part.replace("table/", `${account}:table/${name}/`);
      }),
      ...actions,
    ),
  );

/** The policy document of these permissions, as JSON. */
export const policyOf = (permissions: readonly Permission[]): Output<string> =>
  all(
    permissions.flat().map((statement) => output(statement.Resource).apply((Resource) => ({ ...statement, Resource }))),
  ).apply((statements) => JSON.stringify({ Version: "2012-10-17", Statement: statements }));
