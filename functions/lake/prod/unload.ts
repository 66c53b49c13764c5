// unload: a query that Athena computes and leaves as Parquet files under a prefix of the prod bucket.

import { randomUUID } from "node:crypto";
import { promises as timers } from "node:timers";
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { DeleteObjectsCommand } from "@aws-sdk/client-s3";
import { listBelow } from "../stored-file";
import { type Fetched, fetchAll, type Work } from "./work";

export interface Athena {
  readonly athena: AthenaClient;
  readonly workgroup: string;
  readonly database: string;
}

const prefix = "state/unload/";
/** In milliseconds: a run waits for two answers, and has fifteen minutes for everything. */
const patience = 300_000;

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
    const answer = await listBelow(work.prod, own);
    return await fetchAll(
      work,
      answer.map(({ key }) => key),
    );
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
      throw new Error(
        `Cannot compute in Athena: query ${id} ended as ${State}: ${StateChangeReason}. Where it read too much, raise tributary:athenaScanLimitMb.`,
      );
    }
    if (waited > patience) {
      await athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
      throw new Error(`Cannot compute in Athena: query ${id} is still ${State} after ${patience / 60_000} minutes`);
    }
    await timers.setTimeout(pause);
  }
}

/** A failed UNLOAD leaves files, too. */
async function removeBelow(work: Work, below: string): Promise<void> {
  const { s3, bucket } = work.prod;
  const keys = (await listBelow(work.prod, below)).map(({ key }) => key);
  // DeleteObjects takes a thousand at once.
  for (let from = 0; from < keys.length; from += 1_000) {
    const Objects = keys.slice(from, from + 1_000).map((Key) => ({ Key }));
    await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }));
  }
}
