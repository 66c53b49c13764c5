import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishBatchCommand,
  PublishCommand,
  type PublishCommandInput,
  SetSubscriptionAttributesCommand,
  SubscribeCommand,
  type SubscribeCommandInput,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { deliveryError } from "../events/deliveries";
import { functionArn, otherTopicArn, queueArn, TopicArn, topics } from "./fixture";

const toQueue = { TopicArn, Protocol: "sqs", Endpoint: queueArn("work") };
const toMail = { TopicArn, Protocol: "email", Endpoint: "who@example.com" };
const subscribe = (input: Partial<SubscribeCommandInput> = {}) => new SubscribeCommand({ ...toQueue, ...input });
const publish = (input: Partial<PublishCommandInput> = {}) =>
  new PublishCommand({ TopicArn, Message: "a feed came", ...input });

test("Publish() reaches a queue in SNS's envelope", async (t) => {
  const { client, brought } = await topics(t);
  await client.send(subscribe());
  const MessageAttributes = {
    seller: { DataType: "String", StringValue: "<s-1> & ü" },
    rows: { DataType: "Number", StringValue: "17" },
    seal: { DataType: "Binary", BinaryValue: Buffer.from("hi") },
  };
  const { MessageId } = await client.send(
    publish({ Subject: "Feed", Message: "a+b & ü\n\u{1f600}", MessageAttributes }),
  );

  const [{ to, body, attributes } = { to: "", body: "" }] = brought;
  assert.deepEqual([to, attributes], [queueArn("work"), {}]);
  const { UnsubscribeURL, ...envelope } = JSON.parse(String(body));
  assert.match(UnsubscribeURL, /\?Action=Unsubscribe&SubscriptionArn=arn:aws:sns:.*:feeds:[\da-f-]{36}$/);
  assert.deepEqual(envelope, {
    Type: "Notification",
    MessageId,
    TopicArn,
    Subject: "Feed",
    Message: "a+b & ü\n\u{1f600}",
    Timestamp: "2026-01-01T00:00:00.000Z",
    SignatureVersion: "1",
    Signature: "EXAMPLE",
    SigningCertURL: "http://127.0.0.1/SimpleNotificationService.pem",
    MessageAttributes: {
      seller: { Type: "String", Value: "<s-1> & ü" },
      rows: { Type: "Number", Value: "17" },
      seal: { Type: "Binary", Value: "aGk=" },
    },
  });
});

test("Publish() reaches a queue that wants it raw as it is, with its attributes", async (t) => {
  const { client, brought } = await topics(t);
  await client.send(subscribe({ Attributes: { RawMessageDelivery: "true" } }));
  const MessageAttributes = { rows: { DataType: "Number", StringValue: "17" } };
  await client.send(publish({ MessageAttributes }));
  assert.deepEqual(brought, [{ to: queueArn("work"), body: "a feed came", attributes: MessageAttributes }]);
});

test("Publish() invokes a function with SNS's event", async (t) => {
  const { client, brought } = await topics(t);
  const to = subscribe({ Protocol: "lambda", Endpoint: functionArn });
  const { SubscriptionArn } = await client.send(to);
  const { MessageId } = await client.send(publish());
  const event = brought[0]?.body as { Records: { Sns: Record<string, unknown> }[] };
  const [{ Sns = {}, ...record } = {}] = event.Records;
  assert.deepEqual(record, { EventSource: "aws:sns", EventVersion: "1.0", EventSubscriptionArn: SubscriptionArn });
  const { Type, Subject, Message, MessageAttributes } = Sns;
  assert.deepEqual(
    { Type, Subject, Message, MessageAttributes },
    {
      Type: "Notification",
      Subject: null,
      Message: "a feed came",
      MessageAttributes: {},
    },
  );
  assert.equal(Sns.MessageId, MessageId);
  assert.ok("SigningCertUrl" in Sns && "UnsubscribeUrl" in Sns);
});

