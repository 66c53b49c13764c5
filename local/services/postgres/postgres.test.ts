// The embedded PostgreSQL with the clients that functions use.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectSocket } from "node:net";
import { networkInterfaces } from "node:os";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { after, test } from "node:test";

import client = require("postgres");

import { account, database, stranger } from "./fixture";
import { complaintOf, int32, type Message, message, query, rowOf, sync, text } from "./messages";

/** One server for all tests that need none of their own. */
const shared = database({ after });

test("a client is the master user, who is no superuser and may create vectors", async () => {
  const { connect } = await shared;
  const sql = connect({ connection: { application_name: "migrate" } });

  const [who] = await sql`
    select current_user::text as user, current_database()::text as database, usesuper as super,
      current_setting('search_path') as path, current_setting('application_name') as application
    from pg_user where usename = current_user`;
  assert.deepEqual(
    { ...who },
    { user: "tributary", database: "shop", super: false, path: '"$user", public', application: "migrate" },
  );
  await sql`create extension vector`;
  await sql`create table products (name text, embedding vector(3))`;
  await sql`insert into products values ('lamp', '[1,0,0]'), ('chair', '[0,1,0]'), ('desk', ${"[0,0.9,0.1]"})`;
  const nearest = await sql`select name from products order by embedding <-> ${"[0,1,0]"}::vector limit 2`;
  assert.deepEqual([...nearest], [{ name: "chair" }, { name: "desk" }]);
});

test("twenty clients at once transfer and nothing is lost", async () => {
  const { connect } = await shared;
  const sql = connect();
  await sql`create table accounts (id int primary key, cents int not null)`;
  await sql`insert into accounts select id, 1000 from generate_series(1, 5) as id`;

  const clients = Array.from({ length: 20 }, (_, number) => connect({ prepare: number % 2 === 0 }));
  await Promise.all(
    clients.map(async (each, number) => {
      for (let round = 0; round < 10; round += 1) {
        const transfer = each.begin(async (transaction) => {
          const [from] = await transaction<
            { cents: number }[]
          >`select cents from accounts where id = ${(number % 5) + 1}`;
          await transaction`update accounts set cents = ${(from?.cents ?? 0) - 1} where id = ${(number % 5) + 1}`;
          await transaction`update accounts set cents = cents + 1 where id = ${((number + round) % 5) + 1}`;
          if (round % 5 === 4) throw new Error("changed my mind");
        });
        await (round % 5 === 4 ? assert.rejects(transfer, /changed my mind/) : transfer);
      }
    }),
  );

  const expected = [1, 2, 3, 4, 5].map((id) => {
    const moves = clients.flatMap((_, number) =>
      Array.from({ length: 10 }, (__, round) => ({ from: (number % 5) + 1, to: ((number + round) % 5) + 1, round })),
    );
    const kept = moves.filter(({ round }) => round % 5 !== 4);
    const out = kept.filter(({ from }) => from === id).length;
    // Who transfers to themselves reads, writes less, and adds again.
    return { id, cents: 1_000 - out + kept.filter(({ to }) => to === id).length };
  });
  assert.deepEqual([...(await sql`select id, cents from accounts order by id`)], expected);
});

test("a client with a wrong password, name or database is refused in PostgreSQL's words", async () => {
  const { server, connect } = await shared;
  const cases = [
    [{ password: "wrong" }, "28P01", 'password authentication failed for user "tributary"'],
    [{ password: "" }, "28P01", 'password authentication failed for user "tributary"'],
    [{ user: "postgres" }, "28P01", 'password authentication failed for user "postgres"'],
    [{ database: "other" }, "3D000", 'database "other" does not exist'],
  ] as const;
  for (const [own, code, message] of cases) {
    const sql = client({ host: "127.0.0.1", port: server.port, ...account, max: 1, ...own });
    await assert.rejects(sql`select 1`, { code, message, severity: "FATAL" });
    await sql.end();
  }
  assert.deepEqual([...(await connect()`select 1 as one`)], [{ one: 1 }]);
});

test("an error keeps its code and its position, and a transaction that failed says so", async () => {
  const { connect } = await shared;
  const sql = connect();
  await assert.rejects(sql`select * from nowhere`, { code: "42P01", position: "15" });
  await assert.rejects(sql`selec 1`.simple(), { code: "42601", position: "1" });
  const reserved = await sql.reserve();
  await reserved`begin`;
  await assert.rejects(reserved`select 1 / 0`, { code: "22012" });
  await assert.rejects(reserved`select 1`, { code: "25P02" });
  await reserved`rollback`;
  reserved.release();
  assert.deepEqual([...(await sql`select 1 as one`)], [{ one: 1 }]);
});

