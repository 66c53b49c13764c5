import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { relations } from "./relations";
import { mostRows, refusalOf, selectRows } from "./select-rows";
import { type TwoSellers, twoSellers } from "./two-sellers";

let database: TwoSellers;

before(async () => {
  database = await twoSellers();
});
after(() => database.end());

const run = async (statement: string, ...sellers: string[]) => {
  const result = await selectRows(database.sql, sellers, statement);
  assert.ok(!("refusal" in result), JSON.stringify(result));
  return result;
};
const refused = async (statement: string) => {
  const result = await selectRows(database.sql, ["acme"], statement);
  assert.ok("refusal" in result);
  return result.refusal;
};

test("a seller sees their own rows, two sellers both, another one and nobody none", async () => {
  const statement = "select distinct seller_id from transactions union select seller_id from products order by 1";
  assert.deepEqual((await run(statement, "acme")).rows, [["acme"]]);
  assert.deepEqual((await run(statement, "acme", "berg")).rows, [["acme"], ["berg"]]);
  assert.deepEqual((await run(statement, "other")).rows, []);
  assert.deepEqual((await run(statement)).rows, []);
});

test("the relations are as they are told, and the role may read them", async () => {
  for (const [relation, { columns }] of Object.entries(relations)) {
    const types = Object.values(columns).map((column) => column.split(":")[0]);
    const found = await run(`select ${Object.keys(columns)} from ${relation}`, "acme");
    assert.deepEqual(
      found.columns.map(({ type }) => type),
      types,
      relation,
    );
  }
});

test("values keep what they are worth: money its digits, times their zone, whole numbers as numbers", async () => {
  const { columns, rows } = await run(
    `select 1.10::numeric as a, 9007199254740993 as b, count(*) as c, 0.5::float8 as d, true as e, null::text as f,
      date '2026-01-31' as g, timestamptz '2026-01-31 23:30:00.25+01' as h, timestamp '2026-01-31 10:00' as i,
      interval '1 day 2 hours' as j, 'ü' as k, 'NaN'::float8 as l, array['a', 'b'] as m, 7::int2 as m, 'infinity'::date`,
  );
  assert.deepEqual(rows, [
    [
      ...[
        "1.10",
        "9007199254740993",
        1,
        0.5,
        true,
        null,
        "2026-01-31",
        "2026-01-31T22:30:00.25Z",
        "2026-01-31T10:00:00",
      ],
      ...["P1DT2H", "ü", "NaN", "{a,b}", 7, "infinity"],
    ],
  ]);
  const told = columns.map(({ name, type }) => `${name} ${type}`).join(", ");
  assert.equal(
    told,
    "a numeric, b int8, c int8, d float8, e bool, f text, g date, h timestamptz, i timestamp, j interval, k text, l float8, " +
      "m text, m int2, date date",
  );
});

test("an answer keeps the order that a statement has given it, and says what it leaves out", async () => {
  const many =
    "with t as (select 0 union select 1 union select 2 union select 3 union select 4 union select 5 union select 6)";
  const { rows, truncated } = await run(
    `${many} select a.n * 343 + b.n * 49 + c.n * 7 + d.n as n from t a(n), t b(n), t c(n), t d(n) order by n desc -- all`,
  );
  assert.equal(rows.length, mostRows);
  assert.deepEqual([rows[0], rows.at(-1), truncated], [[2_400], [2_401 - mostRows], true]);
  assert.equal((await run(`${many} select * from t`)).truncated, false);
});

test("an answer stays below what Lambda hands over", async () => {
  const long =
    "concat(p.n, replace('xxxxxxxxxx', 'x', replace('xxxxxxxxxx', 'x', replace('xxxxxxxxxx', 'x', 'xxxxxxxxxx'))))";
  const { rows, truncated } = await run(
    `with t as (select 1 union select 2 union select 3 union select 4 union select 5 union select 6 union select 7 union select 8)
     select ${long} from t p(n), t q, t r, t s`,
  );
  assert.deepEqual([rows.length, truncated], [399, true]);
});

