import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { behindDoor } from "../../door/behind-door";
import { temporaryDirectory } from "../../temporary-directory";
import { dynamodb, type TableConfig } from "./dynamodb";

const table: TableConfig = {
  name: "audit",
  arn: "arn:aws:dynamodb:eu-central-1:123456789012:table/audit",
  hashKey: "object",
  rangeKey: "attempt",
  attributes: [
    { name: "object", type: "S" },
    { name: "attempt", type: "S" },
  ],
};
const TableName = table.name;
const key = (object: string, attempt = "1") => ({ object: { S: object }, attempt: { S: attempt } });

test("items are put, read, found by their key, changed and deleted", async (t) => {
  const { client } = await opened(t);
  for (const attempt of ["1", "2", "3"])
    await client.send(new PutItemCommand({ TableName, Item: { ...key("a", attempt), rows: { N: attempt } } }));
  await client.send(new PutItemCommand({ TableName, Item: key("b") }));

  const { Item } = await client.send(new GetItemCommand({ TableName, Key: key("a", "2") }));
  assert.deepEqual(Item, { ...key("a", "2"), rows: { N: "2" } });
  const { Items } = await client.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: "#object = :object AND attempt >= :attempt",
      ExpressionAttributeNames: { "#object": "object" },
      ExpressionAttributeValues: { ":object": { S: "a" }, ":attempt": { S: "2" } },
      ScanIndexForward: false,
    }),
  );
  assert.deepEqual(
    Items?.map(({ attempt }) => attempt?.S),
    ["3", "2"],
  );
  await client.send(new DeleteItemCommand({ TableName, Key: key("a", "2") }));
  assert.equal((await client.send(new ScanCommand({ TableName }))).Count, 3);
});

test("a conditional change happens once", async (t) => {
  const { client } = await opened(t);
  const claim = () =>
    client.send(
      new UpdateItemCommand({
        TableName,
        Key: key("a"),
        UpdateExpression: "SET claims = if_not_exists(claims, :none) + :one",
        ConditionExpression: "attribute_not_exists(claims)",
        ExpressionAttributeValues: { ":none": { N: "0" }, ":one": { N: "1" } },
      }),
    );

  const outcomes = await Promise.allSettled([claim(), claim(), claim()]);
  const failed = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason.name] : []));
  assert.deepEqual(failed, ["ConditionalCheckFailedException", "ConditionalCheckFailedException"]);
  const { Item } = await client.send(new GetItemCommand({ TableName, Key: key("a") }));
  assert.deepEqual(Item?.claims, { N: "1" });
});

test("each operation needs its own permission, on its table", async (t) => {
  const { service, client, config, record } = await opened(t);
  const other = { ...table, name: "other", arn: table.arn.replace("audit", "other") };
  await service.createTable(other);
  const writer = new DynamoDBClient(config({ action: "dynamodb:PutItem", resource: table.arn }));

  await writer.send(new PutItemCommand({ TableName, Item: key("a") }));
  for (const command of [
    writer.send(new GetItemCommand({ TableName, Key: key("a") })),
    writer.send(new UpdateItemCommand({ TableName, Key: key("a") })),
    writer.send(new ScanCommand({ TableName })),
    writer.send(new PutItemCommand({ TableName: "other", Item: key("a") })),
    writer.send(new PutItemCommand({ TableName: "nobody's", Item: key("a") })),
  ])
    await assert.rejects(command, { name: "AccessDeniedException" });

  assert.equal((await client.send(new ScanCommand({ TableName: "other" }))).Count, 0);
  const [first, second] = record.entries;
  assert.deepEqual([first?.operation, first?.resource, first?.outcome], ["PutItem", "audit", "ok"]);
  assert.match(
    String(second?.detail?.message),
    /not authorized to perform: dynamodb:GetItem on resource: "arn:.*table\/audit"/,
  );
});

test("an error is DynamoDB's own, and the journal has it", async (t) => {
  const { client, record } = await opened(t);
  await assert.rejects(client.send(new GetItemCommand({ TableName: "missing", Key: key("a") })), {
    name: "ResourceNotFoundException",
  });
  await assert.rejects(client.send(new PutItemCommand({ TableName, Item: { object: { S: "a" } } })), {
    name: "ValidationException",
  });
  assert.deepEqual(
    record.entries.map(({ operation, outcome }) => `${operation} ${outcome}`),
    ["GetItem ResourceNotFoundException", "PutItem ValidationException"],
  );
});

test("a batch writes what it holds, and needs its right on every table that it names", async (t) => {
  const { client, record } = await opened(t);
  const put = (name: string) => ({ PutRequest: { Item: key(name) } });
  await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [put("a"), put("b")] } }));
  assert.equal((await client.send(new ScanCommand({ TableName }))).Count, 2);
  assert.deepEqual([record.entries[0]?.operation, record.entries[0]?.resource], ["BatchWriteItem", TableName]);
});

test("what is not imitated is refused by name", async (t) => {
  const { client } = await opened(t);
  const refusals = await Promise.all([
    client
      .send(new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item: key("a") } }] }))
      .catch(String),
    client.send(new CreateTableCommand({ TableName: "x", KeySchema: [], AttributeDefinitions: [] })).catch(String),
  ]);
  assert.deepEqual(refusals, [
    "NotImplemented: TransactWriteItems is not imitated",
    "NotImplemented: CreateTable is not imitated",
  ]);
});

test("items stay through restarts", async (t) => {
  const directory = temporaryDirectory();
  const first = await opened(t, directory);
  await first.client.send(new PutItemCommand({ TableName, Item: key("a") }));
  await first.end();

  const second = await opened(t, directory);
  assert.deepEqual((await second.client.send(new ScanCommand({ TableName }))).Items, [key("a")]);
});

async function opened(t: Parameters<typeof behindDoor>[0], directory = temporaryDirectory()) {
  const service = await dynamodb(directory);
  await service.createTable(table);
  const behind = await behindDoor(t, service);
  let ended: Promise<void> | undefined;
  const end = () => {
    ended ??= behind.end().then(service.end);
    return ended;
  };
  t.after(end);
  return { service, ...behind, client: new DynamoDBClient(behind.config()), end };
}
