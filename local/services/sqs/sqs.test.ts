import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { arnOf, queueOf, queues } from "./fixture";

test("a message is sent, received with what was asked for, and deleted", async (t) => {
  const { sqs, client, clock } = await queues(t);
  sqs.createQueue(queueOf("orders"));
  const QueueUrl = sqs.urlOf(arnOf("orders"));
  const MessageAttributes = {
    shop: { DataType: "String", StringValue: "größe" },
    cents: { DataType: "Number.cents", StringValue: "995" },
    key: { DataType: "Binary", BinaryValue: Buffer.from([0, 255]) },
  };

  const sent = await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "bödy", MessageAttributes }));
  clock.advance(1_000);
  const [message] = await received(client, {
    QueueUrl,
    MessageAttributeNames: ["shop", "k.*", "key"],
    MessageSystemAttributeNames: ["All"],
  });

  assert.equal(message?.Body, "bödy");
  assert.equal(message.MessageId, sent.MessageId);
  assert.deepEqual(Object.keys(message.MessageAttributes ?? {}), ["shop", "key"]);
  assert.deepEqual([...(message.MessageAttributes?.key?.BinaryValue ?? [])], [0, 255]);
  assert.deepEqual(message.Attributes, {
    SenderId: "arn:aws:iam::000000000000:user/operator",
    SentTimestamp: String(Date.UTC(2026, 0, 1)),
    ApproximateReceiveCount: "1",
    ApproximateFirstReceiveTimestamp: String(Date.UTC(2026, 0, 1) + 1_000),
  });
  assert.deepEqual(sqs.counts(arnOf("orders")), { visible: 0, inFlight: 1, delayed: 0 });

  await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
  assert.deepEqual(sqs.counts(arnOf("orders")), { visible: 0, inFlight: 0, delayed: 0 });
});

test("the checksum of the attributes is AWS's", async (t) => {
  const { sqs, client } = await queues(t);
  sqs.createQueue(queueOf("orders"));
  // Bytes as AWS's page on message metadata builds them, put together by hand.
  const bytes = Buffer.from("000000016100000006537472696e67010000000178", "hex");
  const sent = await client.send(
    new SendMessageCommand({
      QueueUrl: sqs.urlOf(arnOf("orders")),
      MessageBody: "b",
      MessageAttributes: { a: { DataType: "String", StringValue: "x" } },
    }),
  );
  assert.equal(sent.MD5OfMessageAttributes, createHash("md5").update(bytes).digest("hex"));
});

test("a received message is hidden until its visibility timeout has passed", async (t) => {
  const { sqs, client, clock } = await queues(t);
  sqs.createQueue(queueOf("orders"));
  const QueueUrl = sqs.urlOf(arnOf("orders"));
  sqs.send(arnOf("orders"), "a");

  const [first] = await received(client, { QueueUrl });
  clock.advance(29_999);
  assert.equal((await received(client, { QueueUrl })).length, 0);
  clock.advance(1);
  const [second] = await received(client, {
    QueueUrl,
    MessageSystemAttributeNames: ["ApproximateReceiveCount"],
    VisibilityTimeout: 5,
  });
  assert.deepEqual(second?.Attributes, { ApproximateReceiveCount: "2" });

  // The first receipt is no longer the message's: it deletes nothing.
  await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
  clock.advance(5_000);
  const [third] = await received(client, { QueueUrl });
  assert.equal(third?.MessageId, first?.MessageId);
  await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: third?.ReceiptHandle }));
  assert.equal(sqs.messages(arnOf("orders")).length, 0);
});

test("a receiver may change the visibility of what it holds, and of nothing else", async (t) => {
  const { sqs, client, clock } = await queues(t);
  sqs.createQueue(queueOf("orders"));
  const QueueUrl = sqs.urlOf(arnOf("orders"));
  sqs.send(arnOf("orders"), "a");
  const [message] = await received(client, { QueueUrl });
  const ReceiptHandle = message?.ReceiptHandle;

  await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 100 }));
  clock.advance(99_999);
  assert.equal((await received(client, { QueueUrl })).length, 0);
  clock.advance(1);
  await assert.rejects(
    client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 1 })),
    { name: "MessageNotInflight" },
  );

  const [again] = await received(client, { QueueUrl });
  const { Successful, Failed } = await client.send(
    new ChangeMessageVisibilityBatchCommand({
      QueueUrl,
      Entries: [
        { Id: "ok", ReceiptHandle: again?.ReceiptHandle, VisibilityTimeout: 0 },
        { Id: "bad", ReceiptHandle: "nonsense", VisibilityTimeout: 0 },
      ],
    }),
  );
  assert.deepEqual(
    Successful?.map(({ Id }) => Id),
    ["ok"],
  );
  assert.deepEqual(
    Failed?.map(({ Id, Code }) => [Id, Code]),
    [["bad", "ReceiptHandleIsInvalid"]],
  );
  assert.equal((await received(client, { QueueUrl })).length, 1);
});

