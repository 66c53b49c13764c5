import assert from "node:assert/strict";
import { test } from "node:test";
import { dialect } from "./fixture";

/** What DuckDB would answer differently, had it been given the text as it is; each with Trino's answer. */
const traps: Readonly<Record<string, readonly (readonly [sql: string, answer: string])[]>> = {
  "whole numbers stay whole, and overflow": [
    ["5 / 2", "2"],
    ["-5 / 2", "-2"],
    ["-7 % 3", "-1"],
    ["1e0 / 0", "Infinity"],
    ["0e0 / 0", "NaN"],
    ["2147483647 + BIGINT '1'", "2147483648"],
    ["sum(x) FROM (VALUES 2147483647, 1) AS t (x)", "2147483648"],
  ],
  "decimals are exact, with the scale of Trino": [
    ["1.0 / 3", "0.3"],
    ["10.00 / 3.000", "3.333"],
    ["2.0 / 3", "0.7"],
    ["-2.0 / 3", "-0.7"],
    ["1 / 3.0", "0.3"],
    ["7.5 % 2", "1.5"],
    ["0.1 + 0.2", "0.3"],
    ["1.10 * 1.10", "1.2100"],
    ["CAST(12.345 AS decimal(4,2))", "12.35"],
    ["CAST(2.675e0 AS decimal(4,2))", "2.68"],
    ["avg(x) FROM (VALUES 1.5, 2.25) AS t (x)", "1.88"],
    ["round(2.5)", "3"],
    ["round(1.005, 2)", "1.010"],
    ["floor(-1.5)", "-2"],
    ["truncate(-1.9)", "-1"],
    ["DECIMAL '99999999999999999999999999999999999999' - 1", "99999999999999999999999999999999999998"],
  ],
  "doubles round halves away from zero and print as Java prints them": [
    ["CAST(2.5e0 AS bigint)", "3"],
    ["CAST(-2.5e0 AS integer)", "-3"],
    ["round(2.5e0)", "3.0"],
    ["round(-0.5e0)", "-1.0"],
    ["1e7", "1.0E7"],
    ["9999999e0", "9999999.0"],
    ["1e-3", "0.001"],
    ["1e-4", "1.0E-4"],
    ["123456789.125e0", "1.23456789125E8"],
    ["REAL '0.1'", "0.1"],
    ["CAST(16777216 AS real)", "1.6777216E7"],
  ],
  "NaN is equal to nothing and less than nothing": [
    ["nan() = nan()", "false"],
    ["nan() <> nan()", "true"],
    ["1e0 < nan()", "false"],
    ["nan() > x FROM (VALUES 1e0) AS t (x)", "false"],
    ["x > 1e0 FROM (VALUES nan()) AS t (x)", "false"],
    ["x = nan() FROM (VALUES CAST(NULL AS double)) AS t (x)", "NULL"],
  ],
  "NULL goes through": [
    ["least(1, NULL, 2)", "NULL"],
    ["greatest(1, 3, 2)", "3"],
    ["concat('a', NULL)", "NULL"],
    ["'a' || NULL", "NULL"],
    ["max_by(x, y) FROM (VALUES (1, 1), (NULL, 2)) AS t (x, y)", "NULL"],
    ["contains(ARRAY[1, NULL], 2)", "NULL"],
    ["array_max(ARRAY[1, NULL])", "NULL"],
    ["element_at(MAP(ARRAY['a'], ARRAY[1]), 'b')", "NULL"],
    ["element_at(ARRAY[1, 2], 5)", "NULL"],
    ["element_at(ARRAY[1, 2], -1)", "2"],
    ["split_part('a,b', ',', 3)", "NULL"],
    ["regexp_extract('x', '(\\d+)', 1)", "NULL"],
  ],
  "NULL comes last, up and down": [
    ["array_agg(x ORDER BY x DESC) FROM (VALUES 1, NULL, 2) AS t (x)", "[2, 1, null]"],
    ["array_agg(x ORDER BY x) FROM (VALUES 1, NULL, 2) AS t (x)", "[1, 2, null]"],
    ["array_sort(ARRAY[3, NULL, 1])", "[1, 3, null]"],
  ],
  "dates stay dates, and differences are whole units": [
    ["date_diff('day', TIMESTAMP '2026-01-01 23:00:00', TIMESTAMP '2026-01-02 01:00:00')", "0"],
    ["date_diff('hour', TIMESTAMP '2026-01-01 00:30:00', TIMESTAMP '2026-01-01 01:29:59')", "0"],
    ["date_diff('month', DATE '2026-01-31', DATE '2026-02-28')", "1"],
    ["date_diff('month', DATE '2026-01-15', DATE '2026-02-14')", "0"],
    ["date_diff('month', DATE '2026-02-14', DATE '2026-01-15')", "0"],
    ["date_diff('year', DATE '2024-02-29', DATE '2025-02-28')", "1"],
    ["date_diff('week', DATE '2026-01-15', DATE '2026-01-01')", "-2"],
    ["DATE '2026-01-31' + INTERVAL '1' MONTH", "2026-02-28"],
    ["DATE '2026-01-31' - INTERVAL '1' DAY", "2026-01-30"],
    ["date_trunc('month', DATE '2026-05-17')", "2026-05-01"],
    ["date_trunc('week', TIMESTAMP '2026-05-17 10:00:00')", "2026-05-11 00:00:00"],
    ["date_add('month', 1, DATE '2026-01-31')", "2026-02-28"],
    ["DATE '2026-01-03' - DATE '2026-01-01'", "2 00:00:00.000"],
    ["day_of_week(DATE '2026-01-04')", "7"],
    ["year_of_week(DATE '2027-01-01')", "2026"],
    ["millisecond(TIMESTAMP '2026-01-01 00:00:01.234')", "234"],
    ["from_unixtime(1.5)", "1970-01-01 00:00:01.500 UTC"],
    ["to_unixtime(TIMESTAMP '1970-01-01 00:00:01.500')", "1.5"],
    ["CAST('2026-01-31 10:00' AS timestamp)", "2026-01-31 10:00:00.000"],
    ["CAST(TIMESTAMP '2026-01-31 10:00:00.500' AS varchar)", "2026-01-31 10:00:00.500"],
    ["CAST(TIMESTAMP '2026-01-31 10:00:00.123456' AS timestamp(3))", "2026-01-31 10:00:00.123"],
    [
      "date_format(TIMESTAMP '2026-01-05 13:04:05.678', '%Y-%m-%d %H:%i:%s.%f %h %p %W %b %j %v %%')",
      "2026-01-05 13:04:05.678000 01 PM Monday Jan 005 02 %",
    ],
    ["date_parse('5.1.26 1:02 PM', '%e.%c.%y %l:%i %p')", "2026-01-05 13:02:00.000"],
    ["date_parse('2026-01-05 13:02:03', '%Y-%m-%d %H:%i:%S')", "2026-01-05 13:02:03.000"],
    ["format_datetime(TIMESTAMP '2026-01-05 13:04:05', 'yyyy-MM-dd''T''HH:mm:ss EEE w')", "2026-01-05T13:04:05 Mon 2"],
    ["from_iso8601_timestamp('2026-01-05T13:04:05.5Z')", "2026-01-05 13:04:05.500 UTC"],
  ],
  "texts are counted by code points, from either end": [
    ["substr('hello', 0)", ""],
    ["substr('hello', -2)", "lo"],
    ["substr('hello', -9, 3)", ""],
    ["substr('hello', 2, 2)", "el"],
    ["substring('hello' FROM 2 FOR 3)", "ell"],
    ["length('añ😀')", "3"],
    ["upper('straße')", "STRAßE"],
    ["reverse('añ😀')", "😀ña"],
    ["lpad('a', 3, 'xy')", "xya"],
    ["rpad('abc', 2, 'x')", "ab"],
    ["strpos('abcb', 'b', 2)", "4"],
    ["strpos('abcb', 'b', -1)", "4"],
    ["position('l' IN 'hello')", "3"],
    ["replace('ab', '', '-')", "-a-b-"],
    ["trim(' \t\n a ')", "a"],
    ["trim(LEADING 'x' FROM 'xxa')", "a"],
    ["split('a,b,c', ',', 2)", "[a, b,c]"],
    ["'a_b' LIKE 'a\\_%' ESCAPE '\\'", "true"],
    ["'Abc' LIKE 'a%'", "false"],
    ["listagg(x, ',') WITHIN GROUP (ORDER BY x) FROM (VALUES 'b', 'a') AS t (x)", "a,b"],
    ["regexp_replace('1a 2b 14m', '(\\d+)([ab]) ', '3c$2 ')", "3ca 3cb 14m"],
    ["regexp_like('1a 2b', '^\\d')", "true"],
    ["to_hex(md5(to_utf8('a')))", "0CC175B9C0F1B6A831C399E269772661"],
  ],
  "structures print as Athena prints them": [
    ["ROW(1, 'a')", "{field0=1, field1=a}"],
    ["CAST(ROW(1, 'a') AS row(x integer, y varchar))", "{x=1, y=a}"],
    ["MAP(ARRAY['k,1'], ARRAY['v\"2'])", '{k,1=v"2}'],
    ["ARRAY['a,b', 'c\"d']", '[a,b, c"d]'],
    ["X'DEADBEEF'", "de ad be ef"],
    ["INTERVAL '3' MONTH", "0-3"],
    ["transform(ARRAY[1, 2], x -> x * 2)", "[2, 4]"],
    ["filter(ARRAY[5, -6, NULL, 7], x -> x > 0)", "[5, 7]"],
    ["reduce(ARRAY[5, 20, 50], 0, (s, x) -> s + x, s -> s)", "75"],
    ["array_distinct(ARRAY[2, 1, 2])", "[2, 1]"],
    ["sequence(3, 1)", "[3, 2, 1]"],
    ["json_extract_scalar('{\"a\":{\"b\":[1,12345678901234567890]}}', '$.a.b[1]')", "12345678901234567890"],
    ["json_extract_scalar('{\"number\":{\"n\":1}}', '$.number.n')", "1"],
    ['json_parse(\'{"b": 1, "a": [true, null]}\')', '{"a":[true,null],"b":1}'],
  ],
  "casts take what Java's parsers take": [
    ["TRY_CAST('1.5' AS integer)", "NULL"],
    ["TRY_CAST(' 1' AS integer)", "NULL"],
    ["CAST('+7' AS bigint)", "7"],
    ["TRY(CAST('x' AS double))", "NULL"],
    ["TRY(1 / 0)", "NULL"],
    ["CAST('1e2' AS double)", "100.0"],
    ["CAST('2.345' AS decimal(3,2))", "2.35"],
    ["CAST('T' AS boolean)", "true"],
    ["CAST('abc' AS varchar(2))", "ab"],
  ],
  "approximations are as near as can be": [
    ["approx_distinct(x) FROM UNNEST(sequence(1, 1000)) AS t (x)", "1000"],
    ["approx_percentile(x, 0.5) FROM (VALUES 1, 2, 3) AS t (x)", "2"],
  ],
};

