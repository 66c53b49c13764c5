import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { DuckDBConnection } from "@duckdb/node-api";
import fc from "fast-check";
import { duckdbType } from "../../../schemas/column-types";
import { protectionMacros } from "../../../schemas/protection";
import { literal, quoted } from "../../../schemas/sql-text";
import { type Table, tables } from "../../../schemas/tables";
import { openDuckDB } from "../../../stage/duckdb";
import {
  brokenRows,
  curatedColumns,
  mergedCounts,
  mergedPartition,
  mergedRows,
  newPartition,
  quarantineLines,
  rawView,
  repeatedKeys,
  type Source,
  stagedRows,
} from "./curation-sql";

/** A row in SQL expressions. */
type Row = Readonly<Record<string, string>>;
type Lake = Map<string, string>;

let directory: string;
let db: DuckDBConnection;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), "curation-sql-"));
  db = await (await openDuckDB(directory)).connect();
  for (const macro of protectionMacros("a key for tests")) await db.run(macro);
});
after(() => rm(directory, { recursive: true }));

let files = 0;
const newPath = (extension = "parquet") => join(directory, `${++files}.${extension}`);
const ask = async (sql: string) => (await db.runAndReadAll(sql)).getRowObjectsJson();
const source: Source = { key: "raw/payments/a.parquet", version: "v1" };

const payment: Row = {
  payment_id: "1",
  order_id: "10",
  customer_id: "100",
  method: "'card'",
  status: "'captured'",
  amount: "12.50",
  currency: "'EUR'",
  card_number: "'4111 1111 1111 1111'",
  card_cvv: "'123'",
  country: "'DE'",
  created_at: "TIMESTAMP '2026-03-01 10:00:00'",
  updated_at: "TIMESTAMP '2026-03-01 10:00:00'",
};

const customer: Row = {
  customer_id: "1",
  full_name: "'Ada'",
  email: "'ada@example.com'",
  ssn: "'078-05-1120'",
  country: "'DE'",
  region: "'Hessen'",
  marketing_consent: "true",
  notes: "'none'",
  created_at: "TIMESTAMP '2026-03-17 10:00:00'",
  updated_at: "TIMESTAMP '2026-03-17 10:00:00'",
};

test("Every row of a file is staged, repeated or broken", async () => {
  await stage(tables.payments, [
    payment,
    { ...payment, status: "'refunded'" },
    { ...payment, payment_id: "2" },
    { ...payment, payment_id: "3", currency: "'eur'" },
    { ...payment, payment_id: "NULL" },
  ]);
  assert.deepEqual(await ask("SELECT source_row::INTEGER AS row FROM broken ORDER BY row"), [{ row: 4 }, { row: 5 }]);
  assert.deepEqual(await ask("SELECT payment_id, copies FROM repeated"), [{ payment_id: "1", copies: "2" }]);
  assert.deepEqual(await ask("SELECT payment_id FROM staged ORDER BY ALL"), [{ payment_id: "1" }, { payment_id: "2" }]);
});

test("The newest version of a row wins, also when it is broken apart from others by a key of two columns", async () => {
  const item = (order: number, line: number, quantity: number, second: number): Row => ({
    order_id: String(order),
    line: String(line),
    product_id: "1",
    quantity: String(quantity),
    unit_price: "1",
    discount: "0",
    created_at: "TIMESTAMP '2026-03-01 00:00:00'",
    updated_at: `TIMESTAMP '2026-03-01 00:00:0${second}'`,
  });
  await stage(tables.order_items, [item(1, 1, 5, 1), item(1, 1, 4, 3), item(1, 1, 9, 2), item(1, 2, 7, 0)]);
  assert.deepEqual(await ask("SELECT line, quantity, source_row FROM staged ORDER BY line"), [
    { line: 1, quantity: 4, source_row: "2" },
    { line: 2, quantity: 7, source_row: "4" },
  ]);
});

