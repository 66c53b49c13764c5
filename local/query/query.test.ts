import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { ListQueryExecutionsCommand } from "@aws-sdk/client-athena";
import { athenaBehindDoor, database, region, workgroup } from "../services/athena/fixture";
import { announce } from "../start/whereabouts";
import { temporaryDirectory } from "../temporary-directory";

const root = join(__dirname, "..", "..");

/** A start that runs, as far as `npm run query` sees it, and the command in its surroundings. */
async function surroundings(t: TestContext, options: { scanLimit?: number } = {}) {
  const athena = await athenaBehindDoor(t, options);
  const directory = temporaryDirectory();
  const environment = {
    AWS_ENDPOINT_URL: athena.url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: "AKIA1",
    AWS_SECRET_ACCESS_KEY: "secret of 1",
  };
  const lines = Object.entries(environment).map(([name, value]) => `export ${name}=${value}\n`);
  writeFileSync(join(directory, "operator.env"), lines.join(""));
  const TMPDIR = temporaryDirectory();
  t.after(
    inDirectory(TMPDIR, () =>
      announce({ directory, outputs: { athenaWorkgroup: workgroup, athenaDatabase: database } }),
    ),
  );
  return {
    ...athena,
    directory,
    run: (...words: string[]) => run(words, { TMPDIR }),
    begin: (...words: string[]) => begin(words, { TMPDIR }),
  };
}

function inDirectory<T>(directory: string, work: () => T): T {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = directory;
  try {
    return work();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}

function begin(words: readonly string[], environment: Readonly<Record<string, string>>): ChildProcess {
  const env = { ...process.env, ...environment, NO_COLOR: "1" };
  return spawn(process.execPath, ["--import", "tsx", "local/query.ts", ...words], { cwd: root, env });
}

async function run(words: readonly string[], environment: Readonly<Record<string, string>>, input = "") {
  const child = begin(words, environment);
  child.stdin?.end(input);
  return ended(child);
}

async function ended(child: ChildProcess) {
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const read = (stream: Readable | null) => (stream === null ? "" : text(stream));
  const [code, stdout, stderr] = await Promise.all([exited, read(child.stdout), read(child.stderr)]);
  return { code, stdout, stderr };
}

const shop =
  "SELECT * FROM (VALUES (1, 'a,b', 1.50), (2, NULL, NULL), (10, '', -2.25)) AS t (id, name, price) ORDER BY id";

test("an answer is a table for a person", async (t) => {
  const { run } = await surroundings(t);
  const { code, stdout, stderr } = await run(shop);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, ["id  name  price", " 1  a,b    1.50", " 2  NULL   NULL", "10        -2.25", ""].join("\n"));
  assert.match(stderr, /^3 rows, 0 bytes scanned, \d+\.\d\d s\n$/);
});

test("an answer is CSV or JSON for a program, all rows of all pages", async (t) => {
  const { run } = await surroundings(t);
  assert.equal((await run("--csv", shop)).stdout, 'id,name,price\n1,"a,b",1.50\n2,,\n10,"",-2.25\n');
  assert.equal(
    (await run("--json", shop)).stdout,
    `[\n  {"id": 1, "name": "a,b", "price": 1.50},\n  {"id": 2, "name": null, "price": null},\n  {"id": 10, "name": "", "price": -2.25}\n]\n`,
  );
  const many = "SELECT x, 9223372036854775807 AS big, nan() AS odd FROM UNNEST(sequence(1, 2500)) AS t (x) ORDER BY x";
  const { stdout } = await run("--json", many);
  assert.equal(JSON.parse(stdout).length, 2500);
  assert.match(stdout, /\{"x": 2500, "big": 9223372036854775807, "odd": "NaN"\}\n\]\n$/);
  assert.equal((await run("--csv", many)).stdout.split("\n").length, 2502);
  assert.equal((await run("--json", "SELECT 1 AS a WHERE false")).stdout, "[]\n");
});

test("a long table ends where it is told to, and says so", async (t) => {
  const { run } = await surroundings(t);
  const many = "SELECT x FROM UNNEST(sequence(1, 1500)) AS t (x) ORDER BY x";
  const first = await run(many);
  assert.equal(first.stdout.split("\n").length, 202);
  assert.match(first.stderr, /^the first 200 rows \(--limit N shows more, --csv and --json all\)/);
  assert.equal((await run(many, "--limit", "1200")).stdout.split("\n").length, 1202);
  assert.equal((await run(many, "--limit", "2", "--csv")).stdout, "x\n1\n2\n");
});

test("a query that fails says where, below the line that it means", async (t) => {
  const { run } = await surroundings(t);
  const wrong = await run("SELECT 1,\n\tpreis FROM (VALUES 1) AS t (price)");
  assert.equal(wrong.code, 1);
  assert.equal(
    wrong.stderr,
    [
      "✖ COLUMN_NOT_FOUND: line 2:2: Column 'preis' cannot be resolved or requester is not authorized to access requested resources",
      "",
      "  2 | \tpreis FROM (VALUES 1) AS t (price)",
      "    | \t^",
      "",
    ].join("\n"),
  );
  const syntax = await run("SELECT ] FROM t");
  assert.equal(syntax.code, 1);
  assert.match(syntax.stderr, /^✖ line 1:8: mismatched input '\]'/);
  assert.match(syntax.stderr, /\n {2}1 \| SELECT \] FROM t\n {4}\| {8}\^\n$/);
  const late = await run("SELECT 1 / x FROM (VALUES 0) AS t (x)");
  assert.deepEqual([late.code, late.stderr], [1, "✖ DIVISION_BY_ZERO: Division by zero\n"]);
});

