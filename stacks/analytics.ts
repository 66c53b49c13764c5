// analytics: what the lake holds, as tables that analysts query.
//
//   curated/{table}/dt=.../   ── tables curated_{table}, known here, partitions projected ──┐
//   {system}/{dataset}/...    ── crawler {system} ──> tables {system}_{dataset} ────────────┼─> database ──> workgroup ──> results
//                                                                                           └── named queries

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { curatedTypes } from "../schemas/curated-columns";
import { datasetsOf, type System, systemNames } from "../schemas/datasets";
import { type Table, type TableName, tableNames, tables } from "../schemas/tables";
import { crawler } from "../stage/crawler";
import { DataBucket } from "../stage/data-bucket";
import { parquetTable } from "../stage/parquet-table";
import type { Platform } from "../stage/platform";
import { managersQueries } from "./managers-queries";
import type { Settings } from "./settings";

/** What a system writes to, and what to start when it has written. */
export interface Prod {
  readonly bucket: DataBucket;
  readonly crawler: aws.glue.Crawler;
}

export interface Analytics {
  readonly database: aws.glue.CatalogDatabase;
  readonly workgroup: aws.athena.Workgroup;
  readonly results: DataBucket;
  readonly systems: Readonly<Record<System, Prod>>;
  /** Their names, by system. */
  readonly prodBuckets: Readonly<Record<string, pulumi.Output<string>>>;
  readonly namedQueries: readonly aws.athena.NamedQuery[];
}

export function analytics(base: Platform, { curated }: { curated: DataBucket }, settings: Settings): Analytics {
  const platform = { ...base, pipeline: "lake" };
  // Athena takes no hyphens in the names of databases and tables.
  const database = new aws.glue.CatalogDatabase("analytics", {
    name: `tributary_${platform.stack.replaceAll("-", "_")}`,
    description: "The lake: curated_* as the shop has it, and what the systems make of it",
    tags: { pipeline: platform.pipeline },
  });
  for (const name of tableNames) curatedTable(name, { database, curated, since: settings.historyFrom });

  const security = encryptedLogs(platform);
  const systems = Object.fromEntries(
    systemNames.map((system) => [system, prodOf(platform, system, { database, security })]),
  ) as Record<System, Prod>;

  // What queries answered. It can be asked again, and so it does not stay.
  const results = new DataBucket("athena-results", platform, {
    dataClass: "internal",
    expireAfterDays: settings.athenaResultsRetentionDays,
  });
  const workgroup = workgroupOf(platform, results, settings.athenaScanLimitMb);
  const namedQueries = managersQueries().map(
    ({ name, question, sql }) =>
      new aws.athena.NamedQuery(name, {
        name,
        description: question,
        database: database.name,
        workgroup: workgroup.name,
        query: sql,
      }),
  );
  const prodBuckets = Object.fromEntries(systemNames.map((system) => [system, systems[system].bucket.bucket]));
  return { database, workgroup, results, systems, prodBuckets, namedQueries };
}

function prodOf(
  platform: Platform,
  system: System,
  catalog: { database: aws.glue.CatalogDatabase; security: aws.glue.SecurityConfiguration | undefined },
): Prod {
  const bucket = new DataBucket(system, platform, { dataClass: "internal" });
  const folders = Object.keys(datasetsOf(system));
  return { bucket, crawler: crawler(platform, system, { bucket, folders, prefix: tablePrefix(system), ...catalog }) };
}

/** As `athenaTable` of schemas/datasets.ts begins. */
const tablePrefix = (system: System): string => `${system.replaceAll("-", "_")}_`;

interface CuratedTable {
  readonly database: aws.glue.CatalogDatabase;
  readonly curated: DataBucket;
  /** The first day that Athena looks for. */
  readonly since: string;
}

/**
 * A table whose shape the program knows. No crawler and no partitions: Athena works out from the range and the template
 * where a day lies (Athena User Guide, "Partition projection"). What is older than the range it does not see.
 */
function curatedTable(name: TableName, { database, curated, since }: CuratedTable): void {
  const table: Table = tables[name];
  const location = pulumi.interpolate`s3://${curated.bucket}/curated/${name}/`;
  parquetTable(`curated-${name.replaceAll("_", "-")}`, {
    database,
    table: `curated_${name}`,
    about: `${name} as the shop has it: the newest version of each row, validated, what is sensitive protected`,
    location,
    columns: curatedTypes(table),
    parameters: {
      "projection.enabled": "true",
      "projection.dt.type": "date",
      "projection.dt.format": "yyyy-MM-dd",
      "projection.dt.range": `${since},NOW+1YEARS`,
      "projection.dt.interval": "1",
      "projection.dt.interval.unit": table.partition.by === "day" ? "DAYS" : "MONTHS",
      "storage.location.template": pulumi.interpolate`${location}dt=$\{dt}/`,
    },
    partitionKeys: [
      {
        name: "dt",
        type: "string",
        comment: `The ${table.partition.by} of ${table.partition.column}, UTC, as its first day`,
      },
    ],
  });
}

/** Of the crawlers' logs, with the stack's own key. AWS wants an answer for jobs and bookmarks too; there are none. */
function encryptedLogs({ key, stack }: Platform): aws.glue.SecurityConfiguration | undefined {
  if (key === undefined) return undefined;
  return new aws.glue.SecurityConfiguration("analytics", {
    name: `tributary-${stack}`,
    encryptionConfiguration: {
      cloudwatchEncryption: { cloudwatchEncryptionMode: "SSE-KMS", kmsKeyArn: key.arn },
      jobBookmarksEncryption: { jobBookmarksEncryptionMode: "CSE-KMS", kmsKeyArn: key.arn },
      s3Encryption: { s3EncryptionMode: "SSE-KMS", kmsKeyArn: key.arn },
    },
  });
}

/** Enforced: nobody who queries can write the results elsewhere, leave them unencrypted, or lift the limit. */
function workgroupOf({ stack, key, pipeline, protect }: Platform, results: DataBucket, scanLimitMb: number) {
  return new aws.athena.Workgroup("analytics", {
    name: `tributary-${stack}`,
    description: `Queries of the lake. One that would read more than ${scanLimitMb} MB is cancelled.`,
    forceDestroy: !protect,
    configuration: {
      enforceWorkgroupConfiguration: true,
      publishCloudwatchMetricsEnabled: true,
      bytesScannedCutoffPerQuery: scanLimitMb * 1_024 * 1_024,
      engineVersion: { selectedEngineVersion: "Athena engine version 3" },
      resultConfiguration: {
        outputLocation: pulumi.interpolate`s3://${results.bucket}/`,
        encryptionConfiguration: key
          ? { encryptionOption: "SSE_KMS", kmsKeyArn: key.arn }
          : { encryptionOption: "SSE_S3" },
      },
    },
    tags: { pipeline },
  });
}