test("Of two equally new versions the content decides and not the order", async () => {
  const versions = [payment, { ...payment, status: "'refunded'" }, { ...payment, card_number: "NULL" }];
  const seen = new Set<unknown>();
  for (const order of [versions, versions.toReversed(), [...versions.slice(1), ...versions.slice(0, 1)]]) {
    const lake: Lake = new Map();
    for (const [index, row] of order.entries())
      await curate(tables.payments, [row], lake, { key: `${index}`, version: "v" });
    const [one = {}, ...others] = await contents(lake);
    assert.equal(others.length, 0);
    seen.add(one.status);
    await stage(tables.payments, order);
    seen.add((await ask("SELECT status FROM staged"))[0]?.status);
  }
  assert.deepEqual([...seen], ["refunded"]);
});

const two = ["'4111 1111 1111 1111'", "'5555555555554444'", "NULL"];
/** Versions of a few payments; a payment's day never changes. */
const anyPayment: fc.Arbitrary<Row> = fc
  .record({
    id: fc.integer({ min: 1, max: 4 }),
    second: fc.integer({ min: 0, max: 2 }),
    status: fc.constantFrom("'captured'", "'refunded'"),
    card_number: fc.constantFrom(...two),
    card_cvv: fc.constantFrom("'123'", "NULL"),
    currency: fc.constantFrom("'EUR'", "'EUR'", "'EUR'", "'eur'"),
  })
  .map(({ id, second, ...others }) => ({
    ...payment,
    ...others,
    payment_id: String(id),
    created_at: `TIMESTAMP '2026-03-0${(id % 2) + 1} 10:00:00'`,
    updated_at: `TIMESTAMP '2026-03-05 10:00:0${second}'`,
  }));

test("The same files give the same partitions in whatever order, however often and together they come", async () => {
  const someFiles = fc.array(fc.array(anyPayment, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 3 });
  const history = someFiles.chain((rows) => {
    const each = rows.map((_, index) => index);
    const again = fc.array(fc.constantFrom(...each), { maxLength: 2 });
    return fc.record({
      rows: fc.constant(rows),
      order: again.chain((more) => fc.shuffledSubarray([...each, ...more], { minLength: each.length + more.length })),
    });
  });
  await fc.assert(
    fc.asyncProperty(history, async ({ rows, order }) => {
      const [once, anyhow, together]: Lake[] = [new Map(), new Map(), new Map()];
      assert.ok(once && anyhow && together);
      const arrive = (lake: Lake, index: number) =>
        curate(tables.payments, rows[index] ?? [], lake, { key: `raw/payments/${index}.parquet`, version: "v" });
      for (const index of rows.keys()) await arrive(once, index);
      for (const index of order) await arrive(anyhow, index);
      await curate(tables.payments, rows.flat(), together, source);
      const expected = await contents(once);
      assert.deepEqual(await contents(anyhow), expected);
      assert.deepEqual((await contents(together)).map(withoutSource), expected.map(withoutSource));
    }),
    { numRuns: 12 },
  );
});

test("A file that comes again changes nothing, and the rows that stand in the lake are still counted as its own", async () => {
  const lake: Lake = new Map();
  const rows = [payment, { ...payment, payment_id: "2" }];
  assert.deepEqual(await curate(tables.payments, rows, lake), [{ own: "2", fresh: "2" }]);
  assert.deepEqual(await curate(tables.payments, rows, lake), [{ own: "2", fresh: "0" }]);
  const newer = { ...payment, updated_at: "TIMESTAMP '2026-03-02'" };
  assert.deepEqual(await curate(tables.payments, [newer], lake, { key: "b", version: "v" }), [
    { own: "1", fresh: "1" },
  ]);
  assert.deepEqual(await curate(tables.payments, rows, lake), [{ own: "1", fresh: "0" }]);
});