test("a client that goes in a transaction leaves nothing behind, and the others go on", async () => {
  const { connect } = await shared;
  const sql = connect();
  await sql`create table baskets (id int)`;

  const leaving = connect();
  const left = leaving.begin(async (transaction) => {
    await transaction`insert into baskets values (1)`;
    const waiting = sql`select count(*)::int as orders from baskets`;
    void leaving.end({ timeout: 0 });
    return waiting;
  });
  await assert.rejects(left, { code: /^CONNECTION_/ });
  assert.deepEqual([...(await sql`select count(*)::int as orders from baskets`)], [{ orders: 0 }]);
});

test("a client that goes in the middle of a COPY leaves nothing behind", async () => {
  const { connect } = await shared;
  const sql = connect();
  await sql`create table orders (id int)`;

  const leaving = connect();
  const into = await leaving`copy orders from stdin`.writable();
  into.on("error", () => undefined);
  into.write("1\n2\n");
  const waiting = sql`select count(*)::int as orders from orders`.execute();
  await leaving.end({ timeout: 0 });
  assert.deepEqual([...(await waiting)], [{ orders: 0 }]);

  await sql`insert into orders select generate_series(1, 200000)`;
  const reading = connect();
  const from = await reading`copy orders to stdout`.readable();
  await once(from, "data");
  from.on("error", () => undefined);
  await reading.end({ timeout: 0 });
  assert.deepEqual([...(await sql`select count(*)::int as orders from orders`)], [{ orders: 200_000 }]);
});

test("a COPY of many megabytes goes in and comes out as it was, and a bad line names itself", async () => {
  const { connect } = await shared;
  const sql = connect();
  await sql`create table notes (id int, note text)`;
  const line = (id: number) => `${id}\t${"abcdefghi ".repeat(20)}${id}\n`;
  const lines = function* () {
    for (let from = 0; from < 100_000; from += 1_000) {
      yield Array.from({ length: 1_000 }, (_, offset) => line(from + offset)).join("");
    }
  };

  await pipeline(Readable.from(lines()), await sql`copy notes from stdin`.writable());
  const out = await buffer(await sql`copy (select * from notes order by id) to stdout`.readable());
  assert.equal(out.equals(Buffer.from([...lines()].join(""))), true);

  const bad = await sql`copy notes from stdin`.writable();
  bad.write("1\tgood\ntwo\tbad\n");
  const [error] = await once(bad, "error");
  assert.deepEqual([error.code, error.where], ["22P02", 'COPY notes, line 2, column id: "two"']);
  assert.deepEqual([...(await sql`select count(*)::int as notes from notes`)], [{ notes: 100_000 }]);
});

test("a COPY that its client breaks off is rolled back", async () => {
  const { connect } = await shared;
  const sql = connect();
  await sql`create table drafts (id int)`;
  const into = await sql`copy drafts from stdin`.writable();
  into.write("1\n");
  into.destroy(new Error("no more"));
  await assert.rejects(once(into, "finish"), /no more/);
  assert.deepEqual([...(await sql`select count(*)::int as drafts from drafts`)], [{ drafts: 0 }]);
});

test("a cursor gives a large result piece by piece, and may be left early", async () => {
  const { connect } = await shared;
  const sql = connect();
  let rows = 0;
  for await (const some of sql`select id from generate_series(1, 50000) as id`.cursor(1_000)) rows += some.length;
  assert.equal(rows, 50_000);
  for await (const some of sql`select id from generate_series(1, 50000) as id`.cursor(10)) {
    assert.equal(some.length, 10);
    break;
  }
  assert.deepEqual([...(await connect()`select 1 as one`)], [{ one: 1 }]);
});

test("prepared statements of one name are each client's own, and go with it", async (t) => {
  const { server, connect } = await shared;
  const last = connect();
  const kept = async () => (await last`select count(*)::int as all from pg_prepared_statements`.simple())[0]?.all;
  const before = await kept();
  const [one, other] = [await stranger(t, server), await stranger(t, server)];
  const use = [message("B", text(""), text("mine"), Buffer.alloc(6)), message("E", text(""), int32(0)), sync];
  const make = (sql: string) => [message("P", text("mine"), text(sql), Buffer.alloc(2)), sync];

  await one.ask(...make("select 'one'"));
  await other.ask(...make("select 'other'"));
  assert.deepEqual((await one.ask(...use)).filter(isRow).map(rowOf), [["one"]]);
  assert.deepEqual((await other.ask(...use)).filter(isRow).map(rowOf), [["other"]]);
  assert.equal(complaintIn(await one.ask(...make("select 'again'")))?.code, "42P05");
  await one.ask(message("C", "S", text("mine")), sync);
  assert.equal(complaintIn(await one.ask(...use))?.code, "26000");
  assert.equal(await kept(), before + 1);
  other.socket.end(message("X"));
  await other.rest();
  assert.equal(await kept(), before);
});

