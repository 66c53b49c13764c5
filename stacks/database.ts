// database: PostgreSQL with vectors, where the pipelines keep what they must look up row by row.
//
//   migrate ──(deployment)──> database <── stages that connect() to it
//                                ├──> log, (metrics of its system)
//                                └──> alarm: its disk is nearly full

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { migrate } from "../functions/operations/migrate";
import type { Database } from "../stage/database";
import type { Platform } from "../stage/platform";
import { type Network, opened } from "./network";
import type { Settings } from "./settings";

const port = 5_432;

/** In GB: the least that RDS takes, and to where it may grow by itself. */
const storage = { least: 20, most: 100 };

export function database(platform: Platform, network: Network, settings: Settings): Database {
  const { vpcId, subnetIds, stages, placement } = network;
  const { protect, key } = platform;
  const tags = { pipeline: platform.pipeline };
  // Said here and not left to RDS, because the name of its log group is made of it.
  const identifier = `tributary-${platform.stack}`;

  const group = new aws.ec2.SecurityGroup("database", { vpcId, description: "The PostgreSQL of the program", tags });
  const ways = opened("stages-to-database", { from: stages, to: group, port, why: "PostgreSQL" }, tags);
  const logs = logGroup(identifier, platform);
  const instance = new aws.rds.Instance(
    "database",
    {
      identifier,
      engine: "postgres",
      // Its minor version is the newest one, which RDS sees to.
      engineVersion: "17",
      autoMinorVersionUpgrade: true,
      // A version at its end of life would otherwise go on, at a price per hour.
      engineLifecycleSupport: "open-source-rds-extended-support-disabled",
      instanceClass: settings.databaseClass,
      allocatedStorage: storage.least,
      maxAllocatedStorage: storage.most,
      storageType: "gp3",
      storageEncrypted: true,
      dbName: "tributary",
      username: "tributary",
      // RDS makes it, keeps it in a secret of its own and changes it every week.
      manageMasterUserPassword: true,
      iamDatabaseAuthenticationEnabled: true,
      port,
      publiclyAccessible: false,
      multiAz: settings.multiAz,
      dbSubnetGroupName: new aws.rds.SubnetGroup("database", { subnetIds, tags }).name,
      vpcSecurityGroupIds: [group.id],
      parameterGroupName: parameters(tags).name,
      caCertIdentifier: "rds-ca-rsa2048-g1",
      backupRetentionPeriod: settings.databaseBackupDays,
      copyTagsToSnapshot: true,
      deleteAutomatedBackups: !protect,
      deletionProtection: protect,
      applyImmediately: !protect,
      skipFinalSnapshot: !protect,
      ...(protect ? { finalSnapshotIdentifier: `${identifier}-final` } : {}),
      enabledCloudwatchLogsExports: ["postgresql"],
      ...(key ? { kmsKeyId: key.arn, masterUserSecretKmsKeyId: key.arn } : {}),
      ...(settings.databaseMonitoring ? monitoring(platform) : {}),
      tags: { ...tags, dataClass: "internal" },
    },
    // Its log group first: otherwise RDS makes one that keeps everything for ever.
    { protect, retainOnDelete: protect, dependsOn: [logs] },
  );
  storageAlarm(instance, platform);

  const made: Database = {
    instance,
    endpoint: instance.endpoint,
    name: instance.dbName,
    user: instance.username,
    secretArn: instance.masterUserSecrets.apply(([secret]) => secret?.secretArn ?? withoutSecret(identifier)),
    placement: { ...placement, ways: [...placement.ways, ...ways] },
  };
  const migrated = migrate({ platform, database: made });
  // Whoever connects finds the tables that it was written for.
  return { ...made, placement: { ...made.placement, ways: [...made.placement.ways, migrated] } };
}

function withoutSecret(identifier: string): never {
  throw new pulumi.RunError(
    `Cannot connect to "${identifier}": RDS keeps no secret for it. Is manageMasterUserPassword set?`,
  );
}

/** Changes of the schema are logged, and no rows: with every slow statement PostgreSQL would write down the values in it. */
const parameters = (tags: Readonly<Record<string, string>>) =>
  new aws.rds.ParameterGroup("database", {
    family: "postgres17",
    description: "Encrypted connections only",
    parameters: [
      { name: "rds.force_ssl", value: "1" },
      { name: "log_statement", value: "ddl" },
    ],
    tags,
  });

function logGroup(identifier: string, { pipeline, key, logRetentionDays }: Platform): aws.cloudwatch.LogGroup {
  const name = `/aws/rds/instance/${identifier}/postgresql`;
  const kept = { name, retentionInDays: logRetentionDays, tags: { pipeline } };
  return new aws.cloudwatch.LogGroup("database", key ? { ...kept, kmsKeyId: key.arn } : kept);
}

/** Which statements take the time (kept for a week, which is free), and what the system under them does, every minute. */
function monitoring({ accountId, pipeline, key }: Platform) {
  const region = aws.getRegionOutput().region;
  const role = new aws.iam.Role("database-monitoring", {
    assumeRolePolicy: pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "monitoring.rds.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "aws:SourceAccount": accountId } },
        },
      ],
    }),
    tags: { pipeline },
  });
  // Of the account and of all its databases: RDS knows no other (Amazon RDS User Guide, "Setting up Enhanced Monitoring").
  const group = pulumi.interpolate`arn:aws:logs:${region}:${accountId}:log-group:RDSOSMetrics`;
  new aws.iam.RolePolicy("database-monitoring", {
    role: role.name,
    policy: pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: ["logs:CreateLogGroup", "logs:PutRetentionPolicy"], Resource: group },
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams", "logs:GetLogEvents"],
          Resource: pulumi.interpolate`${group}:log-stream:*`,
        },
      ],
    }),
  });
  return {
    monitoringInterval: 60,
    monitoringRoleArn: role.arn,
    performanceInsightsEnabled: true,
    performanceInsightsRetentionPeriod: 7,
    ...(key ? { performanceInsightsKmsKeyId: key.arn } : {}),
  };
}

/** A database without room takes no more writes. */
function storageAlarm(instance: aws.rds.Instance, { alarms, pipeline }: Platform): void {
  new aws.cloudwatch.MetricAlarm("database-storage", {
    alarmDescription: "The database has room for 2 GB more and does not grow any further. Raise maxAllocatedStorage.",
    namespace: "AWS/RDS",
    metricName: "FreeStorageSpace",
    dimensions: { DBInstanceIdentifier: instance.identifier },
    statistic: "Minimum",
    comparisonOperator: "LessThanThreshold",
    threshold: 2_000_000_000,
    evaluationPeriods: 1,
    period: 300,
    treatMissingData: "notBreaching",
    alarmActions: [alarms.arn],
    okActions: [alarms.arn],
    tags: { pipeline },
  });
}
