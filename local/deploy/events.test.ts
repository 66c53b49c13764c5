// Buses, rules, targets and schedules as a program registers them: who lets whom in, and what stops the deployment.

import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Registered } from "../../stage/evaluation/evaluate";
import { handClock } from "../clock";
import { journal } from "../door/journal";
import { type BusEvent, busEvent } from "../services/events/bus-event";
import { events as openEvents } from "../services/events/events";
import type { Lambda } from "../services/lambda/lambda";
import { scheduler as openScheduler } from "../services/scheduler/scheduler";
import { sqs as openSqs } from "../services/sqs/sqs";
import { temporaryDirectory } from "../temporary-directory";
import { deployEvents } from "./events";
import { registry } from "./registry";
import { deploySchedules } from "./schedules";
import { deployQueues } from "./stores";

const account = "123456789012";
const region = "eu-central-1";
const arnOf = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
const ruleArn = arnOf("events", "rule/orders");
const functionArn = arnOf("lambda", "function:worker");
const event = busEvent({
  source: "shop",
  detailType: "Order placed",
  account,
  region,
  resources: [],
  time: new Date(0),
  detail: { order: 17 },
});

test("a rule fills a queue that names it in its policy", (t) => {
  const { deploy, accept, bodies } = cloud(t, [
    rule(),
    ...queue("work", sendFor(ruleArn)),
    target({ arn: queueArn("work") }),
  ]);
  deploy();
  accept(event);
  assert.deepEqual(bodies("work"), [event]);
});

test("a queue that does not let the rule in sends its events to the target's dead-letter queue, or into the journal", (t) => {
  const deadLetterConfig = { arn: queueArn("dead") };
  const closed = queue("work", sendFor(arnOf("events", "rule/another")));
  const dead = queue("dead", sendFor(ruleArn));
  const { deploy, accept, bodies, sqs } = cloud(t, [
    rule(),
    ...closed,
    ...dead,
    target({ arn: queueArn("work"), deadLetterConfig }),
  ]);
  deploy();
  accept(event);
  assert.deepEqual([bodies("work"), bodies("dead")], [[], [event]]);
  const { ERROR_CODE, ERROR_MESSAGE, RULE_ARN } = sqs.messages(queueArn("dead"))[0]?.messageAttributes ?? {};
  assert.deepEqual(
    [ERROR_CODE, RULE_ARN].map((attribute) => attribute?.StringValue),
    ["NO_PERMISSIONS", ruleArn],
  );
  assert.match(
    ERROR_MESSAGE?.StringValue ?? "",
    /^events\.amazonaws\.com is not authorized to perform: sqs:SendMessage/,
  );

  const alone = cloud(t, [
    rule(),
    ...closed,
    ...queue("dead", []),
    target({ arn: queueArn("work"), deadLetterConfig }),
  ]);
  alone.deploy();
  alone.accept(event);
  assert.deepEqual([alone.bodies("work"), alone.bodies("dead")], [[], []]);
  assert.deepEqual(
    alone.entries().map(({ operation, outcome }) => [operation, outcome]),
    [["DeadLetter", "InvocationsFailedToBeSentToDlq"]],
  );
});

test("a rule wakes a function that has a permission for it", (t) => {
  const permission = registered("lambda/permission:Permission", "worker", {
    function: "worker",
    action: "lambda:InvokeFunction",
    principal: "events.amazonaws.com",
    sourceArn: ruleArn,
  });
  const open = cloud(t, [rule(), permission, worker, target({ arn: functionArn })]);
  open.deploy();
  open.accept(event);
  assert.deepEqual(open.invoked, [["worker", event, "events.amazonaws.com"]]);

  const closed = cloud(t, [rule(), worker, target({ arn: functionArn })]);
  closed.deploy();
  closed.accept(event);
  assert.deepEqual(closed.invoked, []);
  assert.equal(closed.entries()[0]?.detail?.ERROR_CODE, "NO_PERMISSIONS");
});

test("a disabled rule, and a rule of another bus, deliver nothing", (t) => {
  const bus = registered("cloudwatch/eventBus:EventBus", "shop", { name: "shop" });
  for (const inputs of [{ state: "DISABLED" }, { eventBusName: "shop" }]) {
    const { eventBusName } = inputs;
    const { deploy, accept, bodies } = cloud(t, [
      bus,
      rule(inputs),
      ...queue("work", sendFor(ruleArn)),
      target({ arn: queueArn("work"), eventBusName }),
    ]);
    deploy();
    accept(event);
    assert.deepEqual(bodies("work"), []);
  }
});

