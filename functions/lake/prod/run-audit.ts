// run-audit: one audit row for each curated file that a run of a system took in.

import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { Audit } from "../../../schemas/audit";
import type { CreatedObject } from "../../../schemas/object-created";
import { inLanes } from "../lanes";
import { partitionOf } from "./changed-partitions";

export interface AuditedRun {
  readonly stage: string;
  readonly requestId: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** `bucket/prefix` of what was written. */
  readonly outputs: readonly string[];
}

export async function recordRun(
  dynamodb: DynamoDBClient,
  auditTable: string,
  objects: readonly CreatedObject[],
  { stage, requestId, startedAt, outputs }: AuditedRun,
): Promise<void> {
  const endedAt = new Date().toISOString();
  await inLanes(objects, 16, async ({ bucket, key, version }) => {
    const row: Audit = {
      object: `${bucket}/${key}`,
      versionAndStage: `${version}#${stage}`,
      stage,
      outcome: "aggregated",
      table: partitionOf(key)?.table,
      outputs: [...outputs],
      requestId,
      startedAt,
      endedAt,
    };
    await dynamodb.send(
      new PutItemCommand({ TableName: auditTable, Item: marshall(row, { removeUndefinedValues: true }) }),
    );
  });
}
