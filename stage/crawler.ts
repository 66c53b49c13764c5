// crawler: a Glue crawler over folders of one bucket, with a role that reads these folders and writes its own tables.
//
//   bucket/{folder}/... ──> crawler ──> database: {prefix}{folder}
//                              └── role: reads the folders, writes tables that begin with the prefix, its log
//
// Nothing but StartCrawler runs it: a crawl costs by the minute, and only whoever has written knows that there is something
// new.

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DataBucket } from "./data-bucket";
import { catalogue, list, logCrawls, policyOf, read, useKey } from "./permissions";
import type { Platform } from "./platform";

export interface Crawled {
  readonly bucket: DataBucket;
  /** Each becomes the table of its name. What lies beside them is not looked at. */
  readonly folders: readonly string[];
  readonly database: aws.glue.CatalogDatabase;
  /** What the tables' names begin with. */
  readonly prefix: string;
  /** Encrypts its log, where the stack has a key of its own. */
  readonly security?: aws.glue.SecurityConfiguration | undefined;
}

export function crawler(
  platform: Platform,
  name: string,
  { bucket, folders, database, prefix, security }: Crawled,
): aws.glue.Crawler {
  const tags = { pipeline: platform.pipeline };
  const role = new aws.iam.Role(`${name}-crawler`, { assumeRolePolicy: JSON.stringify(trust), tags });
  const policy = new aws.iam.RolePolicy(`${name}-crawler`, {
    role: role.name,
    policy: policyOf([
      ...folders.map((folder) => read(bucket, `${folder}/`)),
      list(bucket),
      catalogue(database, prefix),
      logCrawls(database),
      ...(platform.key ? [useKey(platform.key)] : []),
    ]),
  });
  return new aws.glue.Crawler(
    name,
    {
      description: `Finds the tables ${prefix}* in the prod bucket of ${name}`,
      role: role.arn,
      databaseName: database.name,
      tablePrefix: prefix,
      s3Targets: folders.map((folder) => ({
        path: pulumi.interpolate`s3://${bucket.bucket}/${folder}/`,
        exclusions: invisible,
      })),
      recrawlPolicy: { recrawlBehavior: "CRAWL_EVERYTHING" },
      schemaChangePolicy: { updateBehavior: "UPDATE_IN_DATABASE", deleteBehavior: "LOG" },
      configuration: JSON.stringify(stableSchema),
      ...(security ? { securityConfiguration: security.name } : {}),
      tags,
    },
    // Its policy first: a crawler that may not read its target is refused when it is made.
    { dependsOn: [policy] },
  );
}

const trust = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "glue.amazonaws.com" }, Action: "sts:AssumeRole" }],
};

/** Files that Athena does not see either: manifests, markers, what is being written. */
const invisible = ["{_,.}**", "**/{_,.}**"];

/**
 * A folder is one table, whatever is in it; a table gains columns and neither loses one nor changes a type, because what was
 * queried yesterday is queried today; its partitions have its columns (Glue Developer Guide, "Customizing crawler behavior").
 */
const stableSchema = {
  Version: 1,
  // The bucket is level 1, the folder level 2.
  Grouping: { TableGroupingPolicy: "CombineCompatibleSchemas", TableLevelConfiguration: 2 },
  CrawlerOutput: {
    Tables: { AddOrUpdateBehavior: "MergeNewColumns" },
    Partitions: { AddOrUpdateBehavior: "InheritFromTable" },
  },
  // An index speeds up tables of tens of thousands of partitions. These have one a day.
  CreatePartitionIndex: false,
};