test("a receiver that waits gets the message when it comes", async (t) => {
  const { sqs, client, needs } = await queues(t);
  sqs.createQueue(queueOf("orders"));
  const QueueUrl = sqs.urlOf(arnOf("orders"));
  const waiting = received(client, { QueueUrl, WaitTimeSeconds: 20 });
  while (needs.length === 0) await new Promise(setImmediate);
  const { messageId } = sqs.send(arnOf("orders"), "at last");
  assert.deepEqual(
    (await waiting).map(({ MessageId }) => MessageId),
    [messageId],
  );
});

test("a receiver that waits in vain gets nothing when its time is over", async (t) => {
  const { sqs, client, clock, needs } = await queues(t);
  sqs.createQueue(queueOf("orders", { receiveWaitSeconds: 20 }));
  const waiting = received(client, { QueueUrl: sqs.urlOf(arnOf("orders")) });
  while (needs.length === 0) await new Promise(setImmediate);
  await new Promise(setImmediate);
  clock.advance(20_000);
  assert.deepEqual(await waiting, []);
});

test("of two receivers that wait, each gets a message", async (t) => {
  const { sqs } = await queues(t);
  sqs.createQueue(queueOf("orders"));
  const waiting = [1, 2].map(() => sqs.receive(arnOf("orders"), { maximum: 10, waitSeconds: 20 }));
  sqs.send(arnOf("orders"), "a");
  sqs.send(arnOf("orders"), "b");
  const bodies = (await Promise.all(waiting)).map((messages) => messages.map(({ body }) => body));
  assert.deepEqual(bodies, [["a"], ["b"]]);
});

test("a delayed message is not seen before its time", async (t) => {
  const { sqs, client, clock } = await queues(t);
  sqs.createQueue(queueOf("orders", { delaySeconds: 10 }));
  const QueueUrl = sqs.urlOf(arnOf("orders"));
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "queue's delay" }));
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "own delay", DelaySeconds: 5 }));
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "no delay", DelaySeconds: 0 }));

  const bodies = async () => (await received(client, { QueueUrl, MaxNumberOfMessages: 10 })).map(({ Body }) => Body);
  assert.deepEqual(await bodies(), ["no delay"]);
  clock.advance(5_000);
  assert.deepEqual(await bodies(), ["own delay"]);
  clock.advance(5_000);
  assert.deepEqual(await bodies(), ["queue's delay"]);
});

test("a message that was received too often moves to the dead-letter queue", async (t) => {
  const { sqs, client, clock, entries } = await queues(t);
  sqs.createQueue(queueOf("dead"));
  sqs.createQueue(queueOf("orders", { redrive: { deadLetterArn: arnOf("dead"), maxReceiveCount: 2 } }));
  const QueueUrl = sqs.urlOf(arnOf("orders"));
  const { messageId } = sqs.send(arnOf("orders"), "poison", { why: { DataType: "String", StringValue: "test" } });

  for (const _ of [1, 2]) {
    assert.equal((await received(client, { QueueUrl })).length, 1);
    clock.advance(30_000);
  }
  assert.equal((await received(client, { QueueUrl })).length, 0);
  assert.deepEqual(
    entries().map(({ operation, resource, detail }) => [operation, resource, detail?.to]),
    [["DeadLetter", "orders", "dead"]],
  );
  assert.deepEqual(sqs.messages(arnOf("dead")), [
    {
      messageId,
      body: "poison",
      messageAttributes: { why: { DataType: "String", StringValue: "test" } },
      state: "visible",
      sentAt: "2026-01-01T00:00:00.000Z",
      receives: 2,
      deadLetterSource: arnOf("orders"),
    },
  ]);
  const [dead] = await received(client, {
    QueueUrl: sqs.urlOf(arnOf("dead")),
    MessageSystemAttributeNames: ["DeadLetterQueueSourceArn"],
  });
  assert.deepEqual(dead?.Attributes, { DeadLetterQueueSourceArn: arnOf("orders") });
  sqs.discard(arnOf("dead"), messageId);
  assert.deepEqual(sqs.messages(arnOf("dead")), []);
});

