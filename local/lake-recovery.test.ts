// The lake on the embedded AWS when work breaks off: the next try, or the next start, finishes it; an end leaves nothing
// behind.

import assert from "node:assert/strict";
import { mkdirSync, readdirSync } from "node:fs";
import { connect } from "node:net";
import { before, type TestContext, test } from "node:test";
import type { Evaluation, Registered } from "../stage/evaluation/evaluate";
import { startCloud } from "./cloud";
import { readPolicy } from "./door/policy";
import {
  accounting,
  changed,
  curation,
  deadLetters,
  evaluated,
  type Lake,
  openLake,
  order,
  parquet,
  payment,
  type RawFile,
  rowsOf,
} from "./lake-fixture";
import { temporaryDirectory } from "./temporary-directory";

/** Sixteen days with an order each, and so as many partitions. */
const days = Array.from({ length: 16 }, (_, day) => `2026-05-${String(day + 1).padStart(2, "0")}`);

let program: Evaluation;
let orders: RawFile;
before(async () => {
  program = curation(await evaluated("dev"));
  const rows = days.map((created_at, index) => order({ order_id: index + 1, created_at }));
  orders = { key: "raw/orders/a.parquet", body: await parquet(rowsOf("orders", rows)) };
});

test("a merge that fails at one partition is completed by the retry, every row accounted for", async (t) => {
  const lake = await openLake(t, program);
  const { curated } = lake.buckets;
  const Resource = `arn:aws:s3:::${curated}/*/dt=${days[5]}/*`;
  const forbidden = { Statement: [{ Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource }] };
  lake.cloud.s3.setPolicy(curated, readPolicy(JSON.stringify(forbidden), curated));
  lake.cloud.journal.listen(({ operation }) => {
    if (operation === "Retry") lake.cloud.s3.setPolicy(curated, undefined);
  });

  await lake.take([orders]);

  assert.deepEqual(outcomes(lake), ["AccessDenied", "ok"]);
  assert.equal((await lake.curated("orders")).length, days.length);
  assert.deepEqual((await lake.audits()).map(accounting), ["16 = 16 + 0 + 0"]);
  const written = lake.done("PutObject", curated).filter(({ outcome }) => outcome === "ok");
  assert.equal(written.length, days.length, "no partition is written twice");
  assert.deepEqual(deadLetters(lake), []);
});

test("a merge in which everything is killed is completed by the next start, every row accounted for", async (t) => {
  const directory = temporaryDirectory();
  const first = await openLake(t, program, { directory });
  const { curated } = first.buckets;
  const killed = new Promise<void>((resolve) => {
    first.cloud.journal.listen(({ operation, resource }) => {
      if (operation === "PutObject" && resource.startsWith(curated)) resolve(first.end());
    });
  });
  await first.put(orders.key, orders.body);
  await killed;
  assert.deepEqual(outcomes(first), [], "it was killed in the middle");

  const second = await openLake(t, program, { directory });
  await second.cloud.idle();

  assert.deepEqual(outcomes(second), ["ok"]);
  assert.equal((await second.curated("orders")).length, days.length);
  assert.deepEqual((await second.audits()).map(accounting), ["16 = 16 + 0 + 0"]);
});

test("a start with the data of another one keeps objects, tokens, audit rows and dead letters", async (t) => {
  const directory = temporaryDirectory();
  const pays = async (payment_id: number): Promise<RawFile> => ({
    key: `raw/payments/${payment_id}.parquet`,
    body: await parquet(rowsOf("payments", [payment({ payment_id })])),
  });
  const secret = (inputs: Registered["inputs"]) =>
    changed(program, "aws:secretsmanager/secretVersion:SecretVersion", () => inputs);
  const tokens = async (lake: Lake) => (await lake.curated("payments")).map(({ card_token }) => card_token);
  const first = await openLake(t, program, { directory });
  const [file, { arn = "" } = {}] = [await pays(1), ...first.cloud.deadLetterQueues];
  const version = await first.put(file.key, file.body);
  await first.cloud.idle();
  const [[token], audits] = [await tokens(first), await first.audits()];
  first.cloud.sqs.send(arn, "a dead letter");
  await first.end();

  // Every evaluation draws a key for the tokens; while the secret's version is the same, the first one stays.
  const second = await openLake(t, secret({ secretStringWo: "another key" }), { directory });
  assert.deepEqual(await second.read(second.buckets.raw, file.key, version), file.body);
  assert.deepEqual(await second.audits(), audits);
  assert.deepEqual(
    second.cloud.sqs.messages(arn).map(({ body }) => body),
    ["a dead letter"],
  );
  await second.take([await pays(2)]);
  assert.deepEqual(await tokens(second), [token, token]);
  await second.end();

  const third = await openLake(t, secret({ secretStringWo: "another key", secretStringWoVersion: 2 }), { directory });
  await third.take([await pays(3)]);
  const [one, two, other] = await tokens(third);
  assert.deepEqual([one, two, other === token], [token, token, false]);
});

test("end() leaves no process, no open port and no file", async (t) => {
  const temporary = ownTemporaryDirectory(t);
  const usual = handles();
  const lake = await openLake(t, program);
  await lake.take([orders]);
  const { port } = new URL(lake.cloud.url);
  for (const kind of ["ProcessWrap", "TCPServerWrap", "PipeWrap"]) assert.ok(handles().includes(kind), kind);

  await lake.end();

  assert.deepEqual(handles(), usual);
  assert.deepEqual(readdirSync(temporary), []);
  const error = await new Promise<NodeJS.ErrnoException>((resolve) =>
    connect(Number(port), "127.0.0.1").on("error", resolve),
  );
  assert.equal(error.code, "ECONNREFUSED");
});

test("a start that fails leaves no process, no open port and no file", async (t) => {
  const lake = await openLake(t, program);
  const temporary = ownTemporaryDirectory(t);
  const open = handles();

  await assert.rejects(startCloud(program, { port: Number(new URL(lake.cloud.url).port) }), { code: "EADDRINUSE" });

  assert.deepEqual(handles(), open);
  assert.deepEqual(readdirSync(temporary), []);
});

test("a resource of an unknown type stops the start by its name", async (t) => {
  const temporary = ownTemporaryDirectory(t);
  const type = "aws:ec2/instance:Instance";
  const unknown: Registered = { type, name: "bastion", inputs: {}, outputs: {}, secrets: [] };

  await assert.rejects(startCloud({ ...program, resources: [...program.resources, unknown] }), {
    message:
      `Cannot start "bastion": nobody has said what a ${type} does on a laptop. ` +
      "Deploy it in local/deploy/, or list it with a reason in local/deploy/without-behaviour.ts.",
  });
  assert.deepEqual(readdirSync(temporary), []);
});

const outcomes = ({ cloud }: Lake): string[] =>
  cloud.journal.entries.filter(({ operation }) => operation === "Invoke").map(({ outcome }) => outcome);

/** What keeps this process alive, as far as a cloud would be the one who opened it. */
const handles = (): string[] => process.getActiveResourcesInfo().filter((name) => /Process|Server|Pipe/.test(name));

/** Empty, and the place for temporary files as long as the test runs. */
function ownTemporaryDirectory(t: TestContext): string {
  const usual = process.env.TMPDIR;
  const directory = `${temporaryDirectory()}/tmp`;
  mkdirSync(directory);
  process.env.TMPDIR = directory;
  t.after(() => {
    if (usual === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = usual;
  });
  return directory;
}
