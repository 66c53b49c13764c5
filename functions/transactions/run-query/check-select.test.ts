import assert from "node:assert/strict";
import { test } from "node:test";
import { array, asyncProperty, constantFrom, assert as holds, oneof, string } from "fast-check";
import { parse } from "libpg-query";
import { checkSelect, longest } from "./check-select";

const codeOf = async (sql: string) => {
  const checked = await checkSelect(parse, sql);
  return "refusal" in checked ? checked.refusal : undefined;
};

const good = [
  "select 1",
  "select * from transactions",
  "SELECT t.* FROM transactions.transactions t;",
  "select count(*), count(distinct product_id) from daily_totals where day >= date '2026-01-01'",
  "select product_name, sum(quantity)::bigint as quantity from transactions group by 1 order by 2 desc nulls last limit 5",
  "select currency, sum(revenue) filter (where quantity > 0) from transactions group by currency having sum(revenue) > 0",
  "select date_trunc('month', day)::date as month, currency, sum(revenue) from daily_totals group by 1, 2",
  "select extract(isodow from occurred_at at time zone 'Europe/Berlin') as weekday, count(*) from transactions group by 1",
  "select p.product_name, d.revenue from daily_totals d join products p using (seller_id, product_id)",
  "select * from daily_totals natural left join products",
  "select * from products a, lateral (select max(day) as last from daily_totals b where b.product_id = a.product_id) c",
  "with t as (select day, sum(revenue) as r from daily_totals group by day) select day, r - lag(r) over (order by day) from t",
  "with a as (select 1 as n), b as (select n from a) select a.n, b.n from a cross join b",
  "with transactions as (select 1 as one) select one from transactions",
  "select avg(r) over (order by day rows between 6 preceding and current row) from (select day, sum(revenue) r from daily_totals group by 1) s",
  "select rank() over w, product_id from products window w as (partition by category order by inventory_level)",
  "select 'a' union select 'b' except select 'c' intersect all select 'd' order by 1",
  "values (1, 'a'), (2, 'b')",
  "table products",
  "select * from (values (1, 'x')) as v (n, label) where label like 'x%' escape '\\'",
  "select case when quantity < 0 then 'return' else 'sale' end, coalesce(nullif(discount, 0), 1) from transactions",
  "select count from (select count(*) from products) c",
  "select category in ('a', 'b'), not category ilike '%x%' is true, category is distinct from null from products",
  "select category = any (array['a', 'b']), product_id = any (select product_id from transactions) from products",
  "select exists (select from transactions), (select max(day) from daily_totals)",
  "select percentile_cont(0.5) within group (order by unit_price), mode() within group (order by category) from transactions",
  "select string_agg(distinct product_name, ', ' order by product_name) from products",
  "select category, currency, grouping(category), sum(amount) from daily_totals group by rollup (category, currency)",
  "select greatest(1, 2), least(1.5, -2), round(10.0 / 3, 2), 7 % 2, 2 ^ 3, abs(-1), 'a' || 'b'",
  "select current_date - interval '1 month', now(), current_timestamp, to_char(day, 'YYYY-MM') from daily_totals",
  "select cast(quantity as decimal(10, 2)), amount::text::varchar(5) from transactions fetch first 3 rows only",
  "select trim(both ' ' from product_name), substring(product_name from 1 for 2), position('a' in product_name) from products",
  "select row(1, 2) = row(1, 2), (day, day) overlaps (day, day) from daily_totals where day between '2026-01-01' and '2026-02-01'",
  "select products from products",
  "select 'drop table transactions; -- ''; select pg_sleep(9)' as text -- and a comment; select 2",
  `select "day" as "Tag, schön" from daily_totals /* ; */ offset 1`,
] as const;

test("statements that read the relations of transactions are taken", async () => {
  for (const sql of good) assert.equal((await codeOf(sql))?.message, undefined, sql);
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
    ...[
      "select password from products",
      "select p.row_to_json from products p",
      "select ctid from products",
      "select tableoid from products",
    ],
    ...[
      "select xmin from products",
      "select p.pg_sleep from products p",
      "select * from products order by nothing",
      "select * from products join transactions using (seller_id) where pg_typeof = 1",
    ],
  ],
  ForbiddenClause: [
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
