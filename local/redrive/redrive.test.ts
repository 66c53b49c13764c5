// npm run redrive against an embedded cloud with a program of its own: what fails for good becomes a letter, and what is sent
// back is done once.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { Context, S3Event } from "aws-lambda";
import { operations } from "../../stacks/operations";
import { readSettings } from "../../stacks/settings";
import { DataBucket } from "../../stage/data-bucket";
import { deadLetterQueues } from "../../stage/dead-letter-queue";
import { eachMessage, final } from "../../stage/each-message";
import { environment } from "../../stage/environment";
import { type Evaluation, evaluate } from "../../stage/evaluation/evaluate";
import { publish, read, record, write } from "../../stage/permissions";
import { stage } from "../../stage/stage";
import { eventBatches, objectBatches, objectCreated } from "../../stage/triggers";
import { systemClock } from "../clock";
import { type Cloud, startCloud } from "../cloud";
import { announce } from "../start/whereabouts";
import { temporaryDirectory } from "../temporary-directory";

/** What the stages find in the bucket of moods: `well`, `away` for the moment, `broken` for good. */
const moodIn = () => {
  const s3 = new S3Client({});
  const { MOODS } = environment("MOODS");
  return async () => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: MOODS, Key: "mood" }));
    return Body?.transformToString();
  };
};

/** Makes a thumbnail beside every picture, and publishes that it has. */
const painter = () => {
  const { PICTURES } = environment("PICTURES");
  const [mood, s3, events] = [moodIn(), new S3Client({}), new EventBridgeClient({})];
  return eachMessage(
    async (body) => {
      const { key } = (body as { detail: { object: { key: string } } }).detail.object;
      const now = await mood();
      if (now === "away") throw new Error(`Cannot paint "${key}": the brush is away`);
      if (now === "broken") throw final("NoPaint", `Cannot paint "${key}": there is no paint`);
      const [user, file] = key.split("/");
      await s3.send(new PutObjectCommand({ Bucket: PICTURES, Key: `${user}/thumbnails/${file}`, Body: "small" }));
      for (const Source of ["shop.painter", "shop.framer"]) {
        const Detail = JSON.stringify({ user_id: user, item_id: file });
        const entry = { Source, DetailType: "Painted", Detail };
        const sent = events.send(new PutEventsCommand({ Entries: [entry] }));
        console.log(`published ${Source}: ${await sent.then(({ FailedEntryCount }) => FailedEntryCount, String)}`);
      }
      console.log(`painted ${key}`);
    },
    { width: 2 },
  );
};

const labeller = () =>
  eachMessage(async (body) => console.log(`labelled ${JSON.stringify((body as { detail: unknown }).detail)}`), {
    width: 1,
  });

/** Woken by S3 itself, without a queue; it says in the audit table what it has framed, but for what is to be kept silent. */
const framer = () => {
  const { AUDIT_TABLE } = environment("AUDIT_TABLE");
  const [mood, dynamodb] = [moodIn(), new DynamoDBClient({})];
  return async ({ Records: [record] }: S3Event, { awsRequestId }: Context) => {
    const { bucket, object } = record?.s3 ?? {};
    if ((await mood()) !== "well") throw new Error(`Cannot frame "${object?.key}": the frames are away`);
    console.log(`framed ${object?.key}`);
    if (object?.key === "silent.jpg") return;
    const row = {
      object: `${bucket?.name}/${decodeURIComponent(String(object?.key).replaceAll("+", " "))}`,
      versionAndStage: `${object?.versionId}#framer`,
      stage: "framer",
      outcome: "thumbnailed",
      requestId: awsRequestId,
      endedAt: new Date().toISOString(),
    };
    await dynamodb.send(new PutItemCommand({ TableName: AUDIT_TABLE, Item: marshall(row) }));
  };
};