test("a message older than the retention is gone", async (t) => {
  const { sqs, clock } = await queues(t);
  sqs.createQueue(queueOf("orders", { retentionSeconds: 60 }));
  sqs.send(arnOf("orders"), "a");
  clock.advance(60_000);
  assert.equal(sqs.messages(arnOf("orders")).length, 1);
  clock.advance(1);
  assert.equal(sqs.messages(arnOf("orders")).length, 0);
  assert.deepEqual(await sqs.receive(arnOf("orders"), { maximum: 1 }), []);
});

test("messages survive the end: visible, delayed and in flight", async (t) => {
  const { sqs: earlier, root, end } = await queues(t);
  earlier.createQueue(queueOf("orders"));
  earlier.send(arnOf("orders"), "held");
  const [held] = await earlier.receive(arnOf("orders"), { maximum: 1 });
  earlier.send(arnOf("orders"), "lying");
  end();

  const { sqs, clock } = await queues(t, root);
  sqs.createQueue(queueOf("orders"));
  assert.deepEqual(sqs.counts(arnOf("orders")), { visible: 1, inFlight: 1, delayed: 0 });
  clock.advance(30_000);
  assert.deepEqual(sqs.counts(arnOf("orders")), { visible: 2, inFlight: 0, delayed: 0 });
  sqs.remove(arnOf("orders"), held?.receiptHandle ?? "");
  assert.deepEqual(
    sqs.messages(arnOf("orders")).map(({ body }) => body),
    ["lying"],
  );
});

test("a batch succeeds and fails entry by entry", async (t) => {
  const { sqs, client } = await queues(t);
  sqs.createQueue(queueOf("orders"));
  const QueueUrl = sqs.urlOf(arnOf("orders"));
  const sent = await client.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: "a", MessageBody: "1" },
        { Id: "b", MessageBody: "\u0000" },
        { Id: "c", MessageBody: "3", DelaySeconds: 901 },
      ],
    }),
  );
  assert.deepEqual(
    sent.Successful?.map(({ Id }) => Id),
    ["a"],
  );
  assert.deepEqual(
    sent.Failed?.map(({ Id, Code }) => [Id, Code]),
    [
      ["b", "InvalidMessageContents"],
      ["c", "InvalidParameterValue"],
    ],
  );

  const [message] = await received(client, { QueueUrl });
  const deleted = await client.send(
    new DeleteMessageBatchCommand({ QueueUrl, Entries: [{ Id: "a", ReceiptHandle: message?.ReceiptHandle }] }),
  );
  assert.deepEqual(deleted.Successful, [{ Id: "a" }]);
  assert.equal(sqs.messages(arnOf("orders")).length, 0);
});

test("queues are found, described and emptied", async (t) => {
  const { sqs, client, endpoint } = await queues(t);
  sqs.createQueue(queueOf("dead"));
  sqs.createQueue(queueOf("orders", { redrive: { deadLetterArn: arnOf("dead"), maxReceiveCount: 5 } }));
  sqs.createQueue(
    queueOf("orders", { redrive: { deadLetterArn: arnOf("dead"), maxReceiveCount: 5 }, visibilitySeconds: 90 }),
  );
  sqs.send(arnOf("orders"), "a");

  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: "orders" }));
  assert.equal(QueueUrl, `${endpoint}/000000000000/orders`);
  const { QueueUrls } = await client.send(new ListQueuesCommand({ QueueNamePrefix: "ord" }));
  assert.deepEqual(QueueUrls, [QueueUrl]);
  const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
  assert.equal(Attributes?.ApproximateNumberOfMessages, "1");
  assert.equal(Attributes.VisibilityTimeout, "90");
  assert.equal(Attributes.RedrivePolicy, `{"deadLetterTargetArn":"${arnOf("dead")}","maxReceiveCount":5}`);
  await client.send(new PurgeQueueCommand({ QueueUrl }));
  assert.equal(sqs.messages(arnOf("orders")).length, 0);
});

