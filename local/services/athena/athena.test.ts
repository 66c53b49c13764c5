import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BatchGetNamedQueryCommand,
  BatchGetQueryExecutionCommand,
  CreateWorkGroupCommand,
  GetNamedQueryCommand,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type GetQueryResultsCommandInput,
  GetQueryRuntimeStatisticsCommand,
  GetWorkGroupCommand,
  ListNamedQueriesCommand,
  ListQueryExecutionsCommand,
  ListWorkGroupsCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { parquet } from "../glue/catalog";
import { athenaBehindDoor, database, workgroup } from "./fixture";

test("a query answers with the types and values of every column type", async (t) => {
  const { ask, put, table } = await athenaBehindDoor(t);
  await put(
    "types/a.parquet",
    `SELECT true AS b, 1::TINYINT AS t, 2::SMALLINT AS s, 3::INTEGER AS i, 9223372036854775807::BIGINT AS l, 1.5::FLOAT AS r,
      1e10::DOUBLE AS d, 12.50::DECIMAL(18,2) AS m, 'it"s, é' AS v, 'hi'::BLOB AS y, DATE '2026-01-31' AS day,
      TIMESTAMP '2026-01-31 12:00:00.123456' AS at, [1, NULL] AS list, {a: 1, b: 'x'} AS part, MAP {'k': 7} AS pairs, NULL::INTEGER AS nothing`,
  );
  table("types", {
    b: "boolean",
    t: "tinyint",
    s: "smallint",
    i: "int",
    l: "bigint",
    r: "float",
    d: "double",
    m: "decimal(18,2)",
    v: "string",
    y: "binary",
    day: "date",
    at: "timestamp",
    list: "array<int>",
    part: "struct<a:int,b:string>",
    pairs: "map<string,int>",
    nothing: "int",
  });

  const { columns, rows } = await ask("SELECT * FROM types");
  assert.deepEqual(
    columns.map(({ Name, Type, Precision, Scale }, index) => [Name, Type, Precision, Scale, rows[0]?.[index]]),
    [
      ["b", "boolean", 0, 0, "true"],
      ["t", "tinyint", 3, 0, "1"],
      ["s", "smallint", 5, 0, "2"],
      ["i", "integer", 10, 0, "3"],
      ["l", "bigint", 19, 0, "9223372036854775807"],
      ["r", "float", 17, 0, "1.5"],
      ["d", "double", 17, 0, "1.0E10"],
      ["m", "decimal", 18, 2, "12.50"],
      ["v", "varchar", 2147483647, 0, 'it"s, é'],
      ["y", "varbinary", 1073741824, 0, "68 69"],
      ["day", "date", 0, 0, "2026-01-31"],
      ["at", "timestamp", 3, 0, "2026-01-31 12:00:00.123"],
      ["list", "array", 0, 0, "[1, null]"],
      ["part", "row", 0, 0, "{a=1, b=x}"],
      ["pairs", "map", 0, 0, "{k=7}"],
      ["nothing", "integer", 10, 0, undefined],
    ],
  );
});

test("results come in pages, the names on the first of them", async (t) => {
  const { ask, client, start, athena } = await athenaBehindDoor(t);
  const sql =
    "SELECT x, CAST(NULL AS varchar) AS n, '' AS e, 'a\n\"b\"' AS s FROM UNNEST(sequence(1, 2500)) AS t (x) ORDER BY x";
  const id = await start(sql);
  await athena.idle();

  const page = (input: Partial<GetQueryResultsCommandInput>) =>
    client.send(new GetQueryResultsCommand({ QueryExecutionId: id, ...input }));
  const first = await page({});
  assert.equal(first.ResultSet?.Rows?.length, 1_000);
  assert.deepEqual(first.ResultSet?.Rows?.slice(0, 2), [
    { Data: ["x", "n", "e", "s"].map((VarCharValue) => ({ VarCharValue })) },
    { Data: [{ VarCharValue: "1" }, {}, { VarCharValue: "" }, { VarCharValue: 'a\n"b"' }] },
  ]);
  const second = await page({ NextToken: first.NextToken, MaxResults: 2 });
  assert.deepEqual(
    second.ResultSet?.Rows?.map(({ Data }) => Data?.[0]?.VarCharValue),
    ["1000", "1001"],
  );
  assert.equal((await ask(sql)).rows.length, 2_500);

  await assert.rejects(page({ MaxResults: 1_001 }), { message: "MaxResults is more than maximum allowed length 1000" });
  await assert.rejects(page({ NextToken: "nope" }), {
    message: "Malformed nextPageToken nope",
    AthenaErrorCode: "INVALID_INPUT",
  });
});