test("a statement without a name is its client's own as well", async (t) => {
  const { server } = await shared;
  const [one, other] = [await stranger(t, server), await stranger(t, server)];
  const parse = (sql: string) => message("P", text(""), text(sql), Buffer.alloc(2));
  const bind = message("B", text(""), text(""), Buffer.alloc(6));
  const execute = message("E", text(""), int32(0));

  await one.ask(parse("select 'one'"), sync);
  await other.ask(parse("select 'other'"), sync);
  assert.deepEqual((await one.ask(bind, execute, sync)).filter(isRow).map(rowOf), [["one"]]);
  assert.deepEqual((await other.ask(bind, execute, sync)).filter(isRow).map(rowOf), [["other"]]);
  await other.ask(query("select 1"));
  assert.equal(complaintIn(await other.ask(bind, execute, sync))?.message, "unnamed prepared statement does not exist");
});

test("settings are each client's own", async () => {
  const { connect } = await shared;
  const [one, other] = [connect({ connection: { TimeZone: "Asia/Tokyo" } }), connect()];
  await one`create schema mine`;
  await one`create role reader`;
  await one`grant reader to tributary with set true`;
  await one`set search_path = mine`;
  await one`set role reader`;
  await one`set tributary.tenant = 'blue'`;
  await one`select set_config('work_mem', '8MB', false)`;
  const look = (sql: client.Sql) => sql`
    select current_setting('search_path') as path, current_user::text as role, current_setting('TimeZone') as zone,
      current_setting('tributary.tenant', true) as tenant, current_setting('work_mem') as memory`;

  const own = { path: "mine", role: "reader", zone: "Asia/Tokyo", tenant: "blue", memory: "8MB" };
  const usual = { path: '"$user", public', role: "tributary", zone: "UTC", tenant: "", memory: "4MB" };
  for (const [sql, expected] of [
    [other, usual],
    [one, own],
    [other, usual],
    [one, own],
  ] as const) {
    assert.deepEqual({ ...(await look(sql))[0] }, expected);
  }
  await one`reset all`;
  await look(other);
  assert.equal((await look(one))[0]?.path, '"$user", public');
});

test("a setting that there is not is refused", async () => {
  const { connect } = await shared;
  await assert.rejects(connect({ fetch_types: false, connection: { no_such_setting: 1 } as never })`select 1`, {
    code: "42704",
    message: 'unrecognized configuration parameter "no_such_setting"',
  });
  assert.deepEqual([...(await connect()`select 1 as one`)], [{ one: 1 }]);
});

test("a lock that outlasts transactions is respected by other clients", async () => {
  const { connect } = await shared;
  const [one, other] = [connect(), connect()];
  const order: string[] = [];
  await other`select 1`;
  await one`select pg_advisory_lock(7)`;
  const waiting = other`select pg_advisory_lock(7)`.then(() => order.push("other"));
  for (let round = 0; round < 5; round += 1) await one`select 1`;
  order.push("one");
  await one`select pg_advisory_unlock(7)`;
  await waiting;
  assert.deepEqual(order, ["one", "other"]);
  await other.end({ timeout: 0 });
  assert.deepEqual([...(await one`select pg_try_advisory_lock(7) as free`)], [{ free: true }]);
  await one.end();
});

test("a query that is cancelled ends with an error: one that runs, and one that waits for its turn", async (t) => {
  const { server } = await shared;
  const [one, other] = [await stranger(t, server), await stranger(t, server)];
  const cancelled = { code: "57014", message: "canceling statement due to user request" };
  /** A cancellation that comes before the query finds nothing to cancel, so it is said again. */
  const cancelling = async (who: typeof one, sql: string) => {
    const answer = who.ask(query(sql));
    const insisting = setInterval(who.cancel, 20);
    const said = await answer;
    clearInterval(insisting);
    return complaintIn(said);
  };

  await one.ask(query("begin"));
  assert.deepEqual(await cancelling(other, "select 1"), cancelled);
  assert.deepEqual(await cancelling(one, "select count(*) from generate_series(1, 100000000000)"), cancelled);
  await one.ask(query("rollback"));
  for (const each of [one, other])
    assert.deepEqual((await each.ask(query("select 1"))).filter(isRow).map(rowOf), [["1"]]);
});

