import assert from "node:assert/strict";
import { test } from "node:test";
import { array, asyncProperty, constantFrom, assert as holds, oneof, string } from "fast-check";
import { parse } from "libpg-query";
import { checkSelect, longest } from "./check-select";
import { goodStatements } from "./good-statements";

const codeOf = async (sql: string) => {
  const checked = await checkSelect(parse, sql);
  return "refusal" in checked ? checked.refusal : undefined;
};

test("statements that read the relations of transactions are taken", async () => {
  for (const sql of goodStatements) assert.equal((await codeOf(sql))?.message, undefined, sql);
});

test("a statement comes back without what ends it", async () => {
  for (const [text, statement] of [
    [" select 1 ; ", " select 1 "],
    ["/* ü */ select 'ü;' -- ü\n;", "/* ü */ select 'ü;' -- ü\n"],
    ["select 1 -- ;", "select 1 -- ;"],
    [";; select 2;;", " select 2"],
  ] as const)
    assert.deepEqual(await checkSelect(parse, text), { statement });
});

/** CTEs b, c, ... each of the one before it, of which `x` is the column. */
function doubling(expression: string, times = 5): string {
  const names = [..."abcdef"].slice(0, times + 1);
  return names
    .slice(1)
    .map((name, index) => `${name} as (select ${expression} as x from ${names[index]})`)
    .join(", ");
}

/** The same without CTEs. */
const nested = (expression: string, times: number): string =>
  times === 0 ? "x" : `(select ${expression} from (select ${nested(expression, times - 1)} as x) s)`;

