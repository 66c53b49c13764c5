import assert from "node:assert/strict";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { test } from "node:test";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { presign } from "../services/s3/presign";
import type { Principal } from "./principals";
import type { Incoming } from "./service";
import { hmacHex, signingKey, verify } from "./signature";

const reader: Principal = {
  name: "reader",
  arn: "arn:aws:sts::000000000000:assumed-role/reader/reader",
  accessKeyId: "ASIAREADER",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  sessionToken: "a token/with+signs=",
  policies: [],
};
const known = (accessKeyId: string) => (accessKeyId === reader.accessKeyId ? reader : undefined);
const now = () => Date.now();

const nasty = [
  "plain.txt",
  "with space and + and % and %20",
  "a//b/./c/../d",
  "..",
  "ünïcödé/日本語/🎉",
  "!'()*~-_.;:@&=$,?#[]\\^`{|}<>\"",
  "line\nbreak\ttab",
];

test("a request of the S3 client is verified whatever its key is", async () => {
  for (const Key of nasty) {
    const request = await caught((client) => client.send(new PutObjectCommand({ Bucket: "bucket", Key, Body: "x" })));
    const { principal, service, region } = verify(request, known, now());
    assert.deepEqual([principal, service, region], [reader, "s3", "eu-central-1"], Key);
  }
});

test("a presigned URL of the S3 client is verified whatever its key is", async () => {
  for (const Key of nasty) {
    const request = await presigned(Key);
    assert.equal(verify(request, known, now()).principal, reader, Key);
  }
});

test("a request of a client of another service is verified with its path encoded twice", async () => {
  const request = await caughtBy(async (url) => {
    const client = new SecretsManagerClient({
      region: "eu-central-1",
      endpoint: `${url}/a path/b`,
      credentials: reader,
      maxAttempts: 1,
    });
    await client.send(new GetSecretValueCommand({ SecretId: "x" })).finally(() => client.destroy());
  });
  assert.equal(verify(request, known, now()).service, "secretsmanager");
});

test("a signature is the one of AWS's own example", () => {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, GET Object
  const principal = {
    ...reader,
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  };
  const { sessionToken: _, ...example } = principal;
  const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  const request = incoming({
    path: "/test.txt",
    headers: {
      host: "examplebucket.s3.amazonaws.com",
      range: "bytes=0-9",
      "x-amz-content-sha256": empty,
      "x-amz-date": "20130524T000000Z",
      authorization:
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    },
  });
  assert.equal(verify(request, () => example, Date.UTC(2013, 4, 24)).principal, example);
});

