import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { EventBridgeClient, PutEventsCommand, PutRuleCommand } from "@aws-sdk/client-eventbridge";
import { handClock } from "../../clock";
import { behindDoor } from "../../door/behind-door";
import { journal } from "../../door/journal";
import { temporaryDirectory } from "../../temporary-directory";
import type { BusEvent } from "./bus-event";
import { deliveryError, type Route } from "./deliveries";
import { events } from "./events";

const account = "123456789012";
const region = "eu-central-1";
const busArn = (name: string) => `arn:aws:events:${region}:${account}:event-bus/${name}`;
const orderPlaced = { Source: "shop", DetailType: "Order placed", Detail: '{"order":17}' };

test("PutEvents brings an event to the targets of every rule that matches, and to no other", async (t) => {
  const { client, rule, received } = await bus(t);
  rule("orders", { source: ["shop"] });
  rule("seventeen", { detail: { order: [{ numeric: ["=", 17] }] } });
  rule("others", { source: ["warehouse"] });

  const Time = new Date("2026-02-03T04:05:06.789Z");
  const { Entries, FailedEntryCount } = await client.send(
    new PutEventsCommand({ Entries: [{ ...orderPlaced, Time, Resources: ["arn:aws:s3:::lake"] }] }),
  );

  assert.equal(FailedEntryCount, 0);
  assert.deepEqual([received.orders?.length, received.seventeen?.length, received.others], [1, 1, undefined]);
  assert.deepEqual(received.orders?.[0], {
    version: "0",
    id: Entries?.[0]?.EventId,
    "detail-type": "Order placed",
    source: "shop",
    account,
    time: "2026-02-03T04:05:06Z",
    region,
    resources: ["arn:aws:s3:::lake"],
    detail: { order: 17 },
  });
});

test("an event lies on the bus that it was put on, by its name or its ARN, and has the time of the clock", async (t) => {
  const { client, rule, received } = await bus(t);
  rule("orders", { source: ["shop"] }, "shop-bus");
  await client.send(
    new PutEventsCommand({
      Entries: [
        orderPlaced,
        { ...orderPlaced, EventBusName: "shop-bus" },
        { ...orderPlaced, EventBusName: busArn("shop-bus") },
      ],
    }),
  );
  assert.deepEqual(
    received.orders?.map(({ time }) => time),
    ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"],
  );
});

test("an entry that is refused fails by itself, in AWS's words", async (t) => {
  const { client, rule, received } = await bus(t);
  rule("orders", { source: ["shop"] });
  const bad = {
    InvalidArgument: [
      { ...orderPlaced, Source: undefined },
      { ...orderPlaced, DetailType: "" },
      { ...orderPlaced, Detail: undefined },
      { ...orderPlaced, DetailType: "x".repeat(129) },
      { ...orderPlaced, EventBusName: "nowhere" },
    ],
    MalformedDetail: [
      { ...orderPlaced, Detail: "{" },
      { ...orderPlaced, Detail: "[]" },
    ],
    NotAuthorizedForSourceException: [{ ...orderPlaced, Source: "aws.s3" }],
  };
  for (const [code, entries] of Object.entries(bad)) {
    const { FailedEntryCount, Entries } = await client.send(
      new PutEventsCommand({ Entries: [...entries, orderPlaced] }),
    );
    assert.equal(FailedEntryCount, entries.length);
    assert.deepEqual(
      Entries?.map(({ ErrorCode }) => ErrorCode),
      [...entries.map(() => code), undefined],
    );
  }
  assert.equal(received.orders?.length, 3);
});