test("Publish() with a text for each protocol gives each its own", async (t) => {
  const { client, brought } = await topics(t);
  await client.send(subscribe());
  await client.send(subscribe({ Protocol: "lambda", Endpoint: functionArn }));
  const texts = { default: "for all", lambda: "for functions" };
  await client.send(publish({ Message: JSON.stringify(texts), MessageStructure: "json" }));
  const [queued, event] = brought.map(({ body }) => body);
  assert.equal(JSON.parse(String(queued)).Message, "for all");
  assert.equal((event as { Records: { Sns: { Message: string } }[] }).Records[0]?.Sns.Message, "for functions");
});

test("an address is mailed nothing but a question until its token comes back", async (t) => {
  const { client, sns, entries, directory, atDoor } = await topics(t, { topic: { displayName: "Tributary" } });
  assert.equal((await client.send(new SubscribeCommand(toMail))).SubscriptionArn, "pending confirmation");
  await client.send(publish());
  assert.equal(sns.mails.length, 1);

  const [, token = ""] = /--token (\w+)/.exec(sns.mails[0]?.text ?? "") ?? [];
  await assert.rejects(client.send(new ConfirmSubscriptionCommand({ TopicArn, Token: "another" })), {
    name: "InvalidParameterException",
    message: "Invalid parameter: Token",
  });
  await assert.rejects(client.send(new ConfirmSubscriptionCommand({ TopicArn: otherTopicArn, Token: token })), {
    name: "InvalidParameterException",
  });
  const { SubscriptionArn } = await client.send(new ConfirmSubscriptionCommand({ TopicArn, Token: token }));
  assert.match(SubscriptionArn ?? "", /:feeds:[\da-f-]{36}$/);

  await client.send(publish({ Subject: "Feed processed", Message: "17 rows\nünd 1 reject" }));
  const { to, subject, text, file } = sns.mails[1] ?? { to: "", subject: "", text: "", file: "" };
  assert.deepEqual([to, subject], ["who@example.com", "Feed processed"]);
  assert.match(text, /^17 rows\nünd 1 reject\n\n--\n/);
  assert.equal(file, join(directory, "mail", "2-who@example.com.eml"));
  assert.match(
    readFileSync(file, "utf8"),
    /^From: "Tributary" <no-reply@sns.amazonaws.com>\r\nTo: who@example.com\r\n/,
  );
  assert.deepEqual(
    entries.filter(({ operation }) => operation === "Deliver").map(({ resource, detail }) => [resource, detail?.file]),
    sns.mails.map((mail) => ["who@example.com", mail.file]),
  );
  assert.equal(JSON.stringify([entries, atDoor.entries]).includes("17 rows"), false, "the journal holds no message");
});

test("confirm() says yes for an address to all that it was asked", async (t) => {
  const { client, sns } = await topics(t);
  await client.send(new SubscribeCommand(toMail));
  await client.send(new SubscribeCommand({ ...toMail, TopicArn: otherTopicArn, Protocol: "email-json" }));
  assert.deepEqual(
    [sns.confirm("other@example.com"), sns.confirm(toMail.Endpoint), sns.confirm(toMail.Endpoint)],
    [0, 2, 0],
  );
  await client.send(publish({ TopicArn: otherTopicArn }));
  assert.equal(JSON.parse(sns.mails.at(-1)?.text ?? "").Message, "a feed came");
});

