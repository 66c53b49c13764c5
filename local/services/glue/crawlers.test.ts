import assert from "node:assert/strict";
import { test } from "node:test";
import { handClock } from "../../clock";
import { temporaryDirectory } from "../../temporary-directory";
import type { CrawlerConfig } from "./crawler-config";
import { crawlers } from "./crawlers";

const config = (name: string): CrawlerConfig => ({
  name,
  role: "role",
  principal: { name, arn: name, accessKeyId: name, secretAccessKey: name, policies: [] },
  database: "lake",
  tablePrefix: "",
  targets: [],
  updateBehavior: "LOG",
  deleteBehavior: "LOG",
  configuration: "{}",
});

const counts = { created: 1, updated: 2, deleted: 0 };

test("a crawler is READY, RUNNING, STOPPING and READY again, and keeps how its run ended", async () => {
  const clock = handClock();
  const { promise: told, resolve: tell } = Promise.withResolvers<void>();
  const all = crawlers({
    directory: temporaryDirectory(),
    clock,
    run: () => told.then(() => Promise.reject(new Error("x"))),
    onEnd: () => undefined,
  });
  all.put(config("sales"));
  const state = () => all.named("sales").state;

  assert.equal(state(), "READY");
  all.start("sales");
  assert.equal(state(), "RUNNING");
  all.stop("sales");
  assert.equal(state(), "STOPPING");
  assert.throws(() => all.stop("sales"), { code: "CrawlerStoppingException" });
  assert.throws(() => all.start("sales"), { code: "CrawlerRunningException" });
  clock.advance(1_500);
  tell();
  await all.idle();
  assert.equal(state(), "READY");
  const { status, ms } = all.named("sales").last ?? {};
  assert.deepEqual([status, ms], ["CANCELLED", 1_500]);
});

test("a run that fails is told with its reason, and the next one may succeed", async () => {
  let fails = true;
  const ended: unknown[] = [];
  const all = crawlers({
    directory: temporaryDirectory(),
    clock: handClock(),
    run: async () => {
      if (fails) throw new Error("no bucket");
      return counts;
    },
    onEnd: ({ name }, { status, error }) => ended.push([name, status, error]),
  });
  all.put(config("sales"));
  all.start("sales");
  await all.idle();
  fails = false;
  all.start("sales");
  await all.idle();
  assert.deepEqual(ended, [
    ["sales", "FAILED", "no bucket"],
    ["sales", "SUCCEEDED", undefined],
  ]);
  assert.deepEqual(all.named("sales").last?.counts, counts);
});

test("a crawler that nobody made is not found", () => {
  const all = crawlers({
    directory: temporaryDirectory(),
    clock: handClock(),
    run: async () => counts,
    onEnd: () => undefined,
  });
  for (const ask of [all.named, all.start, all.stop]) {
    assert.throws(() => ask("nobody"), { code: "EntityNotFoundException" });
  }
});

test("what ran when the process ended is resumed, once, and nothing else", async () => {
  const directory = temporaryDirectory();
  const options = { directory, clock: handClock(), onEnd: () => undefined };
  const first = crawlers({
    ...options,
    run: ({ name }, signal) =>
      name === "done"
        ? Promise.resolve(counts)
        : new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  });
  for (const name of ["broken-off", "done", "never"]) first.put(config(name));
  first.start("done");
  await first.idle();
  first.start("broken-off");
  await first.end();

  for (const expected of [["broken-off"], []]) {
    const ran: string[] = [];
    const next = crawlers({
      ...options,
      run: async ({ name }) => {
        ran.push(name);
        return counts;
      },
    });
    for (const name of ["broken-off", "done", "never"]) next.put(config(name));
    next.resume();
    await next.idle();
    assert.deepEqual(ran, expected);
  }
});
