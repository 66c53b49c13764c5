// ask: a query from its start to its end. Ctrl-C cancels it where it runs.

import {
  type AthenaClient,
  GetQueryExecutionCommand,
  InvalidRequestException,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import type { Target } from "./target";

export interface Asked {
  readonly id: string;
  readonly state: "SUCCEEDED" | "FAILED" | "CANCELLED";
  /** Whether the first row of the results holds the names. */
  readonly withNames: boolean;
  /** Why it did not succeed, in Athena's words. */
  readonly reason: string;
  readonly byUser: boolean;
  readonly bytes: number;
  readonly ms: number;
}

export async function askAthena(sql: string, { athena, workgroup, database, patience }: Target): Promise<Asked> {
  const interrupt = firstInterrupt();
  try {
    const id = await startQuery(sql, athena, workgroup, database);
    if (typeof id !== "string") return id;
    let stopped = false;
    for (let wait = patience; ; wait = Math.min(wait * 1.5, 1_000)) {
      const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
      const { State: state = "RUNNING", StateChangeReason: reason = "" } = QueryExecution?.Status ?? {};
      if (state === "SUCCEEDED" || state === "FAILED" || state === "CANCELLED") {
        const { DataScannedInBytes: bytes = 0, TotalExecutionTimeInMillis: ms = 0 } = QueryExecution?.Statistics ?? {};
        const withNames = QueryExecution?.StatementType === "DML";
        return { id, state, withNames, reason: reason || state, byUser: stopped, bytes, ms };
      }
      if ((await Promise.race([interrupt.happened, passed(wait)])) === "interrupted" && !stopped) {
        stopped = true;
        await athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
      }
      if (stopped) await passed(patience);
    }
  } finally {
    interrupt.forget();
  }
}

/** The id; or, where Athena refuses the query at once, how it ended. */
async function startQuery(
  sql: string,
  athena: AthenaClient,
  workgroup: string,
  database: string,
): Promise<string | Asked> {
  try {
    const { QueryExecutionId = "" } = await athena.send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        WorkGroup: workgroup,
        QueryExecutionContext: { Database: database },
      }),
    );
    return QueryExecutionId;
  } catch (error) {
    if (!(error instanceof InvalidRequestException)) throw error;
    return { id: "", state: "FAILED", withNames: false, reason: error.message, byUser: false, bytes: 0, ms: 0 };
  }
}

const passed = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A second one has the system's own effect. */
function firstInterrupt() {
  let interrupted = () => {};
  const happened = new Promise<"interrupted">((resolve) => {
    interrupted = () => resolve("interrupted");
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, interrupted);
  return {
    happened,
    forget() {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, interrupted);
    },
  };
}
