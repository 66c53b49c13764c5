// The door with real clients before it and small services behind it.

import assert from "node:assert/strict";
import { request } from "node:http";
import { networkInterfaces } from "node:os";
import { json } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { systemClock } from "../clock";
import { jsonAnswer, jsonRefusal } from "../services/json-protocol";
import { s3 as openS3 } from "../services/s3/s3";
import { temporaryDirectory } from "../temporary-directory";
import { openDoor } from "./door";
import { journal } from "./journal";
import type { PolicyDocument } from "./policy";
import type { Principal } from "./principals";
import type { Service } from "./service";

const region = "eu-central-1";
const operator: Principal = {
  name: "operator",
  arn: "arn:aws:iam::123456789012:user/operator",
  accessKeyId: "AKIAOPERATOR",
  secretAccessKey: "the operator's secret",
  policies: "all",
};
const mayRead: PolicyDocument = { Statement: [{ Effect: "Allow", Action: "echo:Read", Resource: "*" }] };
const stage: Principal = {
  name: "stage",
  arn: "arn:aws:sts::123456789012:assumed-role/stage/stage",
  accessKeyId: "ASIASTAGE",
  secretAccessKey: "the stage's secret",
  sessionToken: "the stage's token",
  policies: [mayRead],
};

test("the door lets in who has signed and may, and writes it down", async (t) => {
  const { dynamodb, record } = await door(t);
  await dynamodb(stage).send(new GetItemCommand({ TableName: "readable", Key: {} }));

  const [{ at: _, ms: __, ...entry } = {}] = record.entries;
  assert.deepEqual(entry, {
    service: "dynamodb",
    operation: "Read",
    principal: "stage",
    resource: "readable",
    outcome: "ok",
  });
});

test("every service is refused in its own protocol, with AWS's words", async (t) => {
  const { url, record } = await door(t);
  const client = { endpoint: url, region, credentials: stage, maxAttempts: 1 };
  const words =
    /User: arn:aws:sts::123456789012:assumed-role\/stage\/stage is not authorized to perform: \S+ on resource: /;

  await assert.rejects(new S3Client(client).send(new GetObjectCommand({ Bucket: "lake", Key: "a" })), {
    name: "AccessDenied",
    message: words,
  });
  await assert.rejects(new DynamoDBClient(client).send(new GetItemCommand({ TableName: "secret", Key: {} })), {
    name: "AccessDeniedException",
    message: words,
  });
  await assert.rejects(new SecretsManagerClient(client).send(new GetSecretValueCommand({ SecretId: "a" })), {
    name: "AccessDeniedException",
    message: words,
  });
  assert.deepEqual(
    record.entries.map(({ service, principal, outcome }) => `${service} ${principal} ${outcome}`),
    ["s3 stage AccessDenied", "dynamodb stage AccessDeniedException", "secretsmanager stage AccessDeniedException"],
  );
  for (const { detail } of record.entries) assert.match(String(detail?.message), words);
});

test("an unsigned request is refused and written down", async (t) => {
  const { url, record } = await door(t);
  const answer = await fetch(`${url}/lake/a`);

  assert.equal(answer.status, 403);
  assert.match(await answer.text(), /<Code>AccessDenied<\/Code>/);
  const [entry] = record.entries;
  assert.deepEqual(
    [entry?.service, entry?.operation, entry?.principal, entry?.resource, entry?.outcome],
    ["s3", "GET", "unknown", "/lake/a", "AccessDenied"],
  );
});

const impostors: readonly [string, Partial<Principal>, forS3: string, forOthers: string][] = [
  ["an unknown key", { accessKeyId: "AKIANOBODY" }, "InvalidAccessKeyId", "UnrecognizedClientException"],
  ["a wrong secret", { secretAccessKey: "guessed" }, "SignatureDoesNotMatch", "InvalidSignatureException"],
  ["a wrong token", { sessionToken: "guessed" }, "InvalidToken", "UnrecognizedClientException"],
];

for (const [what, own, forS3, forOthers] of impostors) {
  test(`${what} is refused by every service, and the journal names nobody`, async (t) => {
    const { url, dynamodb, record } = await door(t);
    const impostor = { ...stage, ...own };
    const s3 = new S3Client({ endpoint: url, region, credentials: impostor, maxAttempts: 1 });

    await assert.rejects(s3.send(new GetObjectCommand({ Bucket: "lake", Key: "a" })), { name: forS3 });
    await assert.rejects(dynamodb(impostor).send(new GetItemCommand({ TableName: "readable", Key: {} })), {
      name: forOthers,
    });
    assert.deepEqual(
      record.entries.map(({ principal, outcome }) => [principal, outcome]),
      [
        ["unknown", forS3],
        ["unknown", forOthers],
      ],
    );
  });
}

