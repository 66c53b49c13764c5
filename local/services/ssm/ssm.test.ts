import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { behindDoor } from "../../door/behind-door";
import { temporaryDirectory } from "../../temporary-directory";
import { ssm } from "./ssm";

const account = "123456789012";
const arnOf = (name: string) => `arn:aws:ssm:eu-central-1:${account}:parameter${name}`;
const Name = "/tributary/dev/api-key";
const key = { name: Name, type: "SecureString", value: "the key", version: "1" } as const;
const put = (input: Partial<PutParameterCommandInput> = {}) =>
  new PutParameterCommand({ Name, Value: "by hand", Type: "SecureString", ...input });
const get = (WithDecryption?: boolean, name = Name) => new GetParameterCommand({ Name: name, WithDecryption });

async function store(t: TestContext, directory = temporaryDirectory()) {
  const service = ssm({ directory, region: "eu-central-1", account });
  const { config, record } = await behindDoor(t, service);
  const clientOf = (may?: Parameters<typeof config>[0]) => new SSMClient(config(may));
  return { directory, service, clientOf, client: clientOf(), record };
}

test("a parameter is given by its name and by its ARN", async (t) => {
  const { service, client } = await store(t);
  service.put({ name: Name, type: "String", value: "a,b", version: "1" });
  service.put({ name: "flat", type: "StringList", value: "c,d", version: "1" });
  for (const [asked, Value] of [
    [Name, "a,b"],
    [arnOf(Name), "a,b"],
    ["flat", "c,d"],
    [arnOf("/flat"), "c,d"],
  ] as const) {
    const { Parameter } = await client.send(get(undefined, asked));
    assert.deepEqual([Parameter?.Value, Parameter?.Version, Parameter?.DataType], [Value, 1, "text"], asked);
  }
  assert.equal((await client.send(get())).Parameter?.ARN, arnOf(Name));
});

test("a SecureString is opaque to who does not ask for decryption, and no value is in the journal", async (t) => {
  const { service, client, record } = await store(t);
  service.put(key);
  const sealed = (await client.send(get())).Parameter?.Value ?? "";
  assert.match(sealed, /^AQICAH[A-Za-z\d+/=]+$/);
  assert.equal((await client.send(get(false))).Parameter?.Value, sealed, "the same each time");
  assert.equal(Buffer.from(sealed, "base64").includes("the key"), false);
  assert.equal((await client.send(get(true))).Parameter?.Value, "the key");
  assert.equal(JSON.stringify(record.entries).includes("the key"), false);
});

test("a value that is put by hand is given from then on, and the program's unchanged version does not take its place", async (t) => {
  const { directory, service, client } = await store(t);
  service.put(key);
  assert.equal((await client.send(put({ Overwrite: true }))).Version, 2);
  for (const [version, value] of [
    ["1", "by hand"],
    ["2", "the program's new one"],
  ] as const) {
    const again = await store(t, directory);
    again.service.put({ ...key, value: "the program's new one", version });
    assert.equal((await again.client.send(get(true))).Parameter?.Value, value);
  }
  assert.equal(statSync(join(directory, "parameters.json")).mode & 0o777, 0o600);
});

test("each put is a version, and older ones are given by their number", async (t) => {
  const { client, service } = await store(t);
  for (let i = 1; i <= 102; i += 1) await client.send(put({ Value: `value ${i}`, Overwrite: true }));
  assert.equal(service.valueOf(Name), "value 102");
  const { Parameter } = await client.send(get(true, `${Name}:101`));
  assert.deepEqual([Parameter?.Name, Parameter?.Selector, Parameter?.Value], [Name, ":101", "value 101"]);
  for (const selector of ["2", "103", "latest"])
    await assert.rejects(client.send(get(true, `${Name}:${selector}`)), { name: "ParameterVersionNotFound" });
});

test("a parameter that is there is not put again by accident", async (t) => {
  const { client } = await store(t);
  await client.send(put({ Value: "first" }));
  await assert.rejects(client.send(put()), { name: "ParameterAlreadyExists" });
  assert.equal((await client.send(get(true))).Parameter?.Value, "first");
  await client.send(put({ Type: undefined, Overwrite: true }));
  assert.equal((await client.send(get(true))).Parameter?.Type, "SecureString", "its type stays");
});

