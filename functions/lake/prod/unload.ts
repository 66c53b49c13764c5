// unload: a query that Athena computes and leaves as Parquet files under a prefix of the prod bucket.

import { randomUUID } from "node:crypto";
import { promises as timers } from "node:timers";
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { DeleteObjectsCommand, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { type Fetched, fetchAll, type Work } from "./work";

export interface Athena {
  readonly athena: AthenaClient;
  readonly workgroup: string;
  readonly database: string;
}

const prefix = "state/unload/";
/** In milliseconds: a function waits for fifteen minutes at most, and must still do something with the answer. */
const patience = 600_000;

/** Gives the files of the answer, which are gone from the bucket by then; there are none where the answer has no rows. */
export async function unload(work: Work, { athena, workgroup, database }: Athena, query: string): Promise<Fetched[]> {
  const own = `${prefix}${randomUUID()}/`;
  const text = `UNLOAD (${query}) TO 's3://${work.prod.bucket}/${own}' WITH (format = 'PARQUET')`;
  try {
    const { QueryExecutionId = "" } = await athena.send(
      new StartQueryExecutionCommand({
        QueryString: text,
        WorkGroup: workgroup,
        QueryExecutionContext: { Database: database },
      }),
    );
    await succeeded(athena, QueryExecutionId);
    return await fetchAll(work, await keysBelow(work, own));
  } finally {
    await removeBelow(work, own);
  }
}

async function succeeded(athena: AthenaClient, id: string): Promise<void> {
  for (let waited = 0, pause = 100; ; waited += pause, pause = Math.min(2_000, pause * 2)) {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
    const { State, StateChangeReason = "" } = QueryExecution?.Status ?? {};
    if (State === "SUCCEEDED") return;
    if (State === "FAILED" || State === "CANCELLED") {
      throw new Error(`Cannot compute in Athena: query ${id} ended as ${State}: ${StateChangeReason}`);
    }
    if (waited > patience) {
      await athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
      throw new Error(`Cannot compute in Athena: query ${id} is still ${State} after ${patience / 60_000} minutes`);
    }
    await timers.setTimeout(pause);
  }
}

async function keysBelow({ prod: { s3, bucket } }: Work, below: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: below })) {
    for (const { Key } of Contents) if (Key !== undefined) keys.push(Key);
  }
  return keys;
}

/** A failed UNLOAD leaves files, too. */
async function removeBelow(work: Work, below: string): Promise<void> {
  const { s3, bucket } = work.prod;
  const keys = await keysBelow(work, below);
  // DeleteObjects takes a thousand at once.
  for (let from = 0; from < keys.length; from += 1_000) {
    const Objects = keys.slice(from, from + 1_000).map((Key) => ({ Key }));
    await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }));
  }
}
