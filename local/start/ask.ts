// ask: an answer of Athena, as whoever queries a stack gets it: the query is started, waited for, and its result is paged through.

import { promises as timers } from "node:timers";
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  StartQueryExecutionCommand,
} from "@aws-sdk/client-athena";

export interface Athena {
  readonly client: AthenaClient;
  readonly workgroup: string;
  readonly database: string;
}

/** A value as Athena prints it; NULL is null. */
export type Answer = Readonly<Record<string, string | null>>;

export async function ask({ client, workgroup, database }: Athena, sql: string): Promise<Answer[]> {
  const { QueryExecutionId: id } = await client.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: workgroup,
      QueryExecutionContext: { Database: database },
    }),
  );
  for (;;) {
    const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
    const { State, StateChangeReason } = QueryExecution?.Status ?? {};
    if (State === "SUCCEEDED") break;
    await timers.setTimeout(20);
    if (State === "FAILED" || State === "CANCELLED")
      throw new Error(`Cannot query Athena: ${StateChangeReason}\n${sql}`);
  }
  const rows: (string | null)[][] = [];
  for await (const { ResultSet } of paginateGetQueryResults({ client }, { QueryExecutionId: id })) {
    for (const { Data = [] } of ResultSet?.Rows ?? []) rows.push(Data.map(({ VarCharValue = null }) => VarCharValue));
  }
  const [names = [], ...values] = rows;
  return values.map((row) => Object.fromEntries(names.map((name, index) => [name ?? "", row[index] ?? null])));
}
