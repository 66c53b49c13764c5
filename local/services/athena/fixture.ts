// fixture: Athena, S3 and a catalogue behind one door, for the tests: files are written by DuckDB, asked for by the real client.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import {
  AthenaClient,
  type ColumnInfo,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  type QueryExecution,
  StartQueryExecutionCommand,
  type StartQueryExecutionCommandInput,
} from "@aws-sdk/client-athena";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DuckDBInstance } from "@duckdb/node-api";
import { literal } from "../../../schemas/sql-text";
import { systemClock } from "../../clock";
import { openDoor } from "../../door/door";
import { journal } from "../../door/journal";
import type { Statement } from "../../door/policy";
import type { Principal } from "../../door/principals";
import { temporaryDirectory } from "../../temporary-directory";
import { openCatalog, parquet, type TableDefinition } from "../glue/catalog";
import { s3 as openS3 } from "../s3/s3";
import { athena as openAthena } from "./athena";

export const account = "123456789012";
export const region = "eu-central-1";
export const database = "lake";
export const workgroup = "analysts";

export interface Answer {
  readonly execution: QueryExecution;
  readonly columns: readonly ColumnInfo[];
  /** Without the line of names; `undefined` is NULL. */
  readonly rows: readonly (readonly (string | undefined)[])[];
}

/** Ends with the test `t`, at the latest. */
export async function athenaBehindDoor(t: Pick<TestContext, "after">, { scanLimit }: { scanLimit?: number } = {}) {
  const directory = temporaryDirectory();
  const record = journal();
  const principals: Principal[] = [];
  const s3 = openS3({ directory: join(directory, "s3"), clock: systemClock(), onEvent: () => undefined });
  const catalog = openCatalog(join(directory, "glue"));
  const athena = openAthena({ directory: join(directory, "athena"), region, account, catalog, s3, journal: record });
  const door = await openDoor({
    s3,
    services: [athena.service],
    principals: (accessKeyId) => principals.find((each) => each.accessKeyId === accessKeyId),
    journal: record,
  });
  for (const bucket of ["data", "results"]) s3.createBucket(bucket, { versioned: false });
  catalog.putDatabase({ name: database });
  const arn = `arn:aws:athena:${region}:${account}:workgroup/${workgroup}`;
  athena.createWorkgroup({
    name: workgroup,
    arn,
    enforced: true,
    output: "s3://results/",
    ...(scanLimit === undefined ? {} : { scanLimit }),
  });
  const duckdb = await (await DuckDBInstance.create(":memory:")).connect();
  const scratch = temporaryDirectory();
  const files = new S3Client(config());
  const client = new AthenaClient(config());
  t.after(async () => {
    await door.end();
    await athena.end();
    catalog.end();
    s3.end();
    duckdb.closeSync();
  });

  function config(policy?: readonly Statement[]) {
    const number = principals.length + 1;
    const principal: Principal = {
      name: `principal-${number}`,
      arn: `arn:aws:iam::${account}:user/principal-${number}`,
      accessKeyId: `AKIA${number}`,
      secretAccessKey: `secret of ${number}`,
      policies: policy === undefined ? "all" : [{ Statement: policy }],
    };
    principals.push(principal);
    return { endpoint: door.url, region, credentials: principal, maxAttempts: 1, forcePathStyle: true };
  }

  /** Starts the query and gives its id. */
  async function start(sql: string, more: Partial<StartQueryExecutionCommandInput> = {}, by = client): Promise<string> {
    const { QueryExecutionId = "" } = await by.send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        WorkGroup: workgroup,
        QueryExecutionContext: { Database: database },
        ...more,
      }),
    );
    return QueryExecutionId;
  }

  async function execution(id: string): Promise<QueryExecution> {
    const { QueryExecution = {} } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
    return QueryExecution;
  }

  return {
    athena,
    catalog,
    client,
    files,
    record,
    s3,
    url: door.url,
    config,
    start,
    execution,
    /** Puts what a query gives as a Parquet file. */
    async put(key: string, sql: string): Promise<void> {
      const path = join(scratch, "file.parquet");
      await duckdb.run(`COPY (${sql}) TO ${literal(path)} (FORMAT parquet)`);
      await files.send(new PutObjectCommand({ Bucket: "data", Key: key, Body: readFileSync(path) }));
    },
    table(name: string, columns: Readonly<Record<string, string>>, more: Partial<TableDefinition> = {}): void {
      catalog.putTable(database, {
        ...parquet,
        name,
        columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
        location: `s3://data/${name}/`,
        partitionKeys: [],
        parameters: {},
        ...more,
      });
    },
    /** Runs the query to its end and gives all that it answers. */
    async ask(sql: string, more: Partial<StartQueryExecutionCommandInput> = {}, by = client): Promise<Answer> {
      const id = await start(sql, more, by);
      await athena.idle();
      const ended = await execution(id);
      if (ended.Status?.State !== "SUCCEEDED") {
        throw Object.assign(new Error(ended.Status?.StateChangeReason), {
          name: ended.Status?.State,
          execution: ended,
        });
      }
      const rows: (string | undefined)[][] = [];
      let columns: readonly ColumnInfo[] = [];
      for await (const { ResultSet } of paginateGetQueryResults({ client: by }, { QueryExecutionId: id })) {
        columns = ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
        rows.push(...(ResultSet?.Rows ?? []).map(({ Data = [] }) => Data.map(({ VarCharValue }) => VarCharValue)));
      }
      return { execution: ended, columns, rows: ended.StatementType === "DML" ? rows.slice(1) : rows };
    },
  };
}