test("a subscription gets what its filter policy wants, by attributes or by body", async (t) => {
  const { client, brought } = await topics(t);
  const FilterPolicy = JSON.stringify({ outcome: ["failed", { prefix: "rej" }], rows: [{ numeric: [">", 10] }] });
  await client.send(subscribe({ Attributes: { FilterPolicy } }));
  const body = { FilterPolicy: JSON.stringify({ feed: { outcome: ["failed"] } }), FilterPolicyScope: "MessageBody" };
  await client.send(subscribe({ Endpoint: queueArn("body"), Attributes: body }));
  const about = (outcome: string, rows: string) => ({
    outcome: { DataType: "String", StringValue: outcome },
    rows: { DataType: "Number", StringValue: rows },
  });
  for (const [MessageAttributes, Message, to] of [
    [about("failed", "11"), "x", ["work"]],
    [about("rejected", "1e2"), "[]", ["work"]],
    [about("failed", "10"), "x", []],
    [about("processed", "11"), "x", []],
    [{}, JSON.stringify({ feed: { outcome: "failed" } }), ["body"]],
    [{}, JSON.stringify({ feed: { outcome: "processed" } }), []],
  ] as const) {
    brought.length = 0;
    await client.send(publish({ Message, MessageAttributes }));
    assert.deepEqual(new Set(brought.map((each) => each.to)), new Set(to.map(queueArn)), `${Message} ${to}`);
  }
});

test("a filter policy that SNS does not take is refused with SNS's words", async (t) => {
  const { client } = await topics(t);
  const six = Object.fromEntries([..."abcdef"].map((name) => [name, ["x"]]));
  const many = Array.from({ length: 13 }, (_, i) => i);
  for (const [policy, message] of [
    ["[]", "Invalid parameter: FilterPolicy: failed to parse JSON."],
    ["{", "Invalid parameter: FilterPolicy: failed to parse JSON."],
    ['{"a":{"b":["c"]}}', /Filter policy scope MessageAttributes does not support nested filter policy$/],
    ['{"a":"b"}', /^Invalid parameter: FilterPolicy: "a" must be an object or an array$/],
    ['{"a":[{"wildcard":"*"}]}', "Invalid parameter: FilterPolicy: Unrecognized match type wildcard"],
    ['{"a":[{"anything-but":{"wildcard":"*"}}]}', "A filter policy with wildcard in anything-but is not imitated"],
    [JSON.stringify(six), /more than 5 keys$/],
    [JSON.stringify({ a: many, b: many }), /too complex$/],
  ] as const)
    await assert.rejects(client.send(subscribe({ Attributes: { FilterPolicy: policy } })), { message }, policy);
  await client.send(subscribe({ Attributes: { FilterPolicy: JSON.stringify({ $or: [{ a: many }, { b: many }] }) } }));
});

test("Publish() refuses what SNS refuses, with its words", async (t) => {
  const { client } = await topics(t);
  const attribute = (name: string, DataType: string, StringValue: string) => ({
    MessageAttributes: { [name]: { DataType, StringValue } },
  });
  for (const [input, message] of [
    [{ Message: "" }, "Invalid parameter: Empty message"],
    [{ Message: "ü".repeat(131_073) }, "Invalid parameter: Message too long"],
    [{ Message: "x".repeat(262_140), ...attribute("a", "String", "bc") }, "Invalid parameter: Message too long"],
    [{ Subject: "x".repeat(100) }, "Invalid parameter: Subject"],
    [{ Subject: "a\nBcc: all@example.com" }, "Invalid parameter: Subject"],
    [{ Subject: "für alle" }, "Invalid parameter: Subject"],
    [{ Subject: " a" }, "Invalid parameter: Subject"],
    [{ MessageStructure: "xml" }, "Invalid parameter: MessageStructure"],
    [{ MessageStructure: "json" }, "Invalid parameter: Message Structure - JSON message body failed to parse"],
    [
      { MessageStructure: "json", Message: '{"sqs":"a","default":1}' },
      "Invalid parameter: Message Structure - No default entry in JSON message body",
    ],
    [attribute("a b", "String", "x"), /the name 'a b' of a message attribute is invalid$/],
    [attribute("AWS.x", "String", "x"), /the name 'AWS.x' of a message attribute is invalid$/],
    [attribute("a", "Date", "x"), /invalid message attribute type 'Date'$/],
    [attribute("a", "String", ""), /must contain a non-empty message attribute value$/],
    [attribute("a", "Number", "1,5"), "Invalid parameter: Could not cast message attribute 'a' value to number"],
    [attribute("a", "String.Array", '[{"b":1}]'), /is not an array of strings, numbers, true, false and null$/],
    [{ TopicArn: "feeds" }, "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1"],
    [{ TopicArn: queueArn("work") }, /^Invalid parameter: TopicArn Reason: /],
  ] as const)
    await assert.rejects(client.send(publish(input)), { name: "InvalidParameterException", message }, String(message));
  // Its attribute fills the last nine bytes.
  await client.send(publish({ Message: "x".repeat(262_135), ...attribute("a", "String", "bc") }));
  await assert.rejects(client.send(publish({ TopicArn: `${TopicArn}-gone` })), {
    name: "NotFoundException",
    message: "Topic does not exist",
  });
});