test("more than ten entries, none, or more than a megabyte are refused as a whole", async (t) => {
  const { client, rule, received } = await bus(t);
  rule("orders", { source: ["shop"] });
  const refused = (entries: (typeof orderPlaced)[], message: RegExp) =>
    assert.rejects(client.send(new PutEventsCommand({ Entries: entries })), { name: "ValidationException", message });
  await refused(Array(11).fill(orderPlaced), /at 'entries' failed .* less than or equal to 10/);
  await refused([], /greater than or equal to 1/);
  const Detail = JSON.stringify({ text: "x".repeat(1024 * 1024 - 26) });
  await refused([{ ...orderPlaced, Detail }], /Total size of the entries in the request is over the limit/);
  assert.equal(received.orders, undefined);

  const { FailedEntryCount } = await client.send(
    new PutEventsCommand({
      Entries: [{ ...orderPlaced, Detail: JSON.stringify({ text: "x".repeat(1024 * 1024 - 27) }) }],
    }),
  );
  assert.equal(FailedEntryCount, 0);
});

test("what is not imitated is refused by name", async (t) => {
  const { client } = await bus(t);
  const notImitated = (message: RegExp) => ({ name: "NotImplemented", message });
  await assert.rejects(client.send(new PutRuleCommand({ Name: "x" })), notImitated(/PutRule is not imitated/));
  await assert.rejects(
    client.send(new PutEventsCommand({ Entries: [{ ...orderPlaced, TraceHeader: "Root=1" }] })),
    notImitated(/PutEvents with TraceHeader/),
  );
});

test("a caller puts events where it may, and with the source that its policy names", async (t) => {
  const { clientFor } = await bus(t);
  const may = { action: "events:PutEvents", resource: busArn("shop-bus") };
  const client = clientFor(may);
  await client.send(new PutEventsCommand({ Entries: [{ ...orderPlaced, EventBusName: "shop-bus" }] }));
  await assert.rejects(client.send(new PutEventsCommand({ Entries: [orderPlaced] })), {
    name: "AccessDeniedException",
    message: /not authorized to perform: events:PutEvents on resource: ".*event-bus\/default"/,
  });
});

test("now and then an event comes twice", async (t) => {
  const { client, rule, received } = await bus(t);
  rule("orders", { source: ["shop"] });
  for (let n = 0; n < 10; n += 1) await client.send(new PutEventsCommand({ Entries: [orderPlaced] }));
  assert.equal(received.orders?.length, 11);
  assert.equal(new Set(received.orders?.map(({ id }) => id)).size, 10);
});

test("what a target cannot take is tried again by the clock, with the same event, until it can", async (t) => {
  const { rule, accept, clock, service, entries } = await bus(t);
  let tries = 0;
  rule("flaky", { source: ["shop"] }, "default", {
    send: () => {
      tries += 1;
      if (tries < 4) throw new Error("not now");
    },
  });
  accept();
  assert.deepEqual([tries, service.busy()], [1, 1]);
  clock.advance(499);
  assert.equal(tries, 1);
  clock.advance(6_501);
  assert.deepEqual([tries, service.busy()], [4, 0]);
  assert.deepEqual(
    entries().map(({ operation }) => operation),
    ["Retry", "Retry", "Retry", "Deliver"],
  );
});

test("after its tries an event is a dead letter that says why", async (t) => {
  const { rule, accept, clock, letters } = await bus(t);
  rule("broken", { source: ["shop"] }, "default", {
    send: () => {
      throw new Error("never");
    },
    retry: { attempts: 2, maximumAgeSeconds: 60 },
  });
  const { id } = accept();
  clock.advance(60_000);
  assert.equal(letters.length, 1);
  assert.equal(JSON.parse(letters[0]?.body ?? "").id, id);
  assert.deepEqual(letters[0]?.attributes, {
    RULE_ARN: ruleArn("broken"),
    TARGET_ARN: "arn:broken",
    ERROR_CODE: "INTERNAL_ERROR",
    ERROR_MESSAGE: "never",
    RETRY_ATTEMPTS: "2",
    EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
  });
});