async function program() {
  const platform = operations(readSettings());
  const pictures = new DataBucket("pictures", platform, { dataClass: "internal" });
  const frames = new DataBucket("frames", platform, { dataClass: "internal" });
  const moods = new DataBucket("moods", platform, { dataClass: "internal" });
  const size = { memory: 256, timeout: 10 };
  stage(platform, "painter", painter, {
    on: [objectBatches(pictures, { except: ["*/thumbnails/*"], batch: 10, window: 0 })],
    may: [read(moods), write(pictures, "*/thumbnails/"), publish(platform, "shop.painter")],
    env: { PICTURES: pictures.bucket, MOODS: moods.bucket },
    ...size,
  });
  stage(platform, "labeller", labeller, {
    on: [eventBatches({ source: "shop.painter", detailType: "Painted" }, { batch: 10, window: 0 })],
    may: [],
    ...size,
  });
  stage(platform, "framer", framer, {
    on: [objectCreated(frames)],
    may: [read(moods), record(platform.audit)],
    env: { MOODS: moods.bucket, AUDIT_TABLE: platform.audit.name },
    ...size,
  });
  return {
    pictures: pictures.bucket,
    frames: frames.bucket,
    moods: moods.bucket,
    auditTable: platform.audit.name,
    deadLetterQueues: deadLetterQueues(),
  };
}

let evaluation: Evaluation;
let cloud: Cloud;
let s3: S3Client;
const TMPDIR = temporaryDirectory();

before(async () => {
  evaluation = await evaluate({ stack: "dev", program });
  // Visibility timeouts and retries pass six hundred times as fast.
  cloud = await startCloud(evaluation, { retryClock: systemClock(600) });
  s3 = new S3Client({ endpoint: cloud.url, region: cloud.region, credentials: cloud.operator });
  const own = process.env.TMPDIR;
  process.env.TMPDIR = TMPDIR;
  announce({ directory: cloud.directory, outputs: evaluation.outputs });
  if (own === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = own;
});

after(async () => {
  s3.destroy();
  await cloud.end();
});

test("what failed for good is listed with its error, comes back while the cause is there, and is done once when it is not", async () => {
  await mood("broken");
  await put("pictures", "u1/a b.jpg");
  await cloud.idle();

  // One, or two where EventBridge told of the object twice.
  const letters = await lettersOf("painter");
  assert.ok(letters.length === 1 || letters.length === 2, JSON.stringify(letters));
  for (const { id, when, ...letter } of letters) {
    assert.deepEqual(letter, {
      stage: "painter",
      about: `${evaluation.outputs.pictures}/u1/a b.jpg`,
      tries: 1,
      code: "NoPaint",
      message: 'Cannot paint "u1/a b.jpg": there is no paint',
    });
  }
  assert.deepEqual(await lettersOf("painter"), letters, "a second look finds the same");

  const early = await redrive("redrive", "--all", "--json");
  assert.equal(early.code, 1, early.stderr);
  const [back] = JSON.parse(early.stdout);
  assert.deepEqual([back.state, back.ids.sort()], ["back", letters.map(({ id }) => id).sort()]);
  const [again, another] = await lettersOf("painter");
  assert.deepEqual([again?.id, another], [back.letter, undefined], "equal letters were sent back as one");

  await mood("well");
  const { code, stdout, stderr } = await redrive("redrive", String(again?.id).slice(0, 8));
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^✔ [\da-f]{8} of painter, \S+\/u1\/a b\.jpg, is through: its queue is empty, and no letter/);
  assert.deepEqual(await lettersOf("painter"), []);
  await cloud.idle();
  assert.deepEqual(logged("painter", "painted"), ["painted u1/a b.jpg"]);
  const labels = logged("labeller", "labelled");
  assert.deepEqual(new Set(labels), new Set(['labelled {"user_id":"u1","item_id":"a b.jpg"}']));
});

test("a stage publishes in its own name alone, and its thumbnails do not wake it", () => {
  const [own, other] = logged("painter", "published");
  assert.equal(own, "published shop.painter: 0");
  assert.match(String(other), /^published shop\.framer: AccessDenied.*not authorized to perform: events:PutEvents/);
  const thumbnails = cloud.journal.entries.filter(
    ({ operation, resource }) => operation === "PutObject" && String(resource).includes("/thumbnails/"),
  );
  assert.equal(thumbnails.length, 1, "there is a thumbnail");
  assert.equal(logged("painter", "painted").length, 1, "and nobody has painted it");
});

