// Parameters as a program registers them: which value is there after which start.

import assert from "node:assert/strict";
import { test } from "node:test";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { Registered } from "../../stage/evaluation/evaluate";
import { behindDoor } from "../door/behind-door";
import { ssm } from "../services/ssm/ssm";
import { temporaryDirectory } from "../temporary-directory";
import { deployParameters } from "./parameters";
import { registry } from "./registry";

const name = "/tributary/dev/api-key";
const keyArn = "arn:aws:kms:eu-central-1:123456789012:key/k";
const resource = (type: string, inputs: Readonly<Record<string, unknown>>): Registered => ({
  type,
  name: "api-key",
  inputs,
  outputs: { name, arn: keyArn, keyId: "k", ...inputs },
  secrets: ["valueWo"],
});

function started(directory: string, inputs: Readonly<Record<string, unknown>>) {
  const service = ssm({ directory, region: "eu-central-1", account: "123456789012" });
  const resources = [
    resource("aws:ssm/parameter:Parameter", { type: "SecureString", ...inputs }),
    resource("aws:kms/key:Key", {}),
  ];
  deployParameters(registry({ resources, outputs: {}, region: "eu-central-1" }), service);
  return service;
}

test("a write-only value takes effect with a new version number only", () => {
  const directory = temporaryDirectory();
  const values = [
    { valueWo: "first", valueWoVersion: 1 },
    { valueWo: "second", valueWoVersion: 1 },
    { valueWo: "third", valueWoVersion: 2 },
  ].map((inputs) => started(directory, inputs).valueOf(name));
  assert.deepEqual(values, ["first", "first", "third"]);
});

test("a value that its owner has put stands until the program says another one", async (t) => {
  const directory = temporaryDirectory();
  const { config } = await behindDoor(t, started(directory, { value: "put the key here" }));
  const put = new PutParameterCommand({ Name: name, Value: "the key", Overwrite: true });
  await new SSMClient(config()).send(put);
  assert.equal(started(directory, { value: "put the key here" }).valueOf(name), "the key");
  assert.equal(started(directory, { value: "another" }).valueOf(name), "another");
});

test("a parameter under the program's key is decrypted for whom the key is allowed as well", async (t) => {
  for (const keyId of ["k", keyArn]) {
    const { config } = await behindDoor(t, started(temporaryDirectory(), { keyId, value: "the key" }));
    const client = new SSMClient(config({ action: "ssm:GetParameter", resource: "*" }));
    await client.send(new GetParameterCommand({ Name: name }));
    await assert.rejects(client.send(new GetParameterCommand({ Name: name, WithDecryption: true })), {
      message: /kms:Decrypt on resource: "arn:aws:kms:eu-central-1:123456789012:key\/k"/,
    });
  }
});

test("a parameter that cannot work stops the deployment by name", () => {
  for (const [inputs, message] of [
    [{ value: "a", tier: "Advanced" }, 'Cannot deploy the parameter "api-key": tier is not imitated'],
    [{ value: "a", type: "Text" }, 'Cannot deploy the parameter "api-key": its type is Text'],
    [{ value: "x".repeat(4_097) }, /^Cannot deploy the parameter "api-key": Standard tier parameters support/],
    [{}, /^Cannot deploy the parameter "api-key": .*its value is undefined$/],
  ] as const)
    assert.throws(() => started(temporaryDirectory(), inputs), { message });
});
