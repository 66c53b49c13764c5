// The kit's schedule() on the embedded AWS, whose clock the test advances.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { operations } from "../stacks/operations";
import { readSettings } from "../stacks/settings";
import { type Evaluation, evaluate } from "../stage/evaluation/evaluate";
import { stage } from "../stage/stage";
import { schedule } from "../stage/triggers";
import { handClock } from "./clock";
import { type Cloud, startCloud } from "./cloud";
import { temporaryDirectory } from "./temporary-directory";

const factory = () => async (event: unknown) => console.log(`woken by ${JSON.stringify(event)}`);

async function program() {
  const platform = operations(readSettings());
  const settings = { may: [], memory: 128, timeout: 10 };
  stage(platform, "hourly", factory, { on: [schedule("rate(1 hour)")], ...settings });
  stage(platform, "nightly", factory, { on: [schedule("cron(0 2 ? * THU-FRI *)")], ...settings });
  stage(platform, "paused", factory, { on: [schedule("rate(1 minute)", { enabled: false })], ...settings });
  return {};
}

const hour = 3_600_000;
/** Thursday. */
const start = Date.UTC(2026, 0, 1);
const directory = temporaryDirectory();

let evaluation: Evaluation;
let clock = handClock(start);
let cloud: Cloud;

before(async () => {
  evaluation = await evaluate({ stack: "dev", program });
  cloud = await startCloud(evaluation, { clock, directory });
});

after(() => cloud.end());

test("a rate runs at deployment and then each time that it is over, a cron at its times, a paused one never", async () => {
  clock.advance(3 * hour);
  await cloud.idle();
  assert.deepEqual([runs("hourly"), runs("nightly"), runs("paused")], [4, 1, 0]);
  assert.match(cloud.logs.tail("/tributary/dev/nightly", 10).join("\n"), /woken by \{\}/);
});

test("a restart after three days runs nothing that was missed, and keeps the beat of the rate", async () => {
  await cloud.end();
  clock = handClock(start + 3 * 24 * hour + hour / 2);
  cloud = await startCloud(evaluation, { clock, directory });
  await cloud.idle();
  assert.deepEqual([runs("hourly"), runs("nightly")], [0, 0]);

  clock.advance(hour);
  await cloud.idle();
  assert.deepEqual([runs("hourly"), runs("nightly")], [1, 0]);
});

/** Since the last start. */
const runs = (name: string): number => {
  const lambda = evaluation.resources.find((it) => it.type === "aws:lambda/function:Function" && it.name === name);
  return cloud.journal.entries.filter(
    ({ operation, resource }) => operation === "Invoke" && resource === lambda?.outputs.name,
  ).length;
};
