import assert from "node:assert/strict";
import { test } from "node:test";
import { AthenaClient } from "@aws-sdk/client-athena";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { Statement } from "../../door/policy";
import { parquet } from "../glue/catalog";
import { account, athenaBehindDoor, database, region } from "./fixture";

const byDay = { partitionKeys: [{ name: "dt", type: "string" }] };

test("a partition is read only where the query may need it", async (t) => {
  const { ask, catalog, put, table } = await athenaBehindDoor(t);
  const days = ["2026-01-01", "2026-01-02", "2026-01-03"];
  for (const day of days) await put(`shop/dt=${day}/a.parquet`, "SELECT range + 1 AS id FROM range(100)");
  table("shop", { id: "bigint" }, byDay);
  catalog.putPartitions(
    database,
    "shop",
    days.map((day) => ({
      ...parquet,
      columns: [],
      parameters: {},
      location: `s3://data/shop/dt=${day}/`,
      values: [day],
    })),
  );
  const scanned = async (sql: string) => (await ask(sql)).execution.Statistics?.DataScannedInBytes ?? 0;

  const all = await scanned("SELECT sum(id) FROM shop");
  for (const where of [
    "dt = '2026-01-02'",
    "dt BETWEEN '2026-01-02' AND '2026-01-02'",
    "CAST(dt AS date) = DATE '2026-01-02'",
    "dt IN ('2026-01-02') AND id > 0",
  ]) {
    assert.equal((await scanned(`SELECT sum(id) FROM shop WHERE ${where}`)) * 3, all, where);
  }
  assert.equal((await scanned("SELECT sum(id) FROM shop WHERE dt >= '2026-01-02'")) * 3, all * 2);
  assert.equal(await scanned("SELECT sum(id) FROM shop WHERE dt = '2026-01-09'"), 0);
  // Twice in a query: what either of them needs.
  assert.equal(
    (await scanned(
      "SELECT sum(a.id) FROM shop a JOIN shop b ON a.id = b.id WHERE a.dt = '2026-01-01' AND b.dt = '2026-01-02'",
    )) * 3,
    all * 2,
  );
  // What is missing on the far side of an outer join is found by looking at all that is there.
  const far =
    "SELECT count(*) FROM (VALUES '2026-01-01', '2026-01-09') AS t (day) LEFT JOIN shop ON dt = day WHERE dt IS NULL";
  assert.deepEqual((await ask(far)).rows, [["1"]]);
  assert.deepEqual(
    (await ask("SELECT dt, min(id) FROM shop GROUP BY dt ORDER BY dt")).rows,
    days.map((day) => [day, "1"]),
  );
});

test("a projection says where the partitions lie, and the catalogue's own are passed over", async (t) => {
  const { ask, put, table } = await athenaBehindDoor(t);
  await put("projected/2026/01/05/eu-07/a.parquet", "SELECT 1 AS id");
  await put("projected/2026/01/06/us-12/a.parquet", "SELECT 2 AS id");
  await put("projected/2025/12/31/eu-07/a.parquet", "SELECT 3 AS id");
  table(
    "projected",
    { id: "int" },
    {
      partitionKeys: [
        { name: "day", type: "string" },
        { name: "place", type: "string" },
        { name: "shelf", type: "int" },
      ],
      parameters: {
        "projection.enabled": "true",
        "projection.day.type": "date",
        "projection.day.format": "yyyy/MM/dd",
        "projection.day.range": "2026/01/01,2026/02/01",
        "projection.place.type": "enum",
        "projection.place.values": "eu,us",
        "projection.shelf.type": "integer",
        "projection.shelf.range": "1,12",
        "projection.shelf.digits": "2",
        "storage.location.template": ["s3://data/projected/$", "{day}/$", "{place}-$", "{shelf}/"].join(""),
      },
    },
  );
  assert.deepEqual((await ask("SELECT id, day, place, shelf FROM projected ORDER BY id")).rows, [
    ["1", "2026/01/05", "eu", "7"],
    ["2", "2026/01/06", "us", "12"],
  ]);
  assert.deepEqual((await ask("SELECT id FROM projected WHERE shelf > 7 AND day LIKE '2026/01/%'")).rows, [["2"]]);

  await put("injected/k=a'b/a.parquet", "SELECT 7 AS id");
  table(
    "injected",
    { id: "int" },
    {
      partitionKeys: [{ name: "k", type: "string" }],
      parameters: { "projection.enabled": "true", "projection.k.type": "injected" },
    },
  );
  assert.deepEqual((await ask("SELECT id, k FROM injected WHERE k = 'a''b'")).rows, [["7", "a'b"]]);
  await assert.rejects(
    ask("SELECT id FROM injected"),
    /^FAILED: CONSTRAINT_VIOLATION: For the injected projected partition column k/,
  );
});

