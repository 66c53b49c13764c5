// run-audit: one audit row for each curated file that a run of a system took in.

import { promises as timers } from "node:timers";
import { BatchWriteItemCommand, type DynamoDBClient, type WriteRequest } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { Audit } from "../../../schemas/audit";
import type { CreatedObject } from "../../../schemas/object-created";
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
  // An object that came twice has one row, and a batch takes no key twice.
  const rows = new Map<string, Audit>();
  for (const { bucket, key, version } of objects) {
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
    rows.set(`${row.object}#${version}`, row);
  }
  const waiting = [...rows.values()].map((row) => ({
    PutRequest: { Item: marshall(row, { removeUndefinedValues: true }) },
  }));
  await writeAll(dynamodb, auditTable, waiting);
}

/** BatchWriteItem takes twenty-five rows at once, and may leave some for later when it is busy. */
async function writeAll(dynamodb: DynamoDBClient, table: string, waiting: WriteRequest[]): Promise<void> {
  for (let attempt = 0; waiting.length > 0; ) {
    const batch = waiting.splice(0, 25);
    const { UnprocessedItems } = await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [table]: batch } }));
    const left = UnprocessedItems?.[table] ?? [];
    waiting.push(...left);
    attempt = left.length === 0 ? 0 : attempt + 1;
    if (attempt > 8)
      throw new Error(`Cannot write to table "${table}": it left rows over ${attempt} times in a row: it is throttled`);
    if (attempt > 0) await timers.setTimeout(Math.random() * 50 * 2 ** attempt);
  }
}