const bad = {
  NotASelect: [
    ...["", "  \n", "-- nothing", ";", "drop table transactions", "truncate products", "delete from transactions"],
    ...["update transactions set quantity = 1", "insert into products values (1)", "create table a (b int)"],
    ...["select * into copy from transactions", "create table a as select 1", "copy transactions to '/tmp/x'"],
    ...["copy transactions to program 'id'", "set role postgres", "reset all", "set tributary.sellers = 'berg'"],
    ...["show all", "begin", "commit", "rollback", "explain analyze select 1", "do $$ begin end $$", "call f()"],
    ...["prepare p as select 1", "execute p", "declare c cursor for select 1", "listen x", "notify x", "vacuum"],
    ...["grant select on products to public", "alter role transactions_query superuser", "lock table products"],
    ...[
      "load 'x'",
      "refresh materialized view m",
      "security label on table products is 'x'",
      "merge into products p using transactions t on true when matched then delete",
    ],
    ...["with gone as (delete from transactions returning *) select * from gone"],
    ...["with made as (insert into products values ('a') returning *) select 1"],
    ...["select * from (with changed as (update products set category = 'x' returning 1) select * from changed) a"],
    ...["select (with gone as (delete from products returning 1) select count(*) from gone)"],
  ],
  ManyStatements: [
    "select 1; select 2",
    "select 1; drop table transactions",
    "select 1;;select 1",
    "begin; select 1; commit",
  ],
  Unreadable: [
    ...[
      "selekt 1",
      "select 'open",
      "select (",
      "select 1)",
      "select 1 as",
      "select $$open",
      "/* open",
      "select \u0000 1",
    ],
    ...[
      "select 1\u0000; drop table transactions",
      "select '\ud800'",
      "what sold best?",
      "select ü(",
      "{}",
      "select 'a' 'b'",
    ],
    ...["select 1) as answer limit 1; drop table products; select * from (select 1"],
  ],
  ForbiddenRelation: [
    ...[
      "select * from uploads",
      "select * from transactions.uploads",
      "select * from pg_class",
      "select * from pg_catalog.pg_roles",
    ],
    ...[
      "select * from information_schema.tables",
      "select * from public.transactions",
      "select * from tributary.migrations",
    ],
    ...[
      "select * from other.transactions.transactions",
      "select * from pg_temp.products",
      'select * from "Transactions"',
    ],
    ...["select (select count(*) from pg_stat_activity)", "select 1 where exists (select 1 from pg_user)"],
    ...["select * from products p join pg_shadow s on true", "select 1 from products union select 1 from pg_settings"],
    ...[
      "with a as (select * from pg_class) select 1",
      "select * from products order by (select 1 from pg_authid limit 1)",
    ],
    ...["select 1 limit (select count(*) from pg_proc)", "values ((select 1 from pg_shadow limit 1))"],
    ...["select count(*) filter (where exists (select 1 from pg_class)) from products"],
    ...["select sum(1) over (partition by (select 1 from pg_class)) from products"],
    ...["select case when exists (table pg_class) then 1 end", "table pg_file_settings"],
    // A CTE is seen by what comes later and stands within its statement.
    ...["with a as (select * from b), b as (select 1) select * from a"],
    ...["select * from (with uploads as (select 1) select * from uploads) a, uploads"],
    ...["with a as (with b as (select 1) select * from b) select * from b"],
    ...["with a as (select 1) select * from transactions.a", "select * from (select 1) a, (select * from a) b"],
    ...["with pg_class as (select 1) select * from pg_class"],
  ],
  ForbiddenFunction: [
    ...[
      "select pg_sleep(10)",
      "select pg_catalog.pg_sleep(10)",
      "select pg_read_file('/etc/passwd')",
      "select pg_ls_dir('/')",
    ],
    ...["select set_config('tributary.sellers', 'berg', true)", "select current_setting('tributary.sellers')"],
    ...[
      "select transactions.sellers()",
      "select public.count(1)",
      "select other.pg_catalog.count(1)",
      "select pg_catalog.count.sum(1)",
      "select version()",
    ],
    ...[
      "select lo_import('/etc/passwd')",
      "select lo_get(1)",
      "select dblink('host=x', 'select 1')",
      "select pg_terminate_backend(1)",
    ],
    ...[
      "select query_to_xml('select * from pg_class', true, true, '')",
      "select table_to_xml('pg_class', true, true, '')",
    ],
    ...[
      "select nextval('x')",
      "select txid_current()",
      "select pg_advisory_lock(1)",
      "select pg_reload_conf()",
      "select inet_server_addr()",
    ],
    ...[
      "select has_table_privilege('pg_class', 'select')",
      "select to_regclass('pg_class')",
      "select pg_notify('a', 'b')",
    ],
    ...[
      "select repeat('x', 1000000000)",
      "select lpad('x', 1000000000)",
      "select random()",
      "select clock_timestamp()",
    ],
    ...[
      "select row_to_json(p) from products p",
      "select json_agg(p) from products p",
      "select array_agg(1)",
      "select unnest(array[1])",
    ],
    ...["select generate_series(1, 1000000000)", "select regexp_replace('a', 'b', 'c')", "select 1 limit pg_sleep(1)"],
    ...[
      "select current_user",
      "select session_user",
      "select user",
      "select current_catalog",
      "select current_schema",
      "select current_role",
    ],
    ...[
      "select sum(pg_sleep(1)) over () from products",
      "select max(1) filter (where pg_sleep(1) is null) from products",
    ],
    ...[
      "select power(9.9, 99999)",
      "select exp(9999.9)",
      "select ln(2.0)",
      "select log(2.0, 3.0)",
      "select factorial(9999)",
    ],
    // Regular expressions.
    ...["select substring(product_name from '(a+)+b') from products", "select substring('a', 'b')"],
    ...["select substring(product_name similar category escape '#') from products", "select substring('a', 'b', 'c')"],
    ...["select substring(a, b) from (values ('a', 'b')) v(a, b)"],
    ...["select 'x' is normalized", "select overlay('a' placing 'b' from 1)"],
  ],
  ForbiddenType: [
    ...[
      "select 'pg_class'::regclass",
      "select 1::oid",
      "select cast('transactions' as regclass)",
      "select regproc 'pg_sleep'",
    ],
    ...["select '{}'::json", "select '<a/>'::xml", "select 'x'::bytea", `select 'x'::"char"`, "select null::products"],
    ...[
      "select '1'::transactions.products",
      "select 'a'::name",
      "select '(1,1)'::point",
      "select '1'::bit(1)",
      "select '1'::money",
    ],
    // A text that a seller has sent, or that was put together, as a number.
    ...["select product_name::numeric from products", "select ('1e6' || '5000')::numeric"],
    ...[
      "select cast(lower(currency) as decimal(20, 2)) from transactions",
      "select array[product_name]::numeric[] from products",
    ],
    ...[
      "select max(x)::numeric from (select category from products) a(x)",
      "select coalesce(null, product_name)::numeric from products",
    ],
    ...["select array['a']::regclass[]", "select 1::other.int4", "select '{1}'::int4range"],
  ],
  ForbiddenOperator: [
    ...[
      "select 'a' ~ 'b'",
      "select 'a' similar to 'b'",
      "select 'a' !~* 'b'",
      "select 1 operator(pg_catalog.+) 2",
      "select 1 operator(public.+) 2",
      "select 1 & 2",
      "select (9.876543200::numeric ^ 99999) > 0",
    ],
    ...[
      "select '[1,2]' <-> '[1,3]'",
      "select 1 << 2",
      "select |/ 4",
      "select 'a' ^@ 'b'",
      "select 1 operator(transactions.=) any (array[1])",
    ],
    ...["select category @> 'a' from products", "select 1 ~ any (array['a'])"],
  ],
  UnknownColumn: [
    ...["select password from products"],
    ...[
      "select category from products order by nothing",
      "select 1 from products join transactions using (seller_id) where pg_typeof = 1",
    ],
  ],
  ForbiddenName: [
    ...["ctid", "tableoid", "xmin", "xmax", "cmin", "cmax"].flatMap((column) => [
      `select ${column} from products`,
      `select p.${column} from products p`,
      `select p.${column}, 1 as ${column} from products p`,
      `select ${column} from (select 1 as ${column}) a`,
    ]),
    // A function of the row, under the name of something else.
    "select p.row_to_json from products p",
    "select p.row_to_json, 1 as row_to_json from products p",
    "select p.pg_sleep from products p, (select 1 as pg_sleep) a",
    "select p.pg_typeof from products p order by 1 + (select 1 as pg_typeof)",
    "select p.count from products p",
    "select p.text from products p",
    "select p.category from (select 1 as one) p, products q",
    "select a.two from (select 1 as one) a, lateral (select a.one as two) b",
    "select q.category from products p",
    "select products.category from products p",
    "select transactions.products.row_to_json from products",
    "select transactions.p.category from products p",
    "select other.products.category from products",
    "select postgres.transactions.products.category from products",
    "select p.xmin from (select 1) as p(xmin)",
    "select a.category from (products a join products b using (product_id)) as j",
    "select u.category from products a join products b using (product_id) as u",
    "with a as (select 1 as one) select a.row_to_json, one as row_to_json from a",
    // A relation is seen by what stands beside it only where LATERAL says so, and never from outside.
    "select * from (select 1 as one) a, (select a.one from products) b",
    "select (select p.category from products q limit 1) from (select 1 as one) p",
    "select p.category from (select category from products p) a",
    // Whole rows.
    "select * from transactions",
    "select t.* from transactions.transactions t",
    "select transactions.products.* from transactions.products",
    "select *, 1 from (select 1) a, products",
    "table products",
    "select * from (products a join daily_totals b using (product_id)) as j",
    "select products from products",
    "select p from products p",
    "select count(p) from products p",
    "select count(p.*) from products p",
    "select row(p.*) from products p",
    "select (p.*) is null from products p",
    "select p::text from products p",
    "select a from (select 1 as one) a",
    "select row(a.*) from (select 1 as one) a",
    "select x.* from products p",
    "select 1 where exists (select * from products)",
    "select 1 from products p where p = (select q from products q limit 1)",
    "select 1 from products p order by p",
    "select 1 as p from products p order by row(p)",
    "select 1 as p from products p order by (p, 1)",
    "select 1 as p from products p group by row(p)",
  ],
  TooLarge: [
    // Numbers that are written.
    ...["select 1e65000", "select 1e-65000", "select '1e65000'::numeric / 7", "select 1.5 * ' 1E+65000 '"],
    ...["select coalesce(1.5, '-1e65_000')", "values (1.5), ('1e65000')", "select 1.5 union select '1e65000'"],
    ...["select array[1.5] || '{1,1e65000}'", "select '[0:1]={1,\\1e65000}'::numeric[]", `select 0x${"f".repeat(60)}`],
    ...[`select ${"9".repeat(41)}`, `select '${"9".repeat(41)}'`, `select '0x${"f".repeat(60)}'::numeric`],
    // Numbers that are made of others.
    `with a as (select revenue as x from transactions), ${doubling("x * x")} select x from f`,
    `with a as (select revenue as x from transactions), ${doubling("x / (x + 1)")} select x from f`,
    `with a as (select revenue as x from transactions), ${doubling("variance(x)")} select x from f`,
    `with a as (select revenue as x from transactions), ${doubling("div(x, x)")} select x from f`,
    `with a(x) as (select (select revenue from transactions limit 1)), ${doubling("(select x * x)")} select x from f`,
    `select ${nested("x * x", 6)} as x from (select revenue as x from transactions) a`,
    "select round(1, 16383)",
    "select round(1.5, quantity::int) from transactions",
    "select trunc(unit_price, 2 + 16000) from transactions",
    "select 1::numeric(1000, 999) / 3",
    // Texts.
    `with a as (select product_name as x from products), ${doubling("concat(x, x)")} select x from f`,
    `with a as (select product_name as x from products), ${doubling("x || x")} select x from f`,
    `with a as materialized (select product_name as x from products), ${doubling("concat_ws(x, x, x)")} select x from f`,
    `with a as (select product_name as x from products), ${doubling("row(x, x)::text")} select x || x from f`,
    `with a as (select array[product_name] as x from products), ${doubling("x || x")} select x from f`,
    `with a as (select product_name as x from products), ${doubling("coalesce(max(x) || max(lower(x)), 'a')")} select x from f`,
    `with a(x) as (values ('a'), ('${"b".repeat(1_500)}')), ${doubling("x || x", 2)} select x from c`,
    "select replace(product_name, 'a', product_name) from products",
    "select to_char(day, repeat) from daily_totals, (select replace('aaaaaaaaaa', 'a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') as repeat) a",
    `with a as (select '${"\\".repeat(300)}' as x), ${doubling("like_escape(x, '#')")} select x from f`,
    "select percentile_disc('{0,.1,.2,.3,.4,.5,.6,.7,.8,.9}') within group (order by product_name) from products",
    "select 'x'::char(10000000)",
    "select 'x'::varchar(10000000)",
    // Texts of many rows.
    "select string_agg(product_name, ',') from transactions a, transactions b",
    "select string_agg(distinct a.product_name || b.product_name, ',') from transactions a, transactions b",
    "select string_agg(distinct product_name, category) from products",
    "with a as (select string_agg(distinct product_name, ',') as x from products) select x || x from a",
    "select length(x) from (select string_agg(distinct product_name, ',') as x from products) a",
    "select (select string_agg(distinct product_name, ',') from products)",
    "select string_agg(distinct product_name, ',') || '.' from products",
    `select ${["a", "b", "c", "d"].map((separator) => `string_agg(distinct product_name, '${separator}')`)} from products`,
  ],
  ForbiddenClause: [
    "select array(select product_name from products)",
    ...[
      "select * from products for update",
      "select * from products for key share nowait",
      "select * from products tablesample system (1)",
    ],
    ...[
      "select * from generate_series(1, 10)",
      "select * from pg_ls_dir('/')",
      "select * from rows from (unnest(array[1]))",
    ],
    ...["with recursive a as (select 1 union all select 1 from a) select * from a", "select $1"],
    ...["select (p).category from products p", "select (array[1])[1]", 'select category collate "C" from products'],
    ...[
      "select 1 from products order by 1 using <",
      "select xmlelement(name a)",
      "select json_object('a': 1)",
      "select count(variadic array[1])",
    ],
    ...[
      "select make_date(year => 1, month => 1, day => 1)",
      "select * from xmltable('/a' passing '' columns b int)",
      "select json_array(1)",
    ],
    ...["select * from json_table('[]', '$' columns (a int path '$'))", "select b'101'", "select '1' is json"],
    ...["with a as (select 1) search depth first by x set y select 1"],
  ],
  TooDeep: [
    `select 1${"+1".repeat(200)}`,
    `select ${"not ".repeat(200)}true`,
    `select ${"(select ".repeat(200)}1${")".repeat(200)}`,
    `select 1${"+1".repeat(4_900)}`,
    `select array${"[".repeat(4_900)}1${"]".repeat(4_900)}`,
    `select ${"case when true then ".repeat(300)}1${" end".repeat(300)}`,
    `select 1${" union select 1".repeat(300)}`,
  ],
  TooLong: [`select '${"x".repeat(longest)}'`, " ".repeat(longest + 1)],
} as const;