test("files are read by name: hidden ones not at all, missing columns as NULL, names in any case", async (t) => {
  const { ask, files, put, table } = await athenaBehindDoor(t);
  await put("shop/a.parquet", "SELECT 1 AS \"ID\", 'x' AS name");
  await put("shop/more/b.parquet", "SELECT 5.5::DOUBLE AS price, 2 AS id");
  await put("shop/_temporary/c.parquet", "SELECT 3 AS id");
  await put("shop/.hidden.parquet", "SELECT 4 AS id");
  await files.send(new PutObjectCommand({ Bucket: "data", Key: "shop/empty.parquet", Body: "" }));
  table("shop", { id: "bigint", name: "string", price: "double" });

  const { rows } = await ask('SELECT id, name, price, "$path" FROM shop ORDER BY id');
  assert.deepEqual(rows, [
    ["1", "x", undefined, "s3://data/shop/a.parquet"],
    ["2", undefined, "5.5", "s3://data/shop/more/b.parquet"],
  ]);
  assert.deepEqual((await ask("SELECT * FROM shop WHERE id = 1")).rows, [["1", "x", undefined]]);
  await files.send(new DeleteObjectCommand({ Bucket: "data", Key: "shop/a.parquet" }));
  assert.deepEqual((await ask("SELECT count(*) FROM shop")).rows, [["1"]]);
});

test("a file whose column is of another type is told by its name, where the column is asked for", async (t) => {
  const { ask, files, put, table } = await athenaBehindDoor(t);
  await put("shop/a.parquet", "SELECT 1::BIGINT AS id, 10::BIGINT AS price");
  await put("shop/b.parquet", "SELECT 2::INTEGER AS id, 1.5::DOUBLE AS price");
  table("shop", { id: "bigint", price: "bigint" });

  assert.deepEqual((await ask("SELECT sum(id) FROM shop")).rows, [["3"]]);
  await assert.rejects(ask("SELECT sum(price) FROM shop"), {
    name: "FAILED",
    message:
      "HIVE_BAD_DATA: Field price's type DOUBLE in parquet file s3://data/shop/b.parquet is incompatible with type bigint defined in table schema",
  });
  await files.send(new PutObjectCommand({ Bucket: "data", Key: "shop/c.parquet", Body: "no Parquet" }));
  await assert.rejects(
    ask("SELECT sum(id) FROM shop"),
    /HIVE_BAD_DATA: Not valid Parquet file: s3:\/\/data\/shop\/c\.parquet/,
  );
});

