// What is committed stays: through an end, a kill and a crash.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryDirectory } from "../../temporary-directory";
import { account, database, stranger } from "./fixture";
import { complaintOf, query } from "./messages";

test("what is committed is there at the next start, and what is not is not", async (t) => {
  const first = await database(t);
  const sql = first.connect();
  await sql`create extension vector`;
  await sql`create table orders (id int, embedding vector(2))`;
  await sql`insert into orders values (1, '[1,2]')`;
  const open = await first.connect().reserve();
  await open`begin`;
  await open`insert into orders values (2, '[1,2]')`;
  await first.end();

  const second = await database(t, { directory: first.directory, password: "another one" });
  assert.deepEqual([...(await second.connect()`select * from orders`)], [{ id: 1, embedding: "[1,2]" }]);
});

test("a start that is killed leaves what it committed", async (t) => {
  const directory = join(temporaryDirectory(), "postgres");
  await killed(
    directory,
    `const sql = client(server.url, { max: 1 });
     await sql\`create table orders as select generate_series(1, 1000) as id\`;
     const open = await sql.reserve();
     await open\`begin\`;
     await open\`insert into orders select generate_series(1, 100000)\`;`,
  );
  const { connect } = await database(t, { directory });
  assert.deepEqual([...(await connect()`select count(*)::int as orders from orders`)], [{ orders: 1_000 }]);
});

test("a start that is killed while it makes the directory is made good by the next one", async (t) => {
  const directory = join(temporaryDirectory(), "postgres");
  for (const half of [directory, `${directory}.half`]) {
    mkdirSync(half, { recursive: true });
    cpSync(__filename, join(half, "postgresql.conf"));
  }
  const { connect } = await database(t, { directory });
  assert.deepEqual([...(await connect()`select 1 as one`)], [{ one: 1 }]);
});

test("PostgreSQL is started again after a crash, and everybody is told", async (t) => {
  const { server, directory, record } = await database(t);
  const [one, other] = [await stranger(t, server), await stranger(t, server)];
  await one.ask(query("create table orders as select 1 as id"));
  const control = join(directory, "global", "pg_control");
  renameSync(control, `${control}.gone`);
  const answers = await Promise.all([one.ask(query("checkpoint")), other.rest()]);
  // Who asked hears as well what PostgreSQL died of.
  assert.deepEqual(
    answers.map((said) => said.map((message) => complaintOf(message).code)),
    [["58P01", "57P02"], ["57P02"]],
  );
  assert.match(String(record.entries[0]?.detail?.message), /PANIC: {2}could not open file ".*pg_control"/);

  renameSync(`${control}.gone`, control);
  const again = await stranger(t, server);
  assert.deepEqual(
    (await again.ask(query("select id from orders"))).map(({ type }) => type),
    ["T", "D", "C", "Z"],
  );
});

test("a directory that PostgreSQL cannot start on is named with the reason", async (t) => {
  const directory = join(temporaryDirectory(), "postgres");
  mkdirSync(directory);
  writeFileSync(join(directory, "PG_VERSION"), "18\n");
  const { server } = await database(t, { directory });
  await assert.rejects(
    server.ready,
    /Cannot start PostgreSQL on ".*postgres": .*could not access the server configuration file/,
  );
});

/** Runs a program with a server on the directory in a process of its own, and kills that at its end. */
async function killed(directory: string, program: string): Promise<void> {
  const text = `
    const { postgres } = require("./local/services/postgres/postgres");
    const client = require("postgres");
    (async () => {
      const server = await postgres({ directory: ${JSON.stringify(directory)}, ...${JSON.stringify(account)} });
      ${program}
      console.log("done");
    })();`;
  const child = spawn(process.execPath, ["--import", "tsx", "-e", text], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "exit");
}