test("what PostgreSQL does not stop by time is refused in any number", async () => {
  const powers = Array.from({ length: 200 }, (_, n) => `(9.8765432${n}::numeric ^ 99999) > 0`).join(" and ");
  assert.equal((await codeOf(`select ${powers}`))?.code, "ForbiddenOperator");
  const products = Array.from({ length: 90 }, (_, n) => `x * ${n} > 0`).join(" and ");
  assert.equal(await codeOf(`with a(x) as (select ${"9.9 * ".repeat(20)} 1) select ${products} from a`), undefined);
});

test("everything else is refused by its code, each without a database", async () => {
  for (const [code, statements] of Object.entries(bad))
    for (const sql of statements) assert.equal((await codeOf(sql))?.code, code, sql.slice(0, 200));
});

test("a refusal names what was found and where it stands", async () => {
  for (const [sql, message] of [
    [
      "select *\nfrom products p,\n  pg_class",
      'relation "pg_class" at line 3, column 3 is not among "transactions", "daily_totals", "products"',
    ],
    ["select *\nfrom products", '"*" at line 1, column 8 stands for all columns of a table: name the columns'],
    ["select 'ü', p.xmin from products p", '"p.xmin" at line 1, column 13 is a column of PostgreSQL\'s own'],
    [
      "select product_name || replace(category, 'a', category) from products",
      "replace() at line 1, column 24 may make a text of more than 4000 characters",
    ],
    ["select 'ü', pg_sleep(1)", 'function "pg_sleep" at line 1, column 13 is not among what is allowed'],
    ["select 'ü', 1::oid", 'type "oid" at line 1, column 16 is not among what is allowed'],
    ["select 'ü' a b", 'syntax error at or near "b" at line 1, column 14'],
    ["select 1; select 2", "it has 2 statements, and one is allowed"],
    ["drop table products", "it is a DROP statement"],
    ["with a as (delete from products returning 1) table a", "a DELETE statement at line 1, column 6 is part of it"],
    ["select 1 from products for update", "lockingClause of SelectStmt is not among what is allowed"],
  ] as const)
    assert.equal((await codeOf(sql))?.message, `Cannot run the query: ${message}`);
});

test("of no text does the check throw, and the parser works on", async () => {
  const pieces = constantFrom(
    ...[
      "select ",
      " from ",
      "products",
      "transactions",
      "(",
      ")",
      ",",
      "'",
      '"',
      "$$",
      ";",
      "--",
      "/*",
      "*/",
      "\\",
      "::",
    ],
    ...[
      " where ",
      " with ",
      " as ",
      "pg_class",
      "count(*)",
      "1",
      " union ",
      "[",
      "]",
      "\u0000",
      "ü",
      "e'\\",
      "u&'",
      "$1",
      "\n",
    ],
  );
  const text = oneof(
    string({ unit: "binary", maxLength: 100 }),
    array(pieces, { maxLength: 40 }).map((some) => some.join("")),
  );
  await holds(
    asyncProperty(text, async (sql) => {
      await checkSelect(parse, sql);
    }),
    { numRuns: 3_000 },
  );
  assert.equal(await codeOf("select 1"), undefined);
});