test("named queries are listed, and asked by their names", async (t) => {
  const { run, athena } = await surroundings(t);
  assert.match((await run("--named")).stdout, /^name\s+answers\n?/);
  athena.createNamedQuery({
    id: "1",
    name: "two",
    description: "What is it?",
    database,
    workgroup,
    query: "SELECT 2 AS answer",
  });
  athena.createNamedQuery({ id: "2", name: "one", database, workgroup, query: "SELECT 1 AS answer" });

  assert.equal((await run("--named")).stdout, "name  answers\none\ntwo   What is it?\n");
  assert.equal((await run("--named", "two", "--csv")).stdout, "answer\n2\n");
  const unknown = await run("--named", "three");
  assert.deepEqual([unknown.code, unknown.stderr], [2, '✖ There is no query named "three": one, two.\n']);
});

test("a query comes from a file or from stdin as well", async (t) => {
  const { run, directory, ...rest } = await surroundings(t);
  const file = join(directory, "query.sql");
  writeFileSync(file, "-- how many?\nSELECT 42 AS answer;\n");
  assert.equal((await run("--csv", "--file", file)).stdout, "answer\n42\n");
  const child = rest.begin("--csv", "-");
  child.stdin?.end("SELECT 43 AS answer");
  assert.equal((await ended(child)).stdout, "answer\n43\n");
  const missing = await run("--file", join(directory, "nothing.sql"));
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /^✖ Cannot read the query from ".*nothing\.sql": ENOENT/);
});

test("Ctrl-C cancels the query where it runs", async (t) => {
  const { begin, client, execution } = await surroundings(t);
  const child = begin(`SELECT count(*) FROM UNNEST(sequence(1, 20000)) a (x) CROSS JOIN UNNEST(sequence(1, 20000)) b (y)
    CROSS JOIN UNNEST(sequence(1, 20000)) c (z) WHERE (x * y * z) % 7 = 3`);
  const over = ended(child);
  let id: string | undefined;
  while (id === undefined || (await execution(id)).Status?.State !== "RUNNING") {
    assert.equal(child.exitCode, null, "it has ended by itself");
    [id] = (await client.send(new ListQueryExecutionsCommand({ WorkGroup: workgroup }))).QueryExecutionIds ?? [];
  }
  child.kill("SIGINT");

  const { code, stdout, stderr } = await over;
  assert.deepEqual([code, stdout, stderr], [130, "", "\nCancelled.\n"]);
  const { Status } = await execution(id);
  assert.deepEqual([Status?.State, Status?.StateChangeReason], ["CANCELLED", "Query cancelled by user"]);
});

test("where nothing is running, and what to do about it", async () => {
  const TMPDIR = temporaryDirectory();
  const { code, stderr } = await run(["select 1", "--data", "/nowhere"], { TMPDIR });
  const sentence = '"/nowhere": `npm start` in another terminal, or --stack NAME to ask a deployed stack.';
  assert.deepEqual([code, stderr], [2, `✖ Nothing is running on ${sentence}\n`]);
  assert.match((await run(["select 1"], { TMPDIR })).stderr, /^✖ Nothing is running: `npm start` in another terminal/);
  const help = await run(["--help"], { TMPDIR });
  assert.equal(help.code, 0);
  assert.match(help.stdout, /^npm run query -- "select \.\.\."/);
});

test("the names of a deployed stack come from its outputs", async (t) => {
  const { url, ...rest } = await surroundings(t);
  assert.ok(rest);
  // A Pulumi CLI that knows one stack.
  const PATH = temporaryDirectory();
  mkdirSync(PATH, { recursive: true });
  const outputs = JSON.stringify({ athenaWorkgroup: workgroup, athenaDatabase: database });
  writeFileSync(
    join(PATH, "pulumi"),
    `#!/bin/sh\nif [ "$*" = "stack output --json --stack prod" ]; then echo '${outputs}'; else echo "error: no stack named '$5' found" >&2; exit 255; fi\n`,
    { mode: 0o755 },
  );
  const environment = {
    PATH: `${PATH}:/usr/bin:/bin`,
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: "AKIA1",
    AWS_SECRET_ACCESS_KEY: "secret of 1",
  };
  const answered = await run(["--stack", "prod", "--csv", "SELECT 1 AS a"], environment);
  assert.deepEqual([answered.code, answered.stdout], [0, "a\n1\n"]);
  const unknown = await run(["--stack", "test", "SELECT 1"], environment);
  assert.deepEqual(
    [unknown.code, unknown.stderr],
    [2, "✖ Cannot ask for the outputs of the stack \"test\": error: no stack named 'test' found\n"],
  );
});