test("temporary credentials without their token are refused", async (t) => {
  const { dynamodb } = await door(t);
  const { sessionToken: _, ...bare } = stage;
  await assert.rejects(dynamodb(bare).send(new GetItemCommand({ TableName: "readable", Key: {} })), {
    name: "UnrecognizedClientException",
  });
});

test("a service that is not there is refused by its name", async (t) => {
  const { url, record } = await door(t);
  const sqs = new SQSClient({ endpoint: url, region, credentials: operator, maxAttempts: 1 });

  await assert.rejects(sqs.send(new SendMessageCommand({ QueueUrl: `${url}/1/a`, MessageBody: "a" })));
  assert.equal(record.entries[0]?.outcome, "NotImplemented");
  assert.equal(record.entries[0]?.detail?.message, 'The embedded AWS has no service "sqs"');
});

for (const [how, headers] of [
  ["says how long it is", { "content-length": String(17 * 1_024 * 1_024) }],
  ["comes in chunks", { "transfer-encoding": "chunked" }],
] as const) {
  test(`a document that is too large is refused before it is all in memory, when it ${how}`, async (t) => {
    const { url, record } = await door(t);
    const authorization = `AWS4-HMAC-SHA256 Credential=AKIAOPERATOR/20260101/${region}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`;
    const status = await new Promise((resolve, reject) => {
      const sending = request(url, { method: "POST", headers: { authorization, ...headers } }, (answer) => {
        resolve(answer.statusCode);
        answer.resume();
      }).on("error", reject);
      const megabyte = Buffer.alloc(1_024 * 1_024);
      for (let count = 0; count < 17; count++) sending.write(megabyte);
      sending.end();
    });

    assert.equal(status, 413);
    assert.equal(record.entries[0]?.outcome, "RequestEntityTooLargeException");
  });
}

test("what a service takes unsigned comes in without a signature, and nothing else of it does", async (t) => {
  const { url, record } = await door(t);
  const post = (target: string, headers: Record<string, string> = {}) =>
    fetch(url, { method: "POST", headers: { "x-amz-target": target, ...headers }, body: '{"TableName":"secret"}' });
  assert.equal((await post("Echo.Hello")).status, 200);
  const forged = `AWS4-HMAC-SHA256 Credential=AKIAOPERATOR/20260101/${region}/echo/aws4_request, SignedHeaders=host, Signature=0`;
  const refused = [
    await post("Echo.Read"),
    await post("Other.Hello"),
    await post("Echo.Hello", { authorization: forged }),
    await post("Echo.Hello", { authorization: "Bearer a token" }),
  ];
  for (const { status } of refused) assert.ok(status === 400 || status === 403, String(status));
  assert.deepEqual(
    record.entries.map(({ principal, outcome }) => [principal, outcome === "ok"]),
    [["anonymous", true], ...refused.map(() => ["unknown", false])],
  );
});

test("the door listens on this machine alone", async (t) => {
  const { url } = await door(t);
  const { hostname, port } = new URL(url);
  assert.equal(hostname, "127.0.0.1");

  const elsewhere = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === "IPv4");
  for (const { address } of elsewhere) await assert.rejects(fetch(`http://${address}:${port}/`), address);
});

async function door(t: TestContext) {
  const record = journal();
  const s3 = openS3({ directory: temporaryDirectory(), clock: systemClock(), onEvent: () => undefined });
  s3.createBucket("lake", { versioned: false });
  const principals = [operator, stage];
  const opened = await openDoor({
    s3,
    services: [echo("dynamodb"), echo("secretsmanager"), open],
    principals: (accessKeyId) => principals.find((each) => each.accessKeyId === accessKeyId),
    journal: record,
  });
  t.after(async () => {
    await opened.end();
    s3.end();
  });
  return {
    url: opened.url,
    record,
    dynamodb: (credentials: Pick<Principal, "accessKeyId" | "secretAccessKey">) =>
      new DynamoDBClient({ endpoint: opened.url, region, credentials, maxAttempts: 1 }),
  };
}

/** A service that greets anybody. */
const open: Service = {
  name: "echo",
  refusal: jsonRefusal,
  unsigned: { target: "Echo", operations: ["Hello"] },
  operation: () => ({ name: "Hello", resource: "anybody", needs: [], run: async () => jsonAnswer({}) }),
};

/** A service that gives back what it is asked, to whom may read it; everything but `readable` needs more. */
const echo = (name: string): Service => ({
  name,
  refusal: jsonRefusal,
  async operation({ body }) {
    const input = (await json(body)) as { TableName?: string };
    const resource = input.TableName ?? "something";
    const action = resource === "readable" ? "echo:Read" : "echo:Write";
    return { name: "Read", resource, needs: [{ action, resource }], run: async () => jsonAnswer({}) };
  },
});