test("PublishBatch() answers for each entry by itself", async (t) => {
  const { client, brought } = await topics(t);
  await client.send(subscribe({ Attributes: { RawMessageDelivery: "true" } }));
  const send = (PublishBatchRequestEntries: { Id: string; Message: string; Subject?: string }[]) =>
    client.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));
  const { Successful, Failed } = await send([
    { Id: "a", Message: "first" },
    { Id: "b", Message: "second", Subject: "für alle" },
    { Id: "c", Message: "third" },
  ]);
  assert.deepEqual(
    Successful?.map(({ Id }) => Id),
    ["a", "c"],
  );
  assert.deepEqual(Failed, [
    { Id: "b", Code: "InvalidParameter", Message: "Invalid parameter: Subject", SenderFault: true },
  ]);
  assert.deepEqual(
    brought.map(({ body }) => body),
    ["first", "third"],
  );

  const eleven = Array.from({ length: 11 }, (_, i) => ({ Id: `${i}`, Message: "x" }));
  for (const [entries, name] of [
    [[], "EmptyBatchRequestException"],
    [eleven, "TooManyEntriesInBatchRequestException"],
    [eleven.map((each) => ({ ...each, Id: "same" })).slice(9), "BatchEntryIdsNotDistinctException"],
    [[{ Id: "a b", Message: "x" }], "InvalidBatchEntryIdException"],
    [eleven.slice(9).map((each) => ({ ...each, Message: "x".repeat(131_073) })), "BatchRequestTooLongException"],
  ] as const)
    await assert.rejects(send([...entries]), { name }, name);
});

test("who may publish may nothing else, and only to that topic", async (t) => {
  const { clientOf } = await topics(t);
  const client = clientOf({ action: "sns:Publish", resource: TopicArn });
  await client.send(publish());
  await client.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: [{ Id: "a", Message: "x" }] }));
  const refused = [
    client.send(publish({ TopicArn: otherTopicArn })),
    client.send(publish({ TopicArn: `${TopicArn}-gone` })),
    client.send(subscribe()),
    client.send(new GetTopicAttributesCommand({ TopicArn })),
  ];
  for (const refusal of refused) await assert.rejects(refusal, { name: "AuthorizationErrorException" });
});

test("a topic's own policy lets in and shuts out", async (t) => {
  const statement = { Principal: "*", Action: "sns:Publish", Resource: TopicArn };
  const nothing = { action: "s3:GetObject", resource: "*" };
  const open = await topics(t, { topic: { policy: { Statement: [{ Effect: "Allow", ...statement }] } } });
  await open.clientOf(nothing).send(publish());
  const shut = await topics(t, { topic: { policy: { Statement: [{ Effect: "Deny", ...statement }] } } });
  await assert.rejects(shut.client.send(publish()), { name: "AuthorizationErrorException", message: /explicit deny/ });
});