test("what was received too often is sent back to the queue that gave it up", async () => {
  await mood("away");
  await put("pictures", "u2/b.jpg");
  await cloud.idle();
  const [letter] = await lettersOf("painter");
  assert.deepEqual([letter?.code, letter?.tries], ["ReceivedTooOften", 5]);
  await mood("well");
  const { code, stdout } = await redrive("redrive", "--all", "--queue", "painter-objects-dead-letters");
  assert.equal(code, 0, stdout);
  assert.ok(logged("painter", "painted").includes("painted u2/b.jpg"));
  assert.deepEqual(await lettersOf("painter"), []);
});

test("what Lambda gave up is sent back to its function, and comes back as long as that fails", async () => {
  await mood("broken");
  await put("frames", "u3/c d.jpg");
  await cloud.idle();
  const [letter] = await lettersOf("framer");
  assert.deepEqual(
    [letter?.about, letter?.tries, letter?.code, letter?.message],
    [`${evaluation.outputs.frames}/u3/c d.jpg`, 3, "Error", 'Cannot frame "u3/c+d.jpg": the frames are away'],
  );
  const early = await redrive("redrive", "--all", "--queue", "framer", "--json");
  assert.deepEqual([early.code, JSON.parse(early.stdout)[0].state], [1, "back"]);

  await mood("well");
  const { code, stdout } = await redrive("redrive", "--all", "--queue", "framer");
  assert.equal(code, 0, stdout);
  assert.match(stdout, /is through: the audit table has it once: thumbnailed at 20\S+Z\n$/);
  assert.ok(logged("framer", "framed").length > 0);
  assert.deepEqual(await lettersOf("framer"), []);
});

test("what Lambda has taken and nobody tells of is still on its way", async () => {
  const { arn } = outputsOf("aws:lambda/function:Function", "framer");
  const requestPayload = { Records: [{ s3: { bucket: { name: "frames" }, object: { key: "silent.jpg" } } }] };
  const record = { requestContext: { functionArn: `${arn}:$LATEST` }, requestPayload };
  cloud.sqs.send(queueArn("framer-dead-letters"), JSON.stringify(record));
  const { code, stdout } = await redrive("redrive", "--all", "--queue", "framer", "--wait", "0");
  assert.equal(code, 1);
  assert.match(stdout, /is on its way: Lambda has taken it, no letter has come of it within 0 s, and the audit table/);
  await cloud.idle();
  assert.ok(logged("framer", "framed").includes("framed silent.jpg"));
});

test("many letters are listed, looking changes nothing, and equal ones are sent back as one", async () => {
  const arn = queueArn("labeller-events-dead-letters");
  const items = [...Array.from({ length: 22 }, (_, index) => `item ${index}`), "item 0"];
  for (const item_id of items) cloud.sqs.send(arn, JSON.stringify({ detail: { item_id } }));
  const found = await lettersOf("labeller");
  assert.deepEqual(found.map(({ about }) => about).sort(), items.toSorted());
  assert.deepEqual(cloud.sqs.counts(arn), { visible: 23, inFlight: 0, delayed: 0 });
  const { stdout } = await redrive("--queue", "labeller");
  assert.match(
    stdout,
    /^labeller-events-dead-letters of labeller: 23 letters\nid +when +about +tries +error +message\n/,
  );

  const { code, stdout: told } = await redrive("redrive", "--all", "--queue", "labeller");
  assert.equal(code, 0, told);
  assert.match(told, /^✔ [\da-f]{8}, [\da-f]{8} of labeller, item 0, is through: /m);
  assert.deepEqual(await lettersOf("labeller"), []);
  const labelled = logged("labeller", "labelled").filter((line) => line.includes('{"item_id":"item'));
  assert.deepEqual(labelled.sort(), [...new Set(items)].map((item) => `labelled {"item_id":"${item}"}`).sort());
});

test("a letter that somebody else looks at is counted, and not taken from them", async () => {
  const arn = queueArn("labeller-events-dead-letters");
  const { messageId } = cloud.sqs.send(arn, "{}");
  await cloud.sqs.receive(arn, { maximum: 1, visibilitySeconds: 600 });
  assert.match((await redrive("--queue", "labeller")).stdout, /: 0 letters, and 1 that cannot be seen now/);
  assert.match((await redrive("redrive", messageId)).stderr, /There is no letter/);
  cloud.sqs.discard(arn, messageId);
});