for (const [name, cases] of Object.entries(traps)) {
  test(name, async (t) => {
    const ask = await dialect(t);
    const answers = await Promise.all(
      cases.map(async ([sql]) => [sql, ((await ask(`SELECT ${sql}`).catch(String)) as { text?: string }).text]),
    );
    assert.deepEqual(answers, cases);
  });
}

/** What is refused or fails, by the name of the error and the beginning of its sentence. */
const refusals: readonly (readonly [sql: string, beginning: string])[] = [
  ["SELECT 1 / 0", "DIVISION_BY_ZERO"],
  ["SELECT 1 % 0", "DIVISION_BY_ZERO"],
  ["SELECT 1.0 / 0", "DIVISION_BY_ZERO"],
  ["SELECT 2147483647 + 1", "Out of Range"],
  ["SELECT sum(x) FROM (VALUES 9223372036854775807, 1) AS t (x)", "Conversion"],
  ["SELECT CAST('abc' AS integer)", "INVALID_CAST_ARGUMENT: Cannot cast 'abc' to INTEGER"],
  ["SELECT CAST(1e0 AS varchar)", "NOT_SUPPORTED: line 1:8: CAST from double to varchar is not imitated here"],
  ["SELECT ARRAY[1][2]", "INVALID_FUNCTION_ARGUMENT: Array subscript"],
  ["SELECT DATE '2026-01-01' + INTERVAL '2' HOUR", "INVALID_FUNCTION_ARGUMENT: Cannot add hour"],
  ["SELECT 'a' = 1", "TYPE_MISMATCH: line 1:12: Cannot apply operator: varchar(1) = integer"],
  ["SELECT '1' + 1", "TYPE_MISMATCH"],
  ["SELECT x FROM (VALUES 1) AS t (x) WHERE y = 1", "COLUMN_NOT_FOUND: line 1:41: Column 'y' cannot be resolved"],
  ["SELECT x AS y FROM (VALUES 1) AS t (x) WHERE y = 1", "COLUMN_NOT_FOUND"],
  [
    "SELECT x, count(*) FROM (VALUES 1) AS t (x)",
    "EXPRESSION_NOT_AGGREGATE: line 1:8: 'x' must be an aggregate expression",
  ],
  ["SELECT x FROM (VALUES (1, 2)) AS t (x, y) GROUP BY y", "EXPRESSION_NOT_AGGREGATE"],
  ["SELECT x FROM (VALUES 1) AS a (x), (VALUES 2) AS b (x)", "AMBIGUOUS_NAME"],
  ["SELECT sum(sum(x)) FROM (VALUES 1) AS t (x)", "EXPRESSION_NOT_SCALAR"],
  ["SELECT 1 FROM (VALUES 1) AS t (x) WHERE sum(x) > 1", "EXPRESSION_NOT_SCALAR"],
  ["SELECT (1, 'a') = (1, 'a')", "NOT_SUPPORTED: line 1:17: Comparing rows is not imitated here"],
  ["SELECT (SELECT x FROM (VALUES 1, 2) AS t (x))", "Invalid Input Error: More than one row"],
  [
    "SELECT regexp_like('a', '(?<=a)b')",
    "NOT_SUPPORTED: line 1:8: (?< in the regular expression '(?<=a)b' is not imitated here",
  ],
  ["SELECT regexp_like('a', x) FROM (VALUES 'a') AS t (x)", "NOT_SUPPORTED: line 1:8: regexp_like whose argument 2"],
  ["SELECT regexp_like('é', '\\w')", "NOT_SUPPORTED: A text with line breaks or letters beyond ASCII"],
  ["SELECT from_iso8601_timestamp('2026-01-05T13:04:05+02:00')", "NOT_SUPPORTED: The time zone"],
  ["SELECT current_timestamp AT TIME ZONE 'Europe/Berlin'", "NOT_SUPPORTED: line 1:8: AT TIME ZONE"],
  [
    "SELECT skewness(1e0)",
    "NOT_SUPPORTED: line 1:8: The function skewness is not imitated here: Trino's is that of the population",
  ],
  ["SELECT string_agg('a', ',')", "NOT_SUPPORTED: line 1:8: The function string_agg is not imitated here: listagg"],
  ["SELECT read_parquet('/etc/passwd')", "NOT_SUPPORTED: line 1:8: The function read_parquet is not imitated here"],
  ["SELECT getenv('PATH')", "NOT_SUPPORTED: line 1:8: The function getenv is not imitated here"],
  ["SELECT * FROM (VALUES 1) AS t (x) TABLESAMPLE BERNOULLI (10)", "NOT_SUPPORTED: line 1:15: TABLESAMPLE"],
  ["SELECT * FROM '/etc/passwd'", "SYNTAX_ERROR"],
  ["WITH RECURSIVE t (n) AS (VALUES 1) SELECT * FROM t", "NOT_SUPPORTED: line 1:1: WITH RECURSIVE"],
  ["SELECT lag(1)", "MISSING_OVER"],
  [
    "SELECT length(1)",
    "FUNCTION_NOT_FOUND: line 1:8: Unexpected parameters (integer) for function length. Expected: length(varchar)",
  ],
  ["SELECT CAST('a' AS char(3))", "NOT_SUPPORTED: line 1:20: The type char(n) is not imitated here"],
  ["SELECT DATE '2026-02-30'", "INVALID_LITERAL: line 1:8: '2026-02-30' is not a valid DATE literal"],
  ["SELECT 1::integer", "SYNTAX_ERROR: line 1:9"],
  ["SELECT 'a' ILIKE 'b'", "SYNTAX_ERROR: line 1:"],
  ["SELECT [1, 2]", "SYNTAX_ERROR: line 1:8: mismatched input '['"],
  ["SELECT x FROM (VALUES 1) AS t (x) QUALIFY x = 1", "SYNTAX_ERROR"],
  ["SELECT x FROM (VALUES 1) AS t (x) LIMIT 1 OFFSET 1", "SYNTAX_ERROR: line 1:43: extraneous input 'OFFSET'"],
  ["SELECT `x` FROM (VALUES 1) AS t (x)", "SYNTAX_ERROR: line 1:8: backquoted identifiers are not supported"],
  ["SELECT 1; SELECT 2", "MALFORMED_QUERY: Only one sql statement is allowed. Got: SELECT 1; SELECT 2"],
  ["SELECT 1; DROP TABLE t", "MALFORMED_QUERY: Only one sql statement is allowed"],
  ["SELECT json_parse('2.50')", "NOT_SUPPORTED: The JSON number 2.50 is not imitated here"],
  ["-- nothing", "SYNTAX_ERROR"],
];