test("a statement that takes longer than its client allows is cancelled", async () => {
  const { connect } = await shared;
  const endless = (sql: client.Sql) => sql`select count(*) from generate_series(1, 100000000000)`;
  await assert.rejects(endless(connect({ connection: { statement_timeout: 100 } })), { code: "57014" });
  const sql = connect();
  await sql`set statement_timeout = '50ms'`;
  await assert.rejects(endless(sql), { code: "57014" });
  await sql`reset statement_timeout`;
  assert.deepEqual([...(await sql`select current_setting('statement_timeout') as limit`)], [{ limit: "0" }]);
});

test("a query that runs does not hold up the process", async () => {
  const { connect } = await shared;
  let done = false;
  const counted = connect()`select count(*)::int as many from generate_series(1, 3000000)`.then((rows) => {
    done = true;
    return rows;
  });
  let turns = 0;
  while (!done) {
    await new Promise((resolve) => setImmediate(resolve));
    turns += 1;
  }
  assert.deepEqual([...(await counted)], [{ many: 3_000_000 }]);
  assert.ok(turns > 50, `${turns} turns of the event loop`);
});

test("a client that leaves its transaction alone while others wait is sent away", async (t) => {
  const { server, connect } = await database(t, { idleMs: 200 });
  const [one, other] = [await stranger(t, server), connect()];
  await one.ask(query("create table orders (id int)"));
  await one.ask(query("begin"));
  await one.ask(query("insert into orders values (1)"));
  assert.deepEqual([...(await other`select count(*)::int as orders from orders`)], [{ orders: 0 }]);
  assert.deepEqual(complaintIn(await one.rest()), {
    code: "25P03",
    message: "terminating connection due to idle-in-transaction timeout",
  });
});

test("what one session cannot keep apart is refused by name", async () => {
  const { connect } = await shared;
  const sql = connect();
  for (const command of ["LISTEN orders", "discard all", "deallocate all"]) {
    const name = command.split(" orders")[0]?.toUpperCase();
    await assert.rejects(sql.unsafe(command), { code: "0A000", message: new RegExp(`^${name} is not imitated`) });
  }
  await assert.rejects(connect({ connection: { replication: "database" } as never })`select 1`, { code: "0A000" });
});

test("a client that breaks the protocol is sent away, and what comes too late for a COPY is not heard", async (t) => {
  const { server, connect } = await database(t, { idleMs: 200 });
  const [one, other, last] = [await stranger(t, server), await stranger(t, server), connect()];
  await one.ask(query("create table late (id int)"));
  one.socket.write(query("copy late from stdin"));
  const failed = await one.ask(message("d", Buffer.from("x\n")));
  assert.equal(complaintIn(failed)?.code, "22P02");
  one.socket.write(Buffer.concat([message("d", Buffer.from("1\n")), message("f", text("no more"))]));
  assert.equal(complaintIn(await other.ask(message("P", "no end"), sync))?.code, "08P01");
  // Nobody waits for it to go on, and so it is not sent away.
  for (let round = 0; round < 20; round += 1) await last`select pg_sleep(0.02)`;
  assert.deepEqual((await one.ask(query("select count(*) from late"))).filter(isRow).map(rowOf), [["0"]]);
});

test("a stranger who sends something else is told so, and nobody else can come", async () => {
  const { server, connect } = await shared;
  for (const bytes of ["GET / HTTP/1.1\r\n\r\n", "\0\0\0\x0cabcdefgh", "\xff\xff\xff\xff\0\x03\0\0"]) {
    const socket = connectSocket(server.port, "127.0.0.1");
    socket.end(Buffer.from(bytes, "latin1"));
    assert.match((await buffer(socket)).toString("latin1"), /^E.*SFATAL.*C08P01/s);
  }
  const outside = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .find(({ internal, family }) => !internal && family === "IPv4");
  if (outside !== undefined) {
    const socket = connectSocket(server.port, outside.address);
    await assert.rejects(once(socket, "connect"), { code: "ECONNREFUSED" });
  }
  assert.deepEqual([...(await connect()`select 1 as one`)], [{ one: 1 }]);
});

test("the server ends while clients wait, and they are told", async (t) => {
  const { server } = await database(t);
  const clients = [await stranger(t, server), await stranger(t, server)];
  const answers = clients.map((each) => each.ask(query("select count(*) from generate_series(1, 100000000000)")));
  await server.end();
  for (const said of await Promise.all(answers)) assert.equal(complaintIn(said)?.code, "57P01");
});

const complaintIn = (said: readonly Message[]) => said.filter(({ type }) => type === "E").map(complaintOf)[0];
const isRow = ({ type }: Message): boolean => type === "D";