test("what is not imitated of a rule or a target stops the deployment by name", (t) => {
  const arn = queueArn("work");
  const refused: readonly (readonly [Registered[], RegExp])[] = [
    [[rule({ scheduleExpression: "rate(1 hour)" })], /the rule "orders": scheduleExpression is not imitated/],
    [
      [rule({ state: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" })],
      /the state ENABLED_WITH_ALL.* is not imitated/,
    ],
    [[rule({ eventPattern: '{"a":[{"regexp":"x"}]}' })], /the rule "orders": .* Unrecognized match type regexp at "a"/],
    [[rule({ eventBusName: "nowhere" })], /there is no bus "nowhere"/],
    [[rule(), target({ arn, inputTransformer: {} })], /the target "orders": inputTransformer is not imitated/],
    [[rule(), target({ arn, inputPath: "$.detail" })], /inputPath is not imitated/],
    [[rule(), target({ arn: arnOf("states", "stateMachine:x") })], /a target like arn:aws:states:.* is not imitated/],
    [[rule(), ...Array.from({ length: 6 }, () => target({ arn }))], /it has 6 targets, and 5 are allowed/],
    [[registered("cloudwatch/eventBus:EventBus", "shop", { name: "shop", kmsKeyIdentifier: "k" })], /kmsKeyIdentifier/],
  ];
  for (const [resources, message] of refused) assert.throws(cloud(t, resources).deploy, { message }, String(message));
});

test("a schedule invokes its function with its input, as its role", (t) => {
  const { deploy, clock, invoked } = cloud(t, [worker, role(), may(), schedule()]);
  deploy();
  clock.advance(60_000);
  assert.deepEqual(invoked, [["worker", { full: true }, "scheduler.amazonaws.com"]]);
});

test("a schedule whose role may not invoke the function ends in its dead-letter queue, or in the journal", (t) => {
  const dead = queue("dead", []);
  const elsewhere = may({ Action: "lambda:InvokeFunction", Resource: arnOf("lambda", "function:another") });
  const sends = may({ Action: "sqs:SendMessage", Resource: queueArn("dead") }, "sends");
  const deadLetterConfig = { arn: queueArn("dead") };
  const told = cloud(t, [worker, role(), elsewhere, sends, ...dead, schedule({ deadLetterConfig })]);
  told.deploy();
  told.clock.advance(60_000);
  assert.deepEqual([told.invoked, told.bodies("dead")], [[], [{ full: true }]]);

  const lost = cloud(t, [worker, role(), elsewhere, ...dead, schedule({ deadLetterConfig })]);
  lost.deploy();
  lost.clock.advance(60_000);
  assert.deepEqual([lost.invoked, lost.bodies("dead")], [[], []]);
  assert.equal(lost.entries()[0]?.outcome, "InvocationsFailedToBeSentToDlq");
});

test("what AWS refuses of a schedule, or what is not imitated, stops the deployment by name", (t) => {
  const another = { StringEquals: { "aws:SourceAccount": "999999999999" } };
  const refused: readonly (readonly [Registered[], RegExp])[] = [
    [[schedule()], /there is no role/],
    [[role({ Condition: another }), schedule()], /must allow AWS EventBridge Scheduler to assume the role/],
    [[role({ Principal: { Service: "events.amazonaws.com" } }), schedule()], /to assume the role/],
    [
      [role(), schedule({}, { startDate: "2026-01-01T00:00:00Z" })],
      /the schedule "nightly": startDate is not imitated/,
    ],
    [[role(), schedule({}, { flexibleTimeWindow: { mode: "FLEXIBLE" } })], /a flexible time window is not imitated/],
    [[role(), schedule({}, { scheduleExpressionTimezone: "Europe/Paris" })], /the time zone Europe\/Paris/],
    [[role(), schedule({}, { scheduleExpression: "cron(0 0 * * *)" })], /Cannot schedule by .* a cron has 6 fields/],
    [[role(), schedule({ input: undefined })], /a target without input/],
    [[role(), schedule({ input: '{"at":"<aws.scheduler.scheduled-time>"}' })], /<aws\.scheduler/],
    [[role(), schedule({ sqsParameters: {} })], /sqsParameters is not imitated/],
    [[role(), schedule({ arn: queueArn("work") })], /a target like arn:aws:sqs:/],
  ];
  for (const [resources, message] of refused) assert.throws(cloud(t, resources).deploy, { message }, String(message));
});

const registered = (type: string, name: string, inputs: Record<string, unknown>, outputs = {}): Registered => ({
  type: `aws:${type}`,
  name,
  inputs,
  outputs: { ...inputs, ...outputs },
  secrets: [],
});

const rule = (own: Record<string, unknown> = {}) =>
  registered(
    "cloudwatch/eventRule:EventRule",
    "orders",
    { name: "orders", eventPattern: '{"source":["shop"]}', ...own },
    { arn: ruleArn },
  );

const target = (inputs: Record<string, unknown>) =>
  registered("cloudwatch/eventTarget:EventTarget", "orders", { rule: "orders", ...inputs });

const queueArn = (name: string) => arnOf("sqs", name);

const queue = (name: string, statements: readonly object[]): Registered[] => [
  registered("sqs/queue:Queue", name, { name }, { arn: queueArn(name), url: `https://${name}` }),
  registered("sqs/queuePolicy:QueuePolicy", name, {
    queueUrl: `https://${name}`,
    policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
  }),
];

const sendFor = (source: string) => [
  {
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: "*",
    Condition: { ArnEquals: { "aws:SourceArn": source } },
  },
];

const worker = registered("lambda/function:Function", "worker", { name: "worker" }, { arn: functionArn });

const roleArn = `arn:aws:iam::${account}:role/nightly`;

const role = (own = {}) => {
  const trust = {
    Effect: "Allow",
    Principal: { Service: "scheduler.amazonaws.com" },
    Action: "sts:AssumeRole",
    Condition: { StringEquals: { "aws:SourceAccount": account } },
    ...own,
  };
  const assumeRolePolicy = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  return registered("iam/role:Role", "nightly", { name: "nightly", assumeRolePolicy }, { arn: roleArn });
};

const may = (own = { Action: "lambda:InvokeFunction", Resource: functionArn }, name = "nightly") =>
  registered("iam/rolePolicy:RolePolicy", name, {
    role: "nightly",
    policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...own }] }),
  });