test("what is not there is not found, one by one or among others", async (t) => {
  const { service, client } = await store(t);
  service.put(key);
  await assert.rejects(client.send(get(true, "/nobody")), { name: "ParameterNotFound" });
  const Names = ["/nobody", Name, `${Name}:7`];
  const { Parameters, InvalidParameters } = await client.send(
    new GetParametersCommand({ Names, WithDecryption: true }),
  );
  assert.deepEqual(
    Parameters?.map(({ Value }) => Value),
    ["the key"],
  );
  assert.deepEqual(InvalidParameters, ["/nobody", `${Name}:7`]);
});

test("a path gives what is below it, page by page, of one level or of all", async (t) => {
  const { service, client } = await store(t);
  const names = Array.from({ length: 11 }, (_, i) => `/a/p${String(i).padStart(2, "0")}`);
  for (const name of [...names, "/a/deep/er", "/ab/c", "a"]) service.put({ ...key, name });
  const page = (NextToken?: string, Recursive = false) =>
    client.send(new GetParametersByPathCommand({ Path: "/a", Recursive, WithDecryption: true, NextToken }));
  const first = await page();
  const second = await page(first.NextToken);
  const given = [...(first.Parameters ?? []), ...(second.Parameters ?? [])];
  assert.deepEqual(
    given.map((it) => it.Name),
    names,
  );
  assert.deepEqual([given[0]?.Value, first.Parameters?.length, second.NextToken], ["the key", 10, undefined]);
  const deep = (await page(undefined, true)).Parameters;
  assert.equal(deep?.[0]?.Name, "/a/deep/er");
});

test("a parameter is given to whom its ARN is allowed, and to nobody else", async (t) => {
  const { service, clientOf } = await store(t);
  service.put(key);
  service.put({ ...key, name: `${Name}-other` });
  const client = clientOf({ action: "ssm:GetParameter", resource: arnOf(Name) });
  assert.equal((await client.send(get(true))).Parameter?.Value, "the key");
  const refused = [
    client.send(get(true, `${Name}-other`)),
    client.send(get(true, "/nobody")),
    client.send(new GetParametersCommand({ Names: [Name] })),
    client.send(new GetParametersByPathCommand({ Path: "/tributary" })),
    client.send(put({ Overwrite: true })),
  ];
  for (const refusal of refused) await assert.rejects(refusal, { name: "AccessDeniedException" });
});

test("a parameter under a key of its own is decrypted for whom the key is allowed as well", async (t) => {
  const { service, clientOf } = await store(t);
  const keyArn = `arn:aws:kms:eu-central-1:${account}:key/k`;
  service.put({ ...key, keyArn });
  const client = clientOf({ action: "ssm:GetParameter*", resource: "*" });
  assert.match((await client.send(get())).Parameter?.Value ?? "", /^AQICAH/);
  for (const refusal of [
    client.send(get(true)),
    client.send(get(true, `${arnOf(Name)}:1`)),
    client.send(new GetParametersByPathCommand({ Path: "/", Recursive: true, WithDecryption: true })),
  ])
    await assert.rejects(refusal, { name: "AccessDeniedException", message: /kms:Decrypt on resource/ });
});

test("what AWS refuses is refused", async (t) => {
  const { client } = await store(t);
  const Names = Array.from({ length: 11 }, (_, i) => `p${i}`);
  for (const [sent, name] of [
    [put({ Value: "x".repeat(4_097) }), "ValidationException"],
    [put({ Value: "" }), "ValidationException"],
    [put({ Type: undefined }), "ValidationException"],
    [put({ Name: "a b" }), "ValidationException"],
    [put({ Name: "a/b" }), "ValidationException"],
    [put({ Name: "/aws/key" }), "ValidationException"],
    [put({ Name: "/x".repeat(16) }), "HierarchyLevelLimitExceededException"],
  ] as const)
    await assert.rejects(client.send(sent), { name });
  await assert.rejects(client.send(new GetParametersCommand({ Names })), { name: "ValidationException" });
  await assert.rejects(client.send(new GetParametersByPathCommand({ Path: "a" })), { name: "ValidationException" });
});

test("what is not imitated is refused by name", async (t) => {
  const { client } = await store(t);
  for (const [sent, what] of [
    [client.send(new DeleteParameterCommand({ Name })), "DeleteParameter"],
    [client.send(put({ Tier: "Advanced" })), "Tier Advanced"],
    [client.send(put({ DataType: "aws:ec2:image" })), "DataType aws:ec2:image"],
    [client.send(put({ KeyId: "alias/mine" })), "PutParameter with KeyId"],
    [client.send(put({ Tags: [{ Key: "a", Value: "b" }] })), "PutParameter with Tags"],
  ] as const)
    await assert.rejects(sent, { name: "NotImplemented", message: `${what} is not imitated` });
});