test("a queue that fails is tried again, and one that does not let SNS in is not", async (t) => {
  const { client, brought, broken, clock, sns, entries } = await topics(t);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn("dead") });
  await client.send(subscribe({ Attributes: { RawMessageDelivery: "true", RedrivePolicy } }));
  broken.set(queueArn("work"), new Error("the queue is busy"));
  await client.send(publish({ Message: "late" }));
  assert.deepEqual([sns.busy(), brought], [1, []]);
  broken.clear();
  clock.advance(60_000);
  assert.deepEqual([sns.busy(), brought.map(({ to, body }) => [to, body])], [0, [[queueArn("work"), "late"]]]);

  broken.set(queueArn("work"), deliveryError("NO_PERMISSIONS", "nobody lets it in"));
  const MessageAttributes = { rows: { DataType: "Number", StringValue: "17" } };
  await client.send(publish({ Message: "lost", MessageAttributes }));
  assert.deepEqual(brought[1], { to: queueArn("dead"), body: "lost", attributes: MessageAttributes });
  assert.equal(sns.busy(), 0);
  assert.deepEqual(
    entries.map(({ operation, outcome }) => `${operation} ${outcome}`),
    ["Retry INTERNAL_ERROR", "Deliver ok", "DeadLetter NO_PERMISSIONS"],
  );
});

test("now and then a message comes twice, and a mail never does", async (t) => {
  const { client, brought, sns } = await topics(t);
  await client.send(subscribe({ Attributes: { RawMessageDelivery: "true" } }));
  await client.send(new SubscribeCommand(toMail));
  sns.confirm(toMail.Endpoint);
  for (let i = 0; i < 10; i += 1) await client.send(publish({ Message: `${i}` }));
  assert.deepEqual([brought.length, new Set(brought.map(({ body }) => body)).size, sns.mails.length], [11, 10, 11]);
});

test("subscriptions, what waits and what was mailed survive a restart", async (t) => {
  const declared = [
    {
      arn: `${TopicArn}:declared`,
      topicArn: TopicArn,
      protocol: "email",
      endpoint: "team@example.com",
      attributes: {},
    },
    { arn: `${TopicArn}:former`, topicArn: TopicArn, protocol: "sqs", endpoint: queueArn("former"), attributes: {} },
  ] as const;
  const first = await topics(t, { declared });
  await first.client.send(subscribe({ Attributes: { RawMessageDelivery: "true" } }));
  assert.equal(first.sns.confirm("team@example.com"), 1);
  first.broken.set(queueArn("work"), new Error("the queue is busy"));
  await first.client.send(publish({ Message: "late" }));
  await first.end();

  const { directory } = first;
  const { client, sns, brought, clock } = await topics(t, { directory, declared: declared.slice(0, 1) });
  assert.deepEqual(
    sns.mails.map(({ number, to, subject }) => [number, to, subject]),
    [
      [1, "team@example.com", "AWS Notification - Subscription Confirmation"],
      [2, "team@example.com", "AWS Notification Message"],
    ],
  );
  assert.match(sns.mails[1]?.text ?? "", /^late\n/);
  clock.advance(0);
  assert.deepEqual(
    brought.map(({ body }) => body),
    ["late"],
  );
  await client.send(publish());
  assert.equal(sns.mails.length, 3);
  assert.equal(
    brought.some(({ to }) => to === queueArn("former")),
    false,
    "the program no longer names it",
  );
  assert.equal(statSync(join(directory, "sns", "subscriptions.json")).mode & 0o777, 0o600);
  assert.equal(statSync(sns.mails[0]?.file ?? "").mode & 0o777, 0o600);
  await first.end();

  const moved = declared.slice(0, 1).map((each) => ({ ...each, endpoint: "others@example.com" }));
  const third = await topics(t, { directory, declared: moved });
  assert.equal(
    third.sns.mails.at(-1)?.subject,
    "AWS Notification - Subscription Confirmation",
    "another address is asked",
  );
});