test("a dead-letter queue tells whose letters it takes", async (t) => {
  const { sqs, client, needs } = await queues(t);
  sqs.createQueue(queueOf("dead"));
  for (const name of ["refunds", "orders"]) {
    sqs.createQueue(queueOf(name, { redrive: { deadLetterArn: arnOf("dead"), maxReceiveCount: 5 } }));
  }
  const sourcesOf = async (name: string) => {
    const asked = new ListDeadLetterSourceQueuesCommand({ QueueUrl: sqs.urlOf(arnOf(name)) });
    return (await client.send(asked)).queueUrls;
  };
  assert.deepEqual(await sourcesOf("dead"), [sqs.urlOf(arnOf("orders")), sqs.urlOf(arnOf("refunds"))]);
  assert.deepEqual(await sourcesOf("orders"), []);
  assert.deepEqual(needs[0], { action: "sqs:ListDeadLetterSourceQueues", resource: arnOf("dead") });
});

test("an operation needs its permission on its queue, a batch that of its single", async (t) => {
  const { sqs, client, needs } = await queues(t);
  const policy = {
    Statement: [{ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: arnOf("orders") }],
  } as const;
  sqs.createQueue(queueOf("orders", { policy }));
  const QueueUrl = sqs.urlOf(arnOf("orders"));
  await client.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: "a", MessageBody: "1" }] }));
  await received(client, { QueueUrl });
  assert.deepEqual(needs, [
    { action: "sqs:SendMessage", resource: arnOf("orders"), resourcePolicy: policy },
    { action: "sqs:ReceiveMessage", resource: arnOf("orders"), resourcePolicy: policy },
  ]);
});

test("what SQS does not take is refused in its words", async (t) => {
  const { sqs, client } = await queues(t);
  sqs.createQueue(queueOf("orders"));
  const QueueUrl = sqs.urlOf(arnOf("orders"));
  const nowhere = QueueUrl.replace("orders", "nowhere");
  const tooMany = Array.from({ length: 11 }, (_, index) => ({ Id: `m${index}`, MessageBody: "x" }));
  const refused: [() => Promise<unknown>, string][] = [
    [() => client.send(new GetQueueUrlCommand({ QueueName: "nowhere" })), "QueueDoesNotExist"],
    [() => client.send(new SendMessageCommand({ QueueUrl: nowhere, MessageBody: "x" })), "QueueDoesNotExist"],
    [
      () => client.send(new SendMessageCommand({ QueueUrl, MessageBody: "x".repeat(1024 * 1024 + 1) })),
      "InvalidParameterValue",
    ],
    [() => client.send(new SendMessageCommand({ QueueUrl, MessageBody: "" })), "MissingParameter"],
    [() => client.send(new SendMessageCommand({ QueueUrl, MessageBody: "\ud800" })), "InvalidMessageContents"],
    [
      () => client.send(new SendMessageCommand({ QueueUrl, MessageBody: "x", MessageGroupId: "g" })),
      "UnsupportedOperation",
    ],
    [() => client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 11 })), "InvalidParameterValue"],
    [() => client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: "nonsense" })), "ReceiptHandleIsInvalid"],
    [() => client.send(new SendMessageBatchCommand({ QueueUrl, Entries: [] })), "EmptyBatchRequest"],
    [() => client.send(new SendMessageBatchCommand({ QueueUrl, Entries: tooMany })), "TooManyEntriesInBatchRequest"],
    [() => client.send(new CreateQueueCommand({ QueueName: "new" })), "UnsupportedOperation"],
  ];
  for (const [sent, name] of refused) {
    const error: unknown = await sent().then(
      () => undefined,
      (reason) => reason,
    );
    assert.ok(error instanceof Error, `${name}: was accepted`);
    assert.equal(error.name.replace("AWS.SimpleQueueService.", ""), name, error.message);
  }
  assert.throws(() => sqs.createQueue(queueOf("orders.fifo")), { code: "AWS.SimpleQueueService.UnsupportedOperation" });
  assert.equal((await fetch(QueueUrl, { method: "POST", body: "Action=SendMessage" })).status, 400);
});

async function received(client: SQSClient, input: ReceiveMessageCommandInput) {
  return (await client.send(new ReceiveMessageCommand(input))).Messages ?? [];
}