test("a query sees the files as they were when it began, and nothing beside them", async (t) => {
  const { ask, put, table } = await athenaBehindDoor(t);
  await put("shop/[a]*?.parquet", "SELECT 1 AS id");
  await put("other/a.parquet", "SELECT 2 AS id");
  table("shop", { id: "int" });
  table("outside", { id: "int" }, { location: "s3://nobody/shop/" });
  table(
    "text",
    { id: "int" },
    {
      serde: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
      inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
    },
  );
  table("odd", { id: "uniontype<int>" });

  assert.deepEqual((await ask("SELECT * FROM shop")).rows, [["1"]]);
  for (const [sql, message] of [
    ["SELECT * FROM outside", /^PERMISSION_DENIED|NoSuchBucket/],
    ["SELECT * FROM text", /^NOT_SUPPORTED: Table text is read by .*LazySimpleSerDe, and here only Parquet is/],
    ["SELECT * FROM odd", /^NOT_SUPPORTED: Column id of table odd has the type uniontype<int>/],
    ["SELECT * FROM nothing", /^TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog\.lake\.nothing' does not exist/],
    ["SELECT * FROM nowhere.shop", /^SCHEMA_NOT_FOUND: line 1:15: Schema 'nowhere' does not exist/],
    ["SELECT * FROM hive.lake.shop", /^NOT_SUPPORTED: line 1:15: The catalog hive is not imitated/],
    ["SELECT * FROM t1", /^TABLE_NOT_FOUND/],
    ["SELECT * FROM duckdb_tables", /^TABLE_NOT_FOUND/],
  ] as const) {
    await assert.rejects(ask(sql), (error: Error) => {
      assert.match(error.message, message);
      return true;
    });
  }
});

/** Every shape in which a column can matter to an answer that does not show it. */
const shapes = [
  "SELECT * FROM shop",
  "SELECT a FROM shop WHERE c > 1.5e0",
  "SELECT count(*) FROM shop WHERE b IS NOT NULL",
  "SELECT a FROM shop ORDER BY c DESC, a LIMIT 3",
  "SELECT count(*) FROM (SELECT DISTINCT b, c FROM shop) AS t",
  "SELECT dt FROM (SELECT dt, c FROM shop UNION ALL SELECT b, c FROM shop ORDER BY 2, 1 LIMIT 4) AS t",
  "SELECT a FROM (SELECT a, b FROM shop UNION ALL SELECT a, b FROM shop ORDER BY b LIMIT 4) AS t",
  "SELECT count(*) FROM (SELECT b FROM shop UNION SELECT dt FROM shop) AS t",
  "SELECT a FROM (SELECT a, row_number() OVER (PARTITION BY b ORDER BY c, a) AS n FROM shop) AS t WHERE n = 1",
  "SELECT s FROM (SELECT b, sum(a) AS s, max(c) AS m FROM shop GROUP BY b HAVING min(c) < 9) AS t ORDER BY m",
  "SELECT x.a FROM shop AS x JOIN shop AS y ON x.b = y.dt OR x.c = y.c",
  "SELECT count(*) FROM shop AS x LEFT JOIN shop AS y USING (b)",
  "SELECT a FROM shop AS x WHERE EXISTS (SELECT 1 FROM shop AS y WHERE y.c > x.c AND y.b = x.b)",
  "SELECT a, (SELECT max(c) FROM shop AS y WHERE y.b = x.b) FROM shop AS x",
  "SELECT a FROM shop WHERE (a, 1) IS NOT NULL AND b IN (SELECT b FROM shop WHERE dt = '2026-01-02')",
  "WITH t AS (SELECT a, b, c FROM shop), u AS (SELECT a, max(c) OVER (PARTITION BY b) AS m FROM t) SELECT u.a FROM u JOIN t ON t.c = u.m",
  "SELECT e FROM shop CROSS JOIN UNNEST(ARRAY[c, 1e0]) AS t (e) WHERE dt > '2026-01-01'",
  "SELECT a FROM shop AS x CROSS JOIN LATERAL (SELECT count(*) AS n FROM shop AS y WHERE y.c < x.c) AS l WHERE l.n > 2",
  "SELECT b, grouping(b), count(*) FILTER (WHERE c > 1) FROM shop GROUP BY ROLLUP (b)",
  "SELECT listagg(b, ',') WITHIN GROUP (ORDER BY c, a) FROM shop",
  "SELECT CASE WHEN c > 2 THEN a END, IF(dt = '2026-01-01', b) FROM shop",
  "SELECT array_agg(a ORDER BY c DESC, a) FROM shop",
  "SELECT max_by(c, a), count(DISTINCT dt) FROM shop WHERE dt <> '2026-01-03' OR c IS NULL",
];

test("a table answers as the same rows written into the query do", async (t) => {
  const { ask, catalog, put, table } = await athenaBehindDoor(t);
  const days = ["2026-01-01", "2026-01-02", "2026-01-03"];
  const rows = (day: number) =>
    `(${day}, 'x${day % 2}', ${day}.25e0), (${day + 3}, 'y', 1.5e0), (${day + 6}, NULL, NULL)`;
  table("shop", { a: "int", b: "string", c: "double" }, byDay);
  for (const [index, day] of days.entries()) {
    await put(
      `shop/dt=${day}/a.parquet`,
      `SELECT a::INTEGER AS a, b::VARCHAR AS b, c::DOUBLE AS c FROM (VALUES ${rows(index)}) AS t (a, b, c)`,
    );
  }
  const partition = (day: string) => ({
    ...parquet,
    columns: [],
    parameters: {},
    location: `s3://data/shop/dt=${day}/`,
    values: [day],
  });
  catalog.putPartitions(database, "shop", days.map(partition));
  const written = days.map((day, index) => rows(index).replaceAll(")", `, '${day}')`)).join(", ");
  const sorted = (answer: { readonly rows: readonly unknown[] }) =>
    answer.rows.map((row) => JSON.stringify(row)).sort();

  for (const sql of shapes) {
    const twin = `WITH shop (a, b, c, dt) AS (VALUES ${written})${sql.startsWith("WITH") ? sql.replace("WITH", ",") : ` ${sql}`}`;
    assert.deepEqual(sorted(await ask(sql)), sorted(await ask(twin)), sql);
  }
});

/** What a caller needs for a query of the table shop. */
function rights(): Record<"start" | "database" | "table" | "list" | "read" | "write" | "locate", Statement> {
  const glue = (resource: string) => `arn:aws:glue:${region}:${account}:${resource}`;
  const allow = (Action: readonly string[], Resource: readonly string[]): Statement => ({
    Effect: "Allow",
    Action,
    Resource,
  });
  return {
    start: allow(["athena:*"], [`arn:aws:athena:${region}:${account}:workgroup/analysts`]),
    database: allow(["glue:GetDatabase"], [glue("catalog"), glue("database/*")]),
    table: allow(["glue:GetTable"], [glue("catalog"), glue(`database/${database}`), glue(`table/${database}/shop`)]),
    list: allow(["s3:ListBucket"], ["arn:aws:s3:::data"]),
    read: allow(["s3:GetObject"], ["arn:aws:s3:::data/shop/*", "arn:aws:s3:::results/*"]),
    write: allow(["s3:PutObject"], ["arn:aws:s3:::results/*"]),
    locate: allow(["s3:GetBucketLocation"], ["arn:aws:s3:::results"]),
  };
}

test("the caller's own rights decide, over the workgroup, the catalogue, the data and the results", async (t) => {
  const { ask, config, put, table } = await athenaBehindDoor(t);
  await put("shop/a.parquet", "SELECT 1 AS id");
  table("shop", { id: "int" });
  table("secret", { id: "int" });
  const all = rights();
  const by = (...without: (keyof typeof all)[]) =>
    new AthenaClient(
      config(
        Object.entries(all).flatMap(([name, statement]) => (without.some((each) => each === name) ? [] : statement)),
      ),
    );

  assert.deepEqual((await ask("SELECT id FROM shop", {}, by())).rows, [["1"]]);
  await assert.rejects(ask("SELECT id FROM shop", {}, by("start")), { name: "AccessDeniedException" });
  for (const [without, action] of [
    ["database", "glue:GetDatabase"],
    ["table", "glue:GetTable"],
    ["list", "s3:ListBucket"],
    ["read", "s3:GetObject"],
    ["write", "s3:PutObject"],
    ["locate", "s3:GetBucketLocation"],
  ] as const) {
    await assert.rejects(ask("SELECT id FROM shop", {}, by(without)), (error: Error) => {
      assert.equal(error.name, "FAILED");
      assert.match(error.message, new RegExp(`^PERMISSION_DENIED: .*not authorized to perform: ${action} on resource`));
      return true;
    });
  }
  await assert.rejects(ask("SELECT id FROM secret", {}, by()), /glue:GetTable on resource: .*table\/lake\/secret/);
});
