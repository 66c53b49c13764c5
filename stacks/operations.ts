// operations: what everything else stands on, and who is told when something is wrong.
//
//   alarms ──> topic ──> (e-mail)
//   audit  <── one row per processed object, of every stage
//   schedules <── every stage that runs by the clock
//   key    ──> buckets, logs, secrets, tables               where the stack sets customerKey
//   access-logs <── every bucket                            where the stack sets accessLogs
//   duckdb ──> the layer of every stage that computes in SQL

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { DataBucket } from "../stage/data-bucket";
import { duckdbLayer } from "../stage/duckdb-layer";
import type { Platform } from "../stage/platform";
import { tlsOnly } from "../stage/tls-only";
import type { Settings } from "./settings";
import { stackKey } from "./stack-key";

export function operations(settings: Settings): Platform {
  const stack = pulumi.getStack();
  const { accountId } = aws.getCallerIdentityOutput();
  const key = settings.customerKey ? stackKey(stack, accountId, settings.protect) : undefined;
  const platform: Platform = {
    stack,
    pipeline: "operations",
    accountId,
    architecture: settings.architecture,
    alarms: alarmTopic(settings.alarmEmail, key),
    audit: auditTable(settings, key),
    schedules: new aws.scheduler.ScheduleGroup("schedules", { tags: { pipeline: "operations" } }),
    protect: settings.protect,
    logRetentionDays: settings.logRetentionDays,
    logLevel: settings.logLevel,
    duckdb: duckdbLayer(settings.architecture, settings.nativePlatform),
  };
  concurrencyAlarm(platform.alarms, settings.accountConcurrency);
  const withKey = key ? { ...platform, key } : platform;
  return settings.accessLogs ? { ...withKey, accessLogs: accessLogBucket(platform) } : withKey;
}

/**
 * Encrypted with the stack's key or not at all: CloudWatch may not use the AWS-managed key of SNS, and an alarm that is
 * refused rings nowhere. What an alarm says holds no data.
 */
function alarmTopic(email: string | undefined, key: aws.kms.Key | undefined): aws.sns.Topic {
  const topic = new aws.sns.Topic("alarms", {
    tags: { pipeline: "operations" },
    ...(key ? { kmsMasterKeyId: key.id } : {}),
  });
  const publishes = {
    Sid: "Alarms",
    Effect: "Allow",
    Principal: { Service: "cloudwatch.amazonaws.com" },
    Action: "sns:Publish",
    Resource: topic.arn,
    Condition: { StringEquals: { "aws:SourceAccount": topic.owner } },
  };
  new aws.sns.TopicPolicy("alarms", { arn: topic.arn, policy: tlsOnly("sns", [topic.arn], [publishes]) });
  if (email) new aws.sns.TopicSubscription("alarms", { topic: topic.arn, protocol: "email", endpoint: email });
  return topic;
}

/** Of all functions of the account together. */
function concurrencyAlarm(topic: aws.sns.Topic, limit: number): void {
  new aws.cloudwatch.MetricAlarm("concurrency", {
    alarmDescription: "The functions of the account claim over four fifths of what may run at once. Ask AWS for more.",
    namespace: "AWS/Lambda",
    metricName: "ClaimedAccountConcurrency",
    statistic: "Maximum",
    comparisonOperator: "GreaterThanThreshold",
    threshold: 0.8 * limit,
    evaluationPeriods: 1,
    period: 300,
    treatMissingData: "notBreaching",
    alarmActions: [topic.arn],
    okActions: [topic.arn],
    tags: { pipeline: "operations" },
  });
}

/** One row per object version and stage, so that an output leads back to its source; see schemas/audit.ts. */
const auditTable = (settings: Settings, key: aws.kms.Key | undefined): aws.dynamodb.Table =>
  new aws.dynamodb.Table(
    "audit",
    {
      billingMode: "PAY_PER_REQUEST",
      hashKey: "object",
      rangeKey: "versionAndStage",
      attributes: [
        { name: "object", type: "S" },
        { name: "versionAndStage", type: "S" },
      ],
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: key ? { enabled: true, kmsKeyArn: key.arn } : { enabled: true },
      deletionProtectionEnabled: settings.protect,
      tags: { pipeline: "operations", dataClass: "internal" },
    },
    { protect: settings.protect, retainOnDelete: settings.protect },
  );

/** Without the stack's key: S3 delivers access logs only to a bucket that is encrypted with S3's own. */
const accessLogBucket = (platform: Platform): DataBucket =>
  new DataBucket("access-logs", platform, {
    dataClass: "internal",
    expireAfterDays: 400,
    allow: (arn) => [
      {
        Sid: "Delivery",
        Effect: "Allow",
        Principal: { Service: "logging.s3.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: pulumi.interpolate`${arn}/*`,
        Condition: { StringEquals: { "aws:SourceAccount": platform.accountId } },
      },
    ],
  });