test("an execution tells its state, place, statistics and fault", async (t) => {
  const { ask, execution, start, athena, client, put, table } = await athenaBehindDoor(t);
  await put("shop/a.parquet", "SELECT range AS id, 'x' AS name FROM range(1000)");
  table("shop", { id: "bigint", name: "string" });

  const { execution: found } = await ask("SELECT sum(id) FROM shop");
  assert.match(
    found.ResultConfiguration?.OutputLocation ?? "",
    new RegExp(`^s3://results/${found.QueryExecutionId}\\.csv$`),
  );
  assert.deepEqual([found.StatementType, found.SubstatementType, found.WorkGroup], ["DML", "SELECT", workgroup]);
  assert.equal(found.EngineVersion?.EffectiveEngineVersion, "Athena engine version 3");
  const all = (await ask("SELECT * FROM shop")).execution.Statistics?.DataScannedInBytes ?? 0;
  const some = found.Statistics?.DataScannedInBytes ?? 0;
  assert.ok(some > 0 && some < all, `${some} of ${all} bytes: the columns that are needed`);
  assert.equal((await ask("SELECT count(*) FROM (SELECT * FROM shop)")).execution.Statistics?.DataScannedInBytes, 0);

  const id = await start("SELECT 1 / (id - id) FROM shop");
  await athena.idle();
  const { Status } = await execution(id);
  assert.equal(Status?.State, "FAILED");
  assert.equal(Status?.StateChangeReason, "DIVISION_BY_ZERO: Division by zero");
  assert.deepEqual(Status?.AthenaError, {
    ErrorCategory: 2,
    ErrorType: 1001,
    Retryable: false,
    ErrorMessage: "DIVISION_BY_ZERO: Division by zero",
  });
  await assert.rejects(client.send(new GetQueryResultsCommand({ QueryExecutionId: id })), {
    message: "Query did not finish successfully. Final query state: FAILED",
  });
  await assert.rejects(client.send(new GetQueryExecutionCommand({ QueryExecutionId: "nobody's" })), {
    AthenaErrorCode: "QUERY_EXECUTION_NOT_FOUND",
  });
  const { QueryExecutionIds } = await client.send(
    new ListQueryExecutionsCommand({ WorkGroup: workgroup, MaxResults: 2 }),
  );
  assert.equal(QueryExecutionIds?.[0], id);
  const batch = await client.send(new BatchGetQueryExecutionCommand({ QueryExecutionIds: [id, "nobody's"] }));
  assert.deepEqual(
    [
      batch.QueryExecutions?.map((each) => each.QueryExecutionId),
      batch.UnprocessedQueryExecutionIds?.map((each) => each.QueryExecutionId),
    ],
    [[id], ["nobody's"]],
  );
  const { QueryRuntimeStatistics } = await client.send(
    new GetQueryRuntimeStatisticsCommand({ QueryExecutionId: found.QueryExecutionId }),
  );
  assert.deepEqual(QueryRuntimeStatistics?.Rows, { InputBytes: some, OutputRows: 1 });
});

test("what Athena refuses at once is refused at once", async (t) => {
  const { start } = await athenaBehindDoor(t);
  for (const [sql, message] of [
    ["SELECT 1; SELECT 2", "Only one sql statement is allowed. Got: SELECT 1; SELECT 2"],
    ["SELEKT 1", "line 1:1: mismatched input 'SELEKT'"],
    ["SELECT 1 FROM", "line 1:14: mismatched input '<EOF>'"],
    [`SELECT '${"x".repeat(262_144)}'`, /less than or equal to 262144$/],
  ] as const) {
    await assert.rejects(start(sql), (error: Error) => {
      assert.equal(error.name, "InvalidRequestException");
      if (typeof message === "string") assert.equal(error.message.slice(0, message.length), message);
      else assert.match(error.message, message);
      return true;
    });
  }
  await assert.rejects(start("SELECT 1", { WorkGroup: "nobody's" }), { message: "WorkGroup nobody's is not found." });
});