test("A merged partition has the same Parquet types as a new one, times in milliseconds", async () => {
  const lake: Lake = new Map();
  const schema = async () => {
    const [file = ""] = lake.values();
    return ask(`SELECT name, type, converted_type, logical_type FROM parquet_schema(${literal(file)})`);
  };
  await curate(tables.payments, [payment], lake);
  const fresh = await schema();
  assert.equal(fresh.find(({ name }) => name === "updated_at")?.converted_type, "TIMESTAMP_MILLIS");
  await curate(tables.payments, [{ ...payment, payment_id: "2", updated_at: "TIMESTAMP '2026-03-02'" }], lake, {
    key: "b",
    version: "v",
  });
  assert.deepEqual(await schema(), fresh);
});

test("A partition is sorted by its key and has the curated columns, of which none is sensitive", async () => {
  const lake: Lake = new Map();
  await curate(
    tables.payments,
    ["3", "1", "2"].map((payment_id) => ({ ...payment, payment_id })),
    lake,
  );
  const rows = await contents(lake, "");
  assert.deepEqual(
    rows.map(({ payment_id }) => payment_id),
    ["1", "2", "3"],
  );
  const { partition, ...columns } = rows[0] ?? {};
  assert.equal(partition, "2026-03-01");
  assert.deepEqual(Object.keys(columns), curatedColumns(tables.payments));
  for (const gone of ["card_number", "card_cvv", "ssn", "dt"]) assert.ok(!(gone in columns), gone);
  assert.equal(columns.card_last4, "1111");
  assert.doesNotMatch(JSON.stringify(rows), /4111|123"/);
});

test("Equal cards have one token however they are written, and different ones different tokens", async () => {
  const cards = [
    "4111111111111111",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "41 11-1111111 11111",
    "5555555555554444",
  ];
  await stage(
    tables.payments,
    cards.map((card, index) => ({ ...payment, payment_id: `${index + 1}`, card_number: literal(card) })),
  );
  const rows = await ask(
    "SELECT card_token, count(*)::INTEGER AS n, any_value(card_last4) AS last FROM staged GROUP BY 1",
  );
  assert.deepEqual(rows.map(({ n, last }) => `${n} ${last}`).sort(), ["1 4444", "4 1111"]);
  for (const { card_token } of rows) assert.match(String(card_token), /^[0-9a-f]{64}$/);
});

test("A row lies in the partition of its day, or of its month where the table changes slowly", async () => {
  const days = async () => (await ask("SELECT dt::VARCHAR AS dt FROM staged ORDER BY ALL")).map(({ dt }) => dt);
  const at = (id: string, time: string) => ({ ...payment, payment_id: id, created_at: `TIMESTAMP '${time}'` });
  await stage(tables.payments, [at("1", "2024-02-29 23:59:59.999"), at("2", "2024-03-01 00:00:00")]);
  assert.deepEqual(await days(), ["2024-02-29", "2024-03-01"]);
  await stage(tables.customers, [customer, { ...customer, customer_id: "2", created_at: "TIMESTAMP '2024-02-29'" }]);
  assert.deepEqual(await days(), ["2024-02-01", "2026-03-01"]);
});

test("A time is kept to the millisecond whatever its unit and zone, and one beyond the type breaks its row", async () => {
  for (const [time, kept] of [
    ["TIMESTAMP '2026-03-01 23:59:59.999999'", "2026-03-01 23:59:59.999"],
    ["TIMESTAMP_NS '2026-03-01 23:59:59.999999999'", "2026-03-01 23:59:59.999"],
    ["TIMESTAMP_MS '2026-03-01 23:59:59.999'", "2026-03-01 23:59:59.999"],
    ["TIMESTAMP_S '2026-03-01 23:59:59'", "2026-03-01 23:59:59"],
    ["TIMESTAMPTZ '2026-03-02 00:30:00.5+02'", "2026-03-01 22:30:00.5"],
    ["TIMESTAMP 'infinity'", undefined],
    ["TIMESTAMP '-infinity'", undefined],
    ["TIMESTAMPTZ 'infinity'", undefined],
    ["TIMESTAMP '294246-01-01 00:00:00'", undefined],
    ["TIMESTAMP '290000-01-01 (BC) 00:00:00'", undefined],
    ["TIMESTAMP '1999-12-31 23:59:59.999999'", undefined],
    ["CAST(NULL AS TIMESTAMP)", undefined],
  ] as const) {
    const file = await written([{ ...payment, created_at: time, updated_at: time }], {});
    await run(tables.payments, file);
    const staged = await ask(
      "SELECT created_at::VARCHAR AS created, updated_at::VARCHAR AS updated, dt::VARCHAR AS dt FROM staged",
    );
    assert.deepEqual(staged, kept ? [{ created: kept, updated: kept, dt: "2026-03-01" }] : [], time);
    const [problem] = kept ? [] : await quarantined(tables.payments);
    assert.equal(problem?.problems.length, kept ? undefined : 2, time);
  }
});

test("What may be missing may be missing", async () => {
  await stage(tables.payments, [{ ...payment, card_number: "NULL", card_cvv: "NULL" }]);
  assert.deepEqual(await ask("SELECT card_last4, card_token FROM staged"), [{ card_last4: null, card_token: null }]);
  await stage(tables.customers, [{ ...customer, ssn: "NULL", notes: "NULL" }]);
  assert.deepEqual(await ask("SELECT ssn_last4, notes FROM staged"), [{ ssn_last4: null, notes: null }]);
});

test("Narrower types than the declared ones are widened without a change", async () => {
  const file = await written(
    [{ ...payment, payment_id: "7::UTINYINT", order_id: "300::SMALLINT", amount: "9.5::DECIMAL(2,1)" }],
    {},
  );
  await run(tables.payments, file);
  assert.deepEqual(await ask("SELECT payment_id, order_id, amount, typeof(amount) AS type FROM staged"), [
    { payment_id: "7", order_id: "300", amount: "9.50", type: "DECIMAL(12,2)" },
  ]);
});

test("A quarantine line says where the row was, everything that is wrong with it, and what it holds", async () => {
  const long = `a "quoted" \\ text\n${"x".repeat(200)}`;
  await stage(tables.customers, [
    customer,
    {
      ...customer,
      customer_id: "0",
      email: "'nobody'",
      country: "'Germany'",
      region: literal(long),
      marketing_consent: "NULL",
    },
  ]);
  assert.deepEqual(await quarantined(tables.customers), [
    {
      file: source.key,
      version: source.version,
      row: 2,
      problems: [
        { field: "customer_id", reason: "is less than 1", value: "0" },
        { field: "email", reason: `does not match ${tables.customers.columns.email.pattern}`, value: "withheld" },
        { field: "country", reason: "does not match [A-Z]{2}", value: "Germany" },
        { field: "region", reason: "does not match [^\\r\\n]{1,200}", value: long },
        { field: "marketing_consent", reason: "is missing", value: null },
      ],
      record: {
        customer_id: "0",
        full_name: "Ada",
        email: "withheld",
        ssn: "***-**-****",
        country: "Germany",
        region: long,
        marketing_consent: null,
        notes: "none",
        created_at: "2026-03-17 10:00:00",
        updated_at: "2026-03-17 10:00:00",
      },
    },
  ]);
});

test("A quarantine line never shows a card or social security number, whatever column it has slipped into", async () => {
  const hidden = [
    "4111111111111111",
    "4111 1111-1111 1111",
    "x@4111111111111111",
    "4111111111111111@x",
    "078-05-1120",
    "a 4111111111111111\n!",
  ];
  for (const [table, good] of [
    [tables.payments, { ...payment, card_cvv: "'987'" }],
    [tables.customers, customer],
  ] as [Table, Row][]) {
    const broken = { ...good, updated_at: "NULL" };
    const rows = Object.entries(table.columns).flatMap(([name, { type }]): Row[] => {
      if (type === "bigint") return [{ ...broken, [name]: "4111111111111111" }];
      return type === "varchar" ? hidden.map((text) => ({ ...broken, [name]: literal(text) })) : [];
    });
    await stage(table, rows);
    const lines = await quarantined(table);
    assert.equal(lines.length, rows.length);
    for (const line of lines) assert.doesNotMatch(JSON.stringify(line), /4111|1111-1111|078-05|"987"/);
  }
});

test("A good row never shows a number that slipped into its e-mail address", async () => {
  await stage(tables.customers, [{ ...customer, email: "'a@4111111111111111.com'" }]);
  assert.deepEqual(await ask("SELECT email FROM staged"), [{ email: "a***@************1111.com" }]);
});

/** Writes the rows as a raw file and stages it: the tables broken, repeated and staged. */
async function stage(table: Table, rows: readonly Row[], from = source): Promise<void> {
  await run(table, await written(rows, table.columns), from);
}

/** The values in the types of `columns`, where it has them. */
async function written(rows: readonly Row[], columns: Table["columns"]): Promise<string> {
  const path = newPath();
  const selects = rows.map((row) => {
    const values = Object.entries(row).map(([name, sql]) => {
      const type = columns[name]?.type;
      return `${type ? `CAST(${sql} AS ${duckdbType(type)})` : sql} AS ${quoted(name)}`;
    });
    return `SELECT ${values.join(", ")}`;
  });
  await db.run(`COPY (${selects.join(" UNION ALL ")}) TO '${path}' (FORMAT parquet)`);
  return path;
}

async function run(table: Table, file: string, from = source): Promise<void> {
  for (const made of [
    "TABLE IF EXISTS staged",
    "TABLE IF EXISTS repeated",
    "TABLE IF EXISTS broken",
    "VIEW IF EXISTS raw",
  ]) {
    await db.run(`DROP ${made}`);
  }
  for (const sql of [rawView(table, file), brokenRows(table), repeatedKeys(table), stagedRows(table, from)])
    await db.run(sql);
  const [counts] = await ask(`SELECT (SELECT count(*) FROM raw) AS rows_in,
    (SELECT count(*) FROM staged) + (SELECT coalesce(sum(copies - 1), 0) FROM repeated) + (SELECT count(*) FROM broken) AS accounted`);
  assert.equal(Number(counts?.rows_in), Number(counts?.accounted));
}

/** Stages the rows and merges them into the lake, a file per partition; gives what was counted in each. */
async function curate(table: Table, rows: readonly Row[], lake: Lake, from = source) {
  await stage(table, rows, from);
  const counts: unknown[] = [];
  for (const { dt } of await ask("SELECT DISTINCT dt::VARCHAR AS dt FROM staged ORDER BY dt")) {
    const [day, present, next] = [String(dt), lake.get(String(dt)), newPath()];
    if (present === undefined) {
      await db.run(newPartition(table, day, next));
      counts.push(...(await ask(`SELECT count(*) AS own, count(*) AS fresh FROM '${next}'`)));
    } else {
      await db.run(mergedRows(table, day, present));
      counts.push(...(await ask(mergedCounts(from))));
      await db.run(mergedPartition(table, next));
    }
    lake.set(day, next);
  }
  return counts;
}

async function contents(lake: Lake, order = "ORDER BY ALL") {
  const rows = [];
  for (const [partition, file] of [...lake].sort()) {
    rows.push(...(await ask(`SELECT *, '${partition}' AS partition FROM read_parquet(${literal(file)}) ${order}`)));
  }
  return rows;
}

const withoutSource = ({ source_file, source_version, source_row, ...row }: Record<string, unknown>) => row;

async function quarantined(table: Table) {
  const path = newPath("ndjson");
  await db.run(quarantineLines(table, source, path));
  const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
  return lines.map(
    (line) => JSON.parse(line) as { problems: { field: string; reason: string; value: string | null }[] },
  );
}