test("an event that has become too old is a dead letter, however many tries are left", async (t) => {
  const { rule, accept, clock, letters } = await bus(t);
  rule("slow", { source: ["shop"] }, "default", {
    send: () => {
      throw new Error("never");
    },
    retry: { attempts: 185, maximumAgeSeconds: 60 },
  });
  accept();
  clock.advance(60_000);
  assert.equal(letters[0]?.attributes.EXHAUSTED_RETRY_CONDITION, "MaximumEventAgeInSeconds");
});

test("an event that its target may not get is a dead letter at once", async (t) => {
  const { rule, accept, letters, service } = await bus(t);
  rule("closed", { source: ["shop"] }, "default", {
    send: () => {
      throw deliveryError("NO_PERMISSIONS", "closed");
    },
  });
  accept();
  assert.equal(service.busy(), 0);
  const { ERROR_CODE, RETRY_ATTEMPTS, EXHAUSTED_RETRY_CONDITION } = letters[0]?.attributes ?? {};
  assert.deepEqual([ERROR_CODE, RETRY_ATTEMPTS, EXHAUSTED_RETRY_CONDITION], ["NO_PERMISSIONS", "0", undefined]);
});

test("an event that nobody takes, and no dead-letter queue either, is in the journal whole", async (t) => {
  const { rule, accept, entries } = await bus(t);
  rule("closed", { source: ["shop"] }, "default", {
    send: () => {
      throw deliveryError("NO_RESOURCE", "gone");
    },
    deadLetter: () => {
      throw deliveryError("NO_PERMISSIONS", "may not send");
    },
  });
  const event = accept();
  const [entry] = entries();
  assert.equal(entry?.outcome, "InvocationsFailedToBeSentToDlq");
  assert.deepEqual([entry?.detail?.lostBecause, entry?.detail?.body], ["may not send", event]);
});

test("what waits when the cloud ends is delivered after the next start", async (t) => {
  const directory = temporaryDirectory();
  const first = await bus(t, directory);
  const closed = () => {
    throw new Error("not now");
  };
  first.rule("orders", { source: ["shop"] }, "default", { send: closed });
  const { id } = first.accept();
  first.service.end();

  const second = await bus(t, directory);
  second.rule("orders", { source: ["shop"] });
  assert.equal(second.service.busy(), 1);
  second.clock.advance(0);
  assert.deepEqual(
    second.received.orders?.map((event) => event.id),
    [id],
  );
  assert.equal(second.service.busy(), 0);
});

const ruleArn = (name: string) => `arn:aws:events:${region}:${account}:rule/${name}`;

async function bus(t: TestContext, directory = temporaryDirectory()) {
  const clock = handClock();
  const record = journal();
  const service = events({ directory, clock, retryClock: clock, journal: record, account, region });
  service.createBus("shop-bus", undefined);
  const door = await behindDoor(t, service);
  const received: Record<string, BusEvent[]> = {};
  const letters: { body: string; attributes: Readonly<Record<string, string>> }[] = [];
  const clientFor = (may?: { action: string; resource: string }) => {
    const client = new EventBridgeClient(door.config(may));
    t.after(() => client.destroy());
    return client;
  };

  return {
    clock,
    service,
    received,
    letters,
    clientFor,
    client: clientFor(),
    // What became of events; that they came is a line of its own.
    entries: () => record.entries.filter(({ operation }) => operation !== "Event"),
    rule(name: string, pattern: object, on = "default", own: Partial<Route> = {}) {
      const target: Route = {
        name,
        targetArn: `arn:${name}`,
        retry: { attempts: 185, maximumAgeSeconds: 86_400 },
        send: (body) => {
          received[name] = [...(received[name] ?? []), JSON.parse(body)];
        },
        deadLetter: (body, attributes) => letters.push({ body, attributes }),
        ...own,
      };
      service.putRule({ arn: ruleArn(name), bus: on, pattern: JSON.stringify(pattern), targets: [target] });
    },
    accept(): BusEvent {
      const event: BusEvent = { id: "event-1", source: "shop", "detail-type": "Order placed", detail: { order: 17 } };
      service.accept(event);
      return event;
    },
  };
}
