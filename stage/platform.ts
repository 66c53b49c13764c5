// platform: what every stage and every bucket of the program stands on. Made once, in stacks/operations.ts.

import type * as aws from "@pulumi/aws";
import type { Output } from "@pulumi/pulumi";
import type { DataBucket } from "./data-bucket";

export interface Platform {
  readonly stack: string;
  /** Whose resources are being made, as their tag says. */
  readonly pipeline: string;
  readonly accountId: Output<string>;
  /** Of the functions and their native layer. */
  readonly architecture: Architecture;
  /** One row per object version and stage; see schemas/audit.ts. */
  readonly audit: aws.dynamodb.Table;
  /** Where alarms go. */
  readonly alarms: aws.sns.Topic;
  /** The stack's schedules. */
  readonly schedules: aws.scheduler.ScheduleGroup;
  /** Encrypts buckets, logs and secrets where the stack asks for a key of its own; AWS's keys do it otherwise. */
  readonly key?: aws.kms.Key;
  /** Where buckets write their access logs, where the stack asks for them. */
  readonly accessLogs?: DataBucket;
  /** Data outlives `pulumi destroy`, and no bucket is emptied by it. */
  readonly protect: boolean;
  readonly logRetentionDays: number;
  readonly logLevel: string;
  /** DuckDB's native library: one layer for all stages that need it. */
  readonly duckdb: aws.lambda.LayerVersion;
}

export type Architecture = "x86_64" | "arm64";