test("an answer that is full asks for no more rows", async () => {
  // The 700th row cannot be made; 400 of 10,000 characters fill an answer.
  const { rows, truncated } = await run("select repeat('x', 10000), 1 / (700 - n) from generate_series(1, 1000) n");
  assert.deepEqual([rows.length, truncated], [399, true]);
  assert.equal((await refused("select 1 / (700 - n) from generate_series(1, 1000) n")).code, "Failed");
});

test("a row that is too large is refused, whatever its columns are called, and none of its size comes", async () => {
  for (const statement of [
    "select repeat('x', 1000000)",
    "select repeat('x', 600000) as answer, repeat('x', 600000) as answer",
    "select 1 as answer, repeat('x', 1000000) from products",
  ])
    assert.deepEqual(await refused(statement), {
      code: "TooLarge",
      message: "Cannot run the query: a row of the answer is too large: it has more than 1,000,000 bytes",
    });
  assert.equal((await run("select repeat('x', 999990)")).rows.length, 1);
});

test("no column is made of rows that the statement leaves out", async () => {
  // There are none left of the pan.
  const { rows } = await run(
    `select 93 / p.inventory_level from products p join transactions t using (seller_id, product_id)
     where t.quantity + t.unit_price = 10.5`,
    "acme",
  );
  assert.deepEqual(rows, [[1]]);
});

test("an answer without rows or columns says so", async () => {
  const { columns, rows, truncated } = await run("select day, revenue from daily_totals where false");
  assert.deepEqual([columns.map(({ name }) => name), rows, truncated], [["day", "revenue"], [], false]);
  assert.deepEqual((await run("select from products where category = 'Kitchen'", "acme")).rows, [[], [], []]);
});

test("the role reads the columns that are told of, and no others of any table", async () => {
  const sellers = ["acme", "berg"];
  for (const [relation, { columns }] of Object.entries(relations)) {
    const told = Object.keys(columns);
    const found = await database.sql<{ column: string; may: boolean }[]>`
      select attname as column, has_column_privilege(attrelid, attnum, 'select') as may
      from pg_attribute where attrelid = ${`transactions.${relation}`}::regclass and not attisdropped`;
    for (const { column, may } of found) {
      assert.equal(may, told.includes(column), `${relation}.${column}`);
      const result = await selectRows(database.sql, sellers, `select ${column} from ${relation}`);
      assert.equal("rows" in result, told.includes(column), `${relation}.${column}`);
    }
  }
  for (const statement of [
    "select * from transactions",
    "select t from transactions t",
    "select row_to_json(t) from transactions t",
    "select t.row_to_json from transactions t",
    "select count(*) from transactions where upload_id = 'u'",
    "select xmin from transactions",
    "select ctid from products",
  ])
    assert.match((await refused(statement)).message, /permission denied for table/, statement);
});

test("what PostgreSQL has against a statement is told in its words", async () => {
  assert.deepEqual(await refused("select nothing from products"), {
    code: "Failed",
    message: 'Cannot run the query: column "nothing" does not exist',
  });
  assert.equal((await refused("select 1 / 0")).code, "Failed");
});

test("what has passed every check neither writes, nor sees other tables, nor takes two statements", async () => {
  for (const [statement, says] of [
    ["select * from uploads", /permission denied/],
    ["select nextval('x')", /does not exist/],
    [
      "select 1) as answer) as answer; drop table products; select * from (select * from (select 1",
      /cannot insert multiple commands/,
    ],
    ["with gone as (delete from products returning 1) select * from gone", /WITH clause containing a data-modifying/],
    ["select lo_create(1)", /read-only transaction/],
  ] as const)
    assert.match((await refused(statement)).message, says);
});

test("a statement that took too long is told apart from a database that is not there", () => {
  const error = (code: string) => Object.assign(new Error("it says"), { severity: "ERROR", code });
  assert.equal(refusalOf(error("57014"))?.code, "TimedOut");
  assert.equal(refusalOf(error("42703"))?.code, "Failed");
  for (const code of ["08006", "53300", "57P01", "28000", "XX000"]) assert.equal(refusalOf(error(code)), undefined);
  assert.equal(refusalOf(Object.assign(new Error("no"), { code: "ECONNREFUSED" })), undefined);
});