test("a letter is shown whole, and dropped when that is meant", async () => {
  const arn = queueArn("labeller-events-dead-letters");
  const attributes = { ErrorCode: "Odd", ErrorMessage: "a \u009b31m trick" };
  const named = Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]);
  const { messageId } = cloud.sqs.send(arn, '{"detail":{"text":"\u009b2J"}}', Object.fromEntries(named));

  const { stdout } = await redrive("show", messageId);
  assert.match(stdout, /^id +[\da-f-]{36}\nqueue +labeller-events-dead-letters\nstage +labeller\n/);
  assert.match(stdout, /\nerror +Odd: a \\u009b31m trick\n/);
  assert.match(stdout, /\n\{\n {2}"detail": \{\n {4}"text": "\\u009b2J"\n/);
  const { body } = JSON.parse((await redrive("show", messageId, "--json")).stdout);
  assert.equal(body, '{"detail":{"text":"\u009b2J"}}');

  const hasty = await redrive("drop", messageId);
  assert.deepEqual([hasty.code, cloud.sqs.messages(arn).length], [2, 1]);
  assert.match(hasty.stderr, /without --yes/);
  const { code } = await redrive("drop", messageId, "--yes");
  assert.deepEqual([code, cloud.sqs.messages(arn).length], [0, 0]);
});

test("a letter that says not where it came from stays where it is", async () => {
  const arn = queueArn("framer-dead-letters");
  cloud.sqs.send(arn, "no event at all");
  const { code, stdout } = await redrive("redrive", "--all", "--queue", "framer");
  assert.equal(code, 1);
  assert.match(stdout, /^✖ [\da-f]{8} of framer cannot be sent back: no queue is known\n$/);
  assert.equal(cloud.sqs.messages(arn).length, 1);
});

test("a letter, a queue or a start that is not there is told, and nothing is done", async () => {
  assert.match((await redrive("show", "ffffffff")).stderr, /There is no letter "ffffffff"/);
  assert.match((await redrive("--queue", "sculptor")).stderr, /There is no dead-letter queue "sculptor": framer-dead/);
  const elsewhere = await run(["list"], { TMPDIR: temporaryDirectory() });
  assert.deepEqual([elsewhere.code, elsewhere.stdout], [2, ""]);
  assert.match(elsewhere.stderr, /Nothing is running/);
});

interface Listed {
  readonly id: string;
  readonly when: string;
  readonly about?: string;
  readonly tries?: number;
  readonly code: string;
  readonly message: string;
}

async function lettersOf(queue: string): Promise<Listed[]> {
  const { code, stdout, stderr } = await redrive("list", "--queue", queue, "--json");
  assert.equal(code, 0, stderr);
  return (JSON.parse(stdout) as { letters: Listed[] }[]).flatMap(({ letters }) => letters);
}

const redrive = (...words: string[]) => run(words, { TMPDIR });

async function run(words: readonly string[], environment: Readonly<Record<string, string>>) {
  const env = { ...process.env, ...environment, NO_COLOR: "1" };
  const child = spawn(process.execPath, ["--import", "tsx", "local/redrive.ts", ...words], {
    cwd: join(__dirname, "..", ".."),
    env,
  });
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const [code, stdout, stderr] = await Promise.all([exited, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

const mood = (now: string) => put("moods", "mood", now);

const put = (bucket: string, Key: string, Body = "picture") =>
  s3.send(new PutObjectCommand({ Bucket: String(evaluation.outputs[bucket]), Key, Body }));

/** Lines of a stage's log from `word` on. */
const logged = (name: string, word: string): string[] =>
  cloud.logs.tail(`/tributary/dev/${name}`, 1_000).flatMap((line) => {
    const start = line.indexOf(`${word} `);
    return start < 0 ? [] : [line.slice(start)];
  });

function outputsOf(type: string, name: string) {
  const found = evaluation.resources.find((it) => it.type === type && it.name === name);
  assert.ok(found, `there is a ${type} "${name}"`);
  return found.outputs;
}

const queueArn = (name: string): string => String(outputsOf("aws:sqs/queue:Queue", name).arn);