const schedule = (own: Record<string, unknown> = {}, inputs: Record<string, unknown> = {}) =>
  registered(
    "scheduler/schedule:Schedule",
    "nightly",
    {
      scheduleExpression: "at(2026-01-01T00:01:00)",
      flexibleTimeWindow: { mode: "OFF" },
      target: { arn: functionArn, roleArn, input: '{"full":true}', ...own },
      ...inputs,
    },
    { arn: arnOf("scheduler", "schedule/default/nightly") },
  );

function cloud(t: TestContext, resources: readonly Registered[]) {
  const directory = temporaryDirectory();
  const clock = handClock();
  const record = journal();
  const waits = { clock, retryClock: clock, journal: record };
  const invoked: unknown[][] = [];
  const lambda: Pick<Lambda, "invokeAsync"> = {
    invokeAsync(name, payload, { source }) {
      invoked.push([name, payload, source]);
      return { requestId: "request" };
    },
  };
  const sqs = openSqs({ directory: join(directory, "sqs"), ...waits, endpoint: () => "", accountId: account, region });
  const events = openEvents({ directory: join(directory, "events"), ...waits, account, region });
  const scheduler = openScheduler({ directory: join(directory, "scheduler"), ...waits });
  t.after(() => {
    scheduler.end();
    events.end();
    sqs.end();
  });
  const all = registry({ resources, outputs: {}, region });
  return {
    clock,
    invoked,
    sqs,
    // What became of events; that they came is a line of its own.
    entries: () => record.entries.filter(({ operation }) => operation !== "Event"),
    accept: (event: BusEvent) => events.accept(event),
    bodies: (name: string) => sqs.messages(queueArn(name)).map(({ body }) => JSON.parse(body)),
    deploy() {
      deployQueues(all, sqs);
      deployEvents({ registry: all, sqs, lambda }, events, account);
      deploySchedules({ registry: all, sqs, lambda }, scheduler, account);
    },
  };
}