test("a request that was changed after it was signed is refused", async () => {
  const request = await caught((client) =>
    client.send(new PutObjectCommand({ Bucket: "bucket", Key: "key", Body: "x" })),
  );
  const changed: Incoming[] = [
    { ...request, method: "DELETE" },
    { ...request, path: "/bucket/other" },
    { ...request, query: new URLSearchParams("uploads") },
    { ...request, headers: { ...request.headers, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" } },
    { ...request, headers: { ...request.headers, host: "elsewhere" } },
  ];
  for (const each of changed)
    assert.throws(() => verify(each, known, now()), { code: "SignatureDoesNotMatch", status: 403 });
  const other = { ...reader, secretAccessKey: "another" };
  assert.throws(() => verify(request, () => other, now()), { code: "SignatureDoesNotMatch" });
});

test("a header that is not signed is refused", async () => {
  const request = await presigned("key");
  const headers = { ...request.headers, "x-amz-meta-more": "1" };
  assert.throws(() => verify({ ...request, headers }, known, now()), {
    code: "AccessDenied",
    message: "There were headers present in the request which were not signed",
  });
});

test("an unknown key is refused by S3 and by the others in their own words", async () => {
  const request = await caught((client) => client.send(new GetObjectCommand({ Bucket: "bucket", Key: "key" })));
  assert.throws(() => verify(request, () => undefined, now()), { code: "InvalidAccessKeyId", status: 403 });
  const headers = { ...request.headers, authorization: request.headers.authorization?.replace("/s3/", "/sqs/") ?? "" };
  assert.throws(() => verify({ ...request, headers }, () => undefined, now()), { code: "UnrecognizedClientException" });
});

test("temporary credentials are refused without their token or with another one", async () => {
  const request = await caught((client) => client.send(new GetObjectCommand({ Bucket: "bucket", Key: "key" })));
  const { "x-amz-security-token": _, ...without } = request.headers;
  assert.throws(() => verify({ ...request, headers: without }, known, now()), { code: "InvalidAccessKeyId" });
  const wrong = { ...request.headers, "x-amz-security-token": "another" };
  assert.throws(() => verify({ ...request, headers: wrong }, known, now()), { code: "InvalidToken" });
  const { sessionToken: __, ...permanent } = reader;
  assert.throws(() => verify(request, () => permanent, now()), { code: "InvalidToken" });
});

test("a request that is more than 15 minutes old or early is refused", async () => {
  const request = await caught((client) => client.send(new GetObjectCommand({ Bucket: "bucket", Key: "key" })));
  for (const minutes of [-16, 16])
    assert.throws(() => verify(request, known, now() + minutes * 60_000), {
      code: "RequestTimeTooSkewed",
      status: 403,
    });
  assert.ok(verify(request, known, now() + 14 * 60_000));
});

test("a presigned URL is good until it expires and no second longer", async () => {
  const signingDate = new Date("2026-01-01T00:00:00Z");
  const request = await presigned("key", { signingDate, expiresIn: 3600 });
  assert.ok(verify(request, known, signingDate.getTime() + 3_600_000));
  assert.throws(() => verify(request, known, signingDate.getTime() + 3_601_000), {
    code: "AccessDenied",
    status: 403,
    message: "Request has expired",
  });
  assert.throws(() => verify(request, known, signingDate.getTime() - 16 * 60_000), {
    message: "Request is not yet valid",
  });
});

test("a presigned URL of more than seven days is refused", async () => {
  const request = await presigned("key");
  request.query.set("X-Amz-Expires", "604801");
  assert.throws(() => verify(request, known, now()), { code: "AuthorizationQueryParametersError" });
});

test("a request without any signature is refused", () => {
  assert.throws(() => verify(incoming({}), known, now()), { code: "AccessDenied", status: 403 });
  const json = incoming({ method: "POST", path: "/", headers: { "x-amz-target": "AmazonSQS.SendMessage" } });
  assert.throws(() => verify(json, known, now()), { code: "MissingAuthenticationToken", status: 403 });
});

test("an authorization that is no signature of version 4 is refused", () => {
  for (const [authorization, code] of [
    ["AWS AKIA:signature", "InvalidRequest"],
    ["AWS4-ECDSA-P256-SHA256 Credential=a", "InvalidRequest"],
    ["AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=00", "AuthorizationHeaderMalformed"],
    ["", "InvalidRequest"],
  ] as const)
    assert.throws(() => verify(incoming({ headers: { authorization } }), known, now()), { code }, authorization);
});

test("the body of another service is what was signed, when the door has read it", async () => {
  const scope = { day: "20260101", region: "eu-central-1", service: "sqs" };
  const time = "20260101T000000Z";
  const { sessionToken: _, ...principal } = reader;
  const hash = "a".repeat(64);
  const canonical = `POST\n/\n\nhost:h\nx-amz-date:${time}\n\nhost;x-amz-date\n${hash}`;
  const { createHash } = await import("node:crypto");
  const toSign = `AWS4-HMAC-SHA256\n${time}\n20260101/eu-central-1/sqs/aws4_request\n${createHash("sha256").update(canonical).digest("hex")}`;
  const signature = hmacHex(signingKey(principal.secretAccessKey, scope), toSign);
  const authorization = `AWS4-HMAC-SHA256 Credential=ASIAREADER/20260101/eu-central-1/sqs/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`;
  const request = incoming({ method: "POST", path: "/", headers: { host: "h", "x-amz-date": time, authorization } });
  const at = Date.UTC(2026, 0, 1);
  assert.ok(verify(request, () => principal, at, hash));
  assert.throws(() => verify(request, () => principal, at, "b".repeat(64)), { code: "InvalidSignatureException" });
});

const incoming = (request: Partial<Incoming>): Incoming => ({
  method: "GET",
  path: "/bucket/key",
  query: new URLSearchParams(),
  headers: {},
  body: Readable.from([]),
  ...request,
});

async function presigned(Key: string, options?: { signingDate: Date; expiresIn: number }): Promise<Incoming> {
  const client = s3("http://127.0.0.1:9");
  const url = await presign(client, (each) => each.send(new GetObjectCommand({ Bucket: "bucket", Key })), options);
  const [, path = "", query = ""] = /^http:\/\/[^/]+([^?]*)\?(.*)$/.exec(url) ?? [];
  return incoming({ path, query: new URLSearchParams(query), headers: { host: "127.0.0.1:9" } });
}

const s3 = (endpoint: string) =>
  new S3Client({ region: "eu-central-1", endpoint, forcePathStyle: true, credentials: reader, maxAttempts: 1 });

const caught = (send: (client: S3Client) => Promise<unknown>) =>
  caughtBy((url) => {
    const client = s3(url);
    return send(client).finally(() => client.destroy());
  });

/** The request as it arrives over HTTP; what comes of it is of no interest. */
async function caughtBy(send: (url: string) => Promise<unknown>): Promise<Incoming> {
  const arrived = Promise.withResolvers<IncomingMessage>();
  const server = createServer((request, response) => {
    arrived.resolve(request);
    response.writeHead(400).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  await send(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).catch(() => undefined);
  server.close();
  const { url = "", method = "", headers } = await arrived.promise;
  const [path = "", query = ""] = url.split(/\?(.*)/s);
  return incoming({ method, path, query: new URLSearchParams(query), headers });
}