test("what cannot be answered is refused by its name and place", async (t) => {
  const ask = await dialect(t);
  for (const [sql, beginning] of refusals) {
    const error = await ask(sql).then(
      ({ text }) => new Error(`It was answered: ${text}`),
      (reason: Error) => reason,
    );
    const message = error.message.replace(/^Invalid Input Error: trino: /, "");
    assert.equal(message.slice(0, beginning.length), beginning, `${sql}\n${error.stack}`);
  }
});

test("queries of every shape are answered", async (t) => {
  const ask = await dialect(t);
  for (const [sql, answer] of [
    ["SELECT x FROM (VALUES 3, NULL, 1) AS t (x) ORDER BY x DESC", "3\n1\nNULL"],
    ["SELECT x FROM (VALUES 3, 2, 1) AS t (x) ORDER BY 1 OFFSET 1 LIMIT 1", "2"],
    ["SELECT x FROM (VALUES 3, 2, 1) AS t (x) ORDER BY x FETCH FIRST 2 ROWS ONLY", "1\n2"],
    ["SELECT DISTINCT x AS y FROM (VALUES 2, 1, 2) AS t (x) ORDER BY y", "1\n2"],
    [
      "SELECT x, sum(y) AS s FROM (VALUES (1, 2), (1, 3), (2, 4)) AS t (x, y) GROUP BY x HAVING sum(y) > 4 ORDER BY s",
      "1 | 5",
    ],
    ["SELECT x + 1, count(*) FROM (VALUES 1, 1, 2) AS t (x) GROUP BY x + 1 ORDER BY x + 1", "2 | 2\n3 | 1"],
    [
      "SELECT x, grouping(x), count(*) FROM (VALUES 1, 2) AS t (x) GROUP BY ROLLUP (x) ORDER BY x",
      "1 | 0 | 1\n2 | 0 | 1\nNULL | 1 | 2",
    ],
    [
      "SELECT x, y, count(*) FROM (VALUES (1, 2)) AS t (x, y) GROUP BY GROUPING SETS ((x), (y), ()) ORDER BY 1, 2",
      "1 | NULL | 1\nNULL | 2 | 1\nNULL | NULL | 1",
    ],
    [
      "SELECT x, sum(sum(y)) OVER (ORDER BY x) FROM (VALUES (1, 2), (2, 3)) AS t (x, y) GROUP BY x ORDER BY x",
      "1 | 2\n2 | 5",
    ],
    [
      "SELECT x, lag(x) IGNORE NULLS OVER (ORDER BY y) FROM (VALUES (1, 1), (NULL, 2), (3, 3)) AS t (x, y) ORDER BY y",
      "1 | NULL\nNULL | 1\n3 | 1",
    ],
    ["SELECT rank() OVER w, ntile(2) OVER w FROM (VALUES 1, 2) AS t (x) WINDOW w AS (ORDER BY x)", "1 | 1\n2 | 2"],
    [
      "SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t (x, y) LEFT JOIN (VALUES (1, 'c')) AS u (x, z) USING (x) ORDER BY x",
      "1 | a | c\n2 | b | NULL",
    ],
    [
      "SELECT t.x, v, o FROM (VALUES (1, ARRAY['a', 'b'])) AS t (x, y) CROSS JOIN UNNEST(y) WITH ORDINALITY AS u (v, o) ORDER BY o",
      "1 | a | 1\n1 | b | 2",
    ],
    [
      "SELECT x, (SELECT max(b) FROM (VALUES (1, 5)) AS u (a, b) WHERE a = x), EXISTS (SELECT 1 FROM (VALUES 1) AS z (q) WHERE q = x) FROM (VALUES 1, 2) AS t (x) ORDER BY x",
      "1 | 5 | true\n2 | NULL | false",
    ],
    ["SELECT x IN (SELECT 1.0), x NOT IN (2, NULL) FROM (VALUES 1) AS t (x)", "true | NULL"],
    ["SELECT x > ALL (SELECT 1) FROM (VALUES 2) AS t (x)", "true"],
    [
      "WITH a (x) AS (SELECT 1 UNION ALL SELECT 2), b AS (SELECT * FROM a) SELECT a.x, b.x FROM a JOIN b ON a.x = b.x ORDER BY 1",
      "1 | 1\n2 | 2",
    ],
    ["SELECT 1 UNION SELECT 2 EXCEPT SELECT 2 ORDER BY 1", "1"],
    ["SELECT count(DISTINCT x), sum(x) FILTER (WHERE x > 1) FROM (VALUES 1, 2, 2) AS t (x)", "2 | 4"],
    [
      "SELECT CASE x WHEN 1 THEN 'a' ELSE 'bc' END, IF(x > 1, 1, 2.5) FROM (VALUES 1, 2) AS t (x) ORDER BY x",
      "a | 2.5\nbc | 1.0",
    ],
    ["SELECT /* ; */ 1 -- ; \n;", "1"],
    ["SELECT l.b FROM (VALUES 1) AS t (a) CROSS JOIN LATERAL (SELECT t.a + 1 AS b) AS l", "2"],
  ] as const) {
    assert.deepEqual([sql, (await ask(sql)).text], [sql, answer]);
  }
});

