// systems: the stages that make analytics of the curated tables, each on its prod bucket and crawler of stacks/analytics.ts.
//
//   curated ──> EventBridge ──(queue, batches)──> market-intelligence ──> its prod bucket ──> its crawler ──> the catalog

import * as pulumi from "@pulumi/pulumi";
import { marketIntelligence } from "../functions/lake/market-intelligence";
import { stateTables } from "../functions/lake/market-intelligence/state-tables";
import type { DataBucket } from "../stage/data-bucket";
import { parquetTable } from "../stage/parquet-table";
import type { Platform } from "../stage/platform";
import type { Analytics } from "./analytics";
import type { Settings } from "./settings";

export function systems(
  base: Platform,
  { curated, analytics }: { curated: DataBucket; analytics: Analytics },
  settings: Settings,
): void {
  const platform = { ...base, pipeline: "lake" };
  const prod = analytics.systems["market-intelligence"];
  // Its running aggregates, for Athena to read where it computes in place of the function.
  for (const [table, { folder, columns, about }] of Object.entries(stateTables)) {
    parquetTable(table.replaceAll("_", "-"), {
      database: analytics.database,
      table,
      about,
      location: pulumi.interpolate`s3://${prod.bucket.bucket}/${folder}`,
      columns,
    });
  }
  const { athenaAboveMb, historyFrom } = settings;
  marketIntelligence({ platform, curated, prod, analytics, athenaAboveMb, historyFrom });
}
