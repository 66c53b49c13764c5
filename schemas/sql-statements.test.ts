import assert from "node:assert/strict";
import { test } from "node:test";
import { sqlStatements } from "./sql-statements";

const texts = (sql: string) => sqlStatements(sql).map((statement) => statement.sql);

test("sqlStatements() gives each statement with the line of its first word", () => {
  assert.deepEqual(sqlStatements("-- one\nselect 1;\n\n/* two */ select\n  2\n;\n"), [
    { line: 2, sql: "select 1" },
    { line: 4, sql: "select\n  2" },
  ]);
});

test("sqlStatements() leaves a semicolon alone that ends nothing", () => {
  for (const one of [
    "select ';'",
    "select 'it''s; fine'",
    "select E'a\\';b'",
    "select e'\\\\' || ';'",
    'select 1 as "a;""b;"',
    "select $$a;b$$",
    "select $body$ $$;$$ ; $other$ $body$",
    "select 1 -- ;\n + 1",
    "select 1 /* ; /* ; */ ; */ + 1",
    "create rule r as on insert to t do (delete from a; delete from b)",
    "create function f() returns int language sql begin atomic select case when true then 1 end; select 2; end",
    "create function f() returns void language plpgsql as $$ begin perform 1; end $$",
    "select a$b$c, 1 from t where x = ';' and y = a$b$c",
    "select 1::int, $1, 'é;ü', ü",
  ]) {
    assert.deepEqual(texts(`${one};\nselect 2`), [one, "select 2"], one);
  }
});

test("sqlStatements() takes a backslash for a backslash where the string is no e'...'", () => {
  assert.deepEqual(texts("select 'a\\'; select 'b'"), ["select 'a\\'", "select 'b'"]);
  assert.deepEqual(texts("select namE'a\\'; select 1"), ["select namE'a\\'", "select 1"]);
});

test("sqlStatements() gives nothing for nothing", () => {
  for (const nothing of ["", "\n", ";;", "-- select 1;", "/* select 1; */ ;"]) assert.deepEqual(texts(nothing), []);
});

test("sqlStatements() names the line of what never ends", () => {
  for (const [sql, what] of [
    ["select 1;\nselect 'a", "a string"],
    ["select 1;\nselect e'a\\'", "a string"],
    ['select 1;\nselect "a', "a quoted name"],
    ["select 1;\n/* /* */", "a comment"],
    ["select 1;\nselect $a$ $$", "a dollar-quoted string"],
  ] as const) {
    assert.throws(() => sqlStatements(sql), { code: "Unterminated", message: `line 2 begins ${what} that never ends` });
  }
});