test("statements that are not imitated fail by their names", async (t) => {
  const { ask } = await athenaBehindDoor(t);
  for (const [sql, name] of [
    ["CREATE TABLE a AS SELECT 1 AS x", "CREATE TABLE"],
    ["CREATE EXTERNAL TABLE a (x int) LOCATION 's3://data/a/'", "CREATE EXTERNAL"],
    ["INSERT INTO a SELECT 1", "INSERT INTO"],
    ["DROP TABLE a", "DROP TABLE"],
    ["MSCK REPAIR TABLE a", "MSCK REPAIR"],
    ["EXPLAIN SELECT 1", "EXPLAIN SELECT"],
  ] as const) {
    await assert.rejects(ask(sql), {
      name: "FAILED",
      message: `NOT_SUPPORTED: The statement ${name} is not imitated here`,
    });
  }
});

test("a request that is sent twice is one query", async (t) => {
  const { start } = await athenaBehindDoor(t);
  const ClientRequestToken = "a token of at least thirty-two characters";
  const id = await start("SELECT 1", { ClientRequestToken });
  assert.equal(await start("SELECT 1", { ClientRequestToken }), id);
  await assert.rejects(start("SELECT 2", { ClientRequestToken }), { AthenaErrorCode: "IDEMPOTENT_PARAMETER_MISMATCH" });
});

test("parameters take the places of question marks, in order", async (t) => {
  const { ask } = await athenaBehindDoor(t);
  const { rows } = await ask("SELECT ? AS a, ? AS b, '?' AS c -- ?\nWHERE ? > 1", {
    ExecutionParameters: ["42", "'it''s'", "2"],
  });
  assert.deepEqual(rows, [["42", "it's", "?"]]);
  await assert.rejects(ask("SELECT ?, ?", { ExecutionParameters: ["1"] }), {
    message: "INVALID_PARAMETER_USAGE: line 1:1: Incorrect number of parameters: expected 2 but found 1",
  });
  await assert.rejects(ask("SELECT ?", { ExecutionParameters: ["1, 2"] }), /INVALID_PARAMETER_USAGE/);
});

test("a query is cancelled half-way", async (t) => {
  const { start, execution, client, athena } = await athenaBehindDoor(t);
  const id = await start(endless);
  // RUNNING is the fact; there is nothing to wait for but that.
  while ((await execution(id)).Status?.State !== "RUNNING");
  await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
  await athena.idle();

  const { Status } = await execution(id);
  assert.deepEqual([Status?.State, Status?.StateChangeReason], ["CANCELLED", "Query cancelled by user"]);
  await assert.rejects(client.send(new GetQueryResultsCommand({ QueryExecutionId: id })), {
    message: "Could not find results",
  });
  // What has ended stays as it is.
  await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
});

test("a query is cancelled while its rows are on their way, through functions of ours", async (t) => {
  const { start, execution, client, athena } = await athenaBehindDoor(t);
  const rows = `UNNEST(sequence(1, 20000)) AS a (x) CROSS JOIN UNNEST(sequence(1, 20000)) AS b (y)`;
  const id = await start(`SELECT reverse(CAST(x * y AS varchar)), x / nullif(y, 0.5) FROM ${rows}`);
  while ((await execution(id)).Status?.State !== "RUNNING");
  const written = async () =>
    (await client.send(new GetQueryRuntimeStatisticsCommand({ QueryExecutionId: id }))).QueryRuntimeStatistics?.Rows
      ?.OutputRows ?? 0;
  while ((await written()) === 0);
  await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
  await athena.idle();
  assert.equal((await execution(id)).Status?.State, "CANCELLED");
});

test("the end of the embedded AWS cancels what runs and what waits", async (t) => {
  const first = await athenaBehindDoor(t);
  const ids = await Promise.all([
    first.start(endless),
    first.start(endless),
    first.start(endless),
    first.start("SELECT 1"),
  ]);
  await first.athena.end();
  const states = await Promise.all(ids.map(async (id) => (await first.execution(id)).Status?.State));
  assert.deepEqual(states, Array(4).fill("CANCELLED"));
});

/** Ten to the thirteenth rows, one after the other. */
const endless = `SELECT count(*) FROM UNNEST(sequence(1, 20000)) AS a (x) CROSS JOIN UNNEST(sequence(1, 20000)) AS b (y)
  CROSS JOIN UNNEST(sequence(1, 20000)) AS c (z) WHERE (x * y * z) % 7 = 3`;