test("subscriptions are listed, read, changed and taken back", async (t) => {
  const { client, brought } = await topics(t);
  const Attributes = { RawMessageDelivery: "true" };
  const { SubscriptionArn } = await client.send(subscribe({ Attributes }));
  assert.equal((await client.send(subscribe({ Attributes }))).SubscriptionArn, SubscriptionArn, "it is the same one");
  await assert.rejects(client.send(subscribe()), { message: /Subscription already exists with different attributes$/ });
  await client.send(new SubscribeCommand(toMail));
  const { Subscriptions } = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  assert.deepEqual(
    Subscriptions?.map(({ SubscriptionArn: arn, Protocol }) => [arn, Protocol]),
    [
      [SubscriptionArn, "sqs"],
      ["PendingConfirmation", "email"],
    ],
  );
  const topic = await client.send(new GetTopicAttributesCommand({ TopicArn }));
  const { SubscriptionsConfirmed, SubscriptionsPending } = topic.Attributes ?? {};
  assert.deepEqual([SubscriptionsConfirmed, SubscriptionsPending], ["1", "1"]);

  const set = (AttributeName: string, AttributeValue: string) =>
    client.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }));
  await set("FilterPolicy", '{"outcome":["failed"]}');
  const got = await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  assert.equal(got.Attributes?.FilterPolicy, '{"outcome":["failed"]}');
  await client.send(publish());
  assert.equal(brought.length, 0);
  await set("FilterPolicy", "{}");
  await client.send(publish());
  assert.equal(brought.length, 1);
  await assert.rejects(set("RedrivePolicy", '{"deadLetterTargetArn":"dead"}'), {
    message: "Invalid parameter: RedrivePolicy: deadLetterTargetArn is an invalid arn",
  });

  await client.send(new UnsubscribeCommand({ SubscriptionArn }));
  await client.send(publish());
  assert.equal(brought.length, 1);
  await assert.rejects(client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn })), {
    name: "NotFoundException",
    message: "Subscription does not exist",
  });
});

test("a hundred subscriptions make a page", async (t) => {
  const { client } = await topics(t);
  for (let i = 0; i < 101; i += 1) await client.send(subscribe({ Endpoint: queueArn(`work-${i}`) }));
  const first = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  const { NextToken } = first;
  const second = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn, NextToken }));
  assert.deepEqual([first.Subscriptions?.length, second.Subscriptions?.length, second.NextToken], [100, 1, undefined]);
});

test("a subscriber that is none is refused", async (t) => {
  const { client } = await topics(t);
  for (const [input, message] of [
    [{ Protocol: "pigeon" }, /^Invalid parameter: Amazon SNS does not support this protocol string: pigeon$/],
    [{ Endpoint: "work" }, "Invalid parameter: SQS endpoint ARN"],
    [{ Protocol: "lambda" }, "Invalid parameter: Lambda endpoint ARN"],
    [{ ...toMail, Endpoint: "who" }, "Invalid parameter: Email address"],
    [{ ...toMail, Endpoint: "a@b.example\r\nBcc: c@d.example" }, "Invalid parameter: Email address"],
    [{ Attributes: { FilterPolicyScope: "All" } }, "Invalid parameter: FilterPolicyScope: Invalid value [All]"],
    [{ ...toMail, Attributes: { RawMessageDelivery: "true" } }, /\[email\] does not support raw message delivery\.$/],
  ] as const)
    await assert.rejects(client.send(subscribe(input)), { name: "InvalidParameterException", message });
});

test("what is not imitated is refused by name", async (t) => {
  const { client } = await topics(t);
  for (const [sent, what] of [
    [client.send(new CreateTopicCommand({ Name: "more" })), "CreateTopic"],
    [client.send(publish({ PhoneNumber: "+491" })), "Publish with PhoneNumber"],
    [client.send(publish({ MessageGroupId: "1" })), "Publish with MessageGroupId"],
    [client.send(subscribe({ Protocol: "https", Endpoint: "https://example.com" })), "The protocol https"],
    [client.send(subscribe({ Attributes: { DeliveryPolicy: "{}" } })), "A subscription with DeliveryPolicy"],
  ] as const)
    await assert.rejects(sent, { name: "NotImplemented", message: `${what} is not imitated` });
});