test("types and names of columns are Trino's", async (t) => {
  const ask = await dialect(t);
  const { types, names } = await ask(
    `SELECT X AS Foo, x, x + 1, "x" AS "Mixed", sum(x) OVER (), avg(x) OVER (), count(*) OVER (), 1.50 * 2, 'abc', NULL, now(),
      CAST(1 AS decimal(10,2)) / 3, concat('a', 'b'), year(current_date), ARRAY[1, 1.5], ROW(1, 'a'), x / 2e0
     FROM (VALUES 1) AS t (x)`,
  );
  assert.deepEqual(
    names.map((name, index) => [name, types[index]]),
    [
      ["Foo", "integer"],
      ["x", "integer"],
      ["_col2", "integer"],
      ["Mixed", "integer"],
      ["_col4", "bigint"],
      ["_col5", "double"],
      ["_col6", "bigint"],
      ["_col7", "decimal(13,2)"],
      ["_col8", "varchar(3)"],
      ["_col9", "unknown"],
      ["_col10", "timestamp(3) with time zone"],
      ["_col11", "decimal(10,2)"],
      ["_col12", "varchar"],
      ["_col13", "bigint"],
      ["_col14", "array(decimal(11,1))"],
      ["_col15", "row(integer, varchar(1))"],
      ["_col16", "double"],
    ],
  );
});