test("a query that would scan more than the workgroup allows is cancelled", async (t) => {
  const { ask, put, table } = await athenaBehindDoor(t, { scanLimit: 10_000 });
  await put("shop/dt=2026-01-01/a.parquet", "SELECT hash(range)::VARCHAR AS code, 1 AS one FROM range(5000)");
  table("shop", { code: "string", one: "int" });
  await assert.rejects(ask("SELECT max(code) FROM shop"), {
    name: "CANCELLED",
    message: "Bytes scanned limit was exceeded",
  });
  assert.deepEqual((await ask("SELECT sum(one) FROM shop")).rows, [["5000"]]);
});

test("workgroups and named queries are told as they are registered", async (t) => {
  const { athena, client, start, execution } = await athenaBehindDoor(t);
  athena.createNamedQuery({
    id: "1",
    name: "sales",
    description: "What was sold?",
    database,
    workgroup,
    query: "SELECT 1",
  });
  athena.createWorkgroup({ name: "open", arn: "arn", enforced: false });

  const { WorkGroup } = await client.send(new GetWorkGroupCommand({ WorkGroup: workgroup }));
  assert.deepEqual(WorkGroup?.Configuration?.ResultConfiguration, { OutputLocation: "s3://results/" });
  assert.equal(WorkGroup?.Configuration?.EnforceWorkGroupConfiguration, true);
  const { WorkGroups } = await client.send(new ListWorkGroupsCommand({}));
  assert.deepEqual(
    WorkGroups?.map(({ Name }) => Name),
    [workgroup, "open"],
  );

  const { NamedQueryIds = [] } = await client.send(new ListNamedQueriesCommand({ WorkGroup: workgroup }));
  const { NamedQueries } = await client.send(new BatchGetNamedQueryCommand({ NamedQueryIds }));
  assert.deepEqual(NamedQueries, [
    {
      NamedQueryId: "1",
      Name: "sales",
      Description: "What was sold?",
      Database: database,
      WorkGroup: workgroup,
      QueryString: "SELECT 1",
    },
  ]);
  assert.equal((await client.send(new GetNamedQueryCommand({ NamedQueryId: "1" }))).NamedQuery?.Name, "sales");
  await assert.rejects(client.send(new GetNamedQueryCommand({ NamedQueryId: "2" })), {
    AthenaErrorCode: "NAMED_QUERY_NOT_FOUND",
  });

  // An enforced workgroup passes over what the client asks for; another one needs it.
  const elsewhere = { ResultConfiguration: { OutputLocation: "s3://data/elsewhere/" } };
  const enforced = await execution(await start("SELECT 1", elsewhere));
  assert.match(enforced.ResultConfiguration?.OutputLocation ?? "", /^s3:\/\/results\//);
  const open = await execution(await start("SELECT 1", { WorkGroup: "open", ...elsewhere }));
  assert.match(open.ResultConfiguration?.OutputLocation ?? "", /^s3:\/\/data\/elsewhere\//);
  await assert.rejects(start("SELECT 1", { WorkGroup: "open" }), /No output location provided/);
  await athena.idle();
});

test("SHOW and DESCRIBE tell what the catalogue holds", async (t) => {
  const { ask, table, catalog } = await athenaBehindDoor(t);
  catalog.putDatabase({ name: "other" });
  table("shop", { id: "bigint", name: "string" }, { partitionKeys: [{ name: "dt", type: "string" }] });
  const partition = { ...parquet, columns: [], location: "s3://data/shop/dt=2026-01-01/", parameters: {} };
  catalog.putPartitions(database, "shop", [{ ...partition, values: ["2026-01-01"] }]);
  table("stock", { id: "bigint" });

  const lines = async (sql: string) => (await ask(sql)).rows.map(([line]) => line);
  assert.deepEqual(await lines("SHOW DATABASES"), ["lake", "other"]);
  assert.deepEqual(await lines("-- all\nSHOW TABLES IN lake;"), ["shop", "stock"]);
  assert.deepEqual(await lines("SHOW TABLES 'st*'"), ["stock"]);
  assert.deepEqual(await lines("SHOW TABLES IN other"), []);
  assert.deepEqual(await lines("SHOW PARTITIONS shop"), ["dt=2026-01-01"]);
  assert.deepEqual(
    (await lines("SHOW COLUMNS IN shop")).map((line) => line?.trim()),
    ["id", "name", "dt"],
  );
  assert.deepEqual(
    (await lines("DESCRIBE lake.stock")).map((line) => line?.trim().split(/\s+/)),
    [["id", "bigint"]],
  );
  await assert.rejects(ask("DESCRIBE nothing"), { message: "TABLE_NOT_FOUND: Table 'lake.nothing' does not exist" });
  assert.deepEqual(
    (
      await ask(
        "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'lake' ORDER BY 1, ordinal_position",
      )
    ).rows,
    [
      ["shop", "id", "bigint"],
      ["shop", "name", "varchar"],
      ["shop", "dt", "varchar"],
      ["stock", "id", "bigint"],
    ],
  );
  assert.equal((await ask("SHOW TABLES")).execution.StatementType, "UTILITY");
});

test("UNLOAD writes Parquet files, in partitions where it is asked to", async (t) => {
  const { ask, files, table, put } = await athenaBehindDoor(t);
  const unload =
    "UNLOAD (SELECT x AS id, TIMESTAMP '2026-01-01 00:00:00' AS at, CAST(x % 2 AS varchar) AS dt FROM UNNEST(sequence(1, 4)) AS t (x))";
  const { execution } = await ask(
    `${unload} TO 's3://data/out/' WITH (format = 'PARQUET', compression = 'SNAPPY', partitioned_by = ARRAY['dt'])`,
  );
  assert.deepEqual([execution.StatementType, execution.SubstatementType], ["DML", "UNLOAD"]);
  const { Contents = [] } = await files.send(new ListObjectsV2Command({ Bucket: "data", Prefix: "out/" }));
  assert.deepEqual(
    Contents.map(({ Key = "" }) => Key.split("/").slice(0, 2).join("/")),
    ["out/dt=0", "out/dt=1"],
  );
  const location = execution.Statistics?.DataManifestLocation ?? "";
  const manifest = await files.send(
    new GetObjectCommand({ Bucket: "results", Key: location.replace("s3://results/", "") }),
  );
  assert.deepEqual(
    (await manifest.Body?.transformToString())?.split("\n").filter(Boolean),
    Contents.map(({ Key }) => `s3://data/${Key}`),
  );
  table(
    "out",
    { id: "bigint", at: "timestamp" },
    {
      partitionKeys: [{ name: "dt", type: "string" }],
      parameters: { "projection.enabled": "true", "projection.dt.type": "enum", "projection.dt.values": "0,1" },
    },
  );
  assert.deepEqual((await ask("SELECT dt, sum(id), max(at) FROM out GROUP BY dt ORDER BY dt")).rows, [
    ["0", "6", "2026-01-01 00:00:00.000"],
    ["1", "4", "2026-01-01 00:00:00.000"],
  ]);

  await put("taken/a.parquet", "SELECT 1 AS a");
  for (const [sql, code] of [
    ["UNLOAD (SELECT 1 AS a) TO 's3://data/taken/' WITH (format = 'PARQUET')", "HIVE_PATH_ALREADY_EXISTS"],
    ["UNLOAD (SELECT 1 AS a) TO 's3://data/json/' WITH (format = 'JSON')", "NOT_SUPPORTED"],
    [
      "UNLOAD (SELECT 1 AS a, 2 AS b) TO 's3://data/p/' WITH (format = 'PARQUET', partitioned_by = ARRAY['a'])",
      "INVALID_TABLE_PROPERTY",
    ],
    [
      "UNLOAD (SELECT x AS a, x AS p FROM UNNEST(sequence(1, 101)) AS t (x)) TO 's3://data/q/' WITH (format = 'PARQUET', partitioned_by = ARRAY['p'])",
      "HIVE_TOO_MANY_OPEN_PARTITIONS",
    ],
  ] as const) {
    await assert.rejects(ask(sql), (error: Error) => error.message.startsWith(`${code}: `), sql);
  }
  assert.deepEqual(
    (await ask("UNLOAD (SELECT 1 AS a WHERE false) TO 's3://data/none/' WITH (format = 'PARQUET')")).rows,
    [],
  );
});

test("operations and inputs that are not imitated are refused by name", async (t) => {
  const { client, start } = await athenaBehindDoor(t);
  await assert.rejects(client.send(new CreateWorkGroupCommand({ Name: "a" })), {
    name: "NotImplemented",
    message: "CreateWorkGroup is not imitated",
  });
  await assert.rejects(start("SELECT 1", { EngineConfiguration: { MaxConcurrentDpus: 1 } }), {
    message: "StartQueryExecution with EngineConfiguration is not imitated",
  });
});
