import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { behindDoor } from "../../door/behind-door";
import { temporaryDirectory } from "../../temporary-directory";
import { secrets } from "./secrets";

const arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:card-key-abc123";

test("a secret is given by its ARN and by its name", async (t) => {
  const service = secrets(temporaryDirectory());
  service.put(arn, "card-key", "the value", "1");
  const { config } = await behindDoor(t, service);
  const client = new SecretsManagerClient(config());

  for (const SecretId of [arn, "card-key"]) {
    const { ARN, Name, SecretString, VersionStages } = await client.send(new GetSecretValueCommand({ SecretId }));
    assert.deepEqual([ARN, Name, SecretString, VersionStages], [arn, "card-key", "the value", ["AWSCURRENT"]]);
  }
});

test("a secret is given to whom its ARN is allowed, however it is asked for", async (t) => {
  const service = secrets(temporaryDirectory());
  service.put(arn, "card-key", "the value", "1");
  service.put(`${arn}-other`, "other", "another value", "1");
  const { config, record } = await behindDoor(t, service);
  const client = new SecretsManagerClient(config({ action: "secretsmanager:GetSecretValue", resource: arn }));

  assert.equal((await client.send(new GetSecretValueCommand({ SecretId: "card-key" }))).SecretString, "the value");
  for (const SecretId of ["other", `${arn}-other`, "nobody's"])
    await assert.rejects(client.send(new GetSecretValueCommand({ SecretId })), { name: "AccessDeniedException" });
  assert.equal(JSON.stringify(record.entries).includes("value"), false, "no value is in the journal");
});

test("a secret that is not there is not found", async (t) => {
  const { config } = await behindDoor(t, secrets(temporaryDirectory()));
  await assert.rejects(new SecretsManagerClient(config()).send(new GetSecretValueCommand({ SecretId: "a" })), {
    name: "ResourceNotFoundException",
    message: "Secrets Manager can't find the specified secret.",
  });
});

test("what is not imitated is refused by name", async (t) => {
  const { config } = await behindDoor(t, secrets(temporaryDirectory()));
  const client = new SecretsManagerClient(config());
  const SecretId = arn;

  const refusals = await Promise.all([
    client.send(new DescribeSecretCommand({ SecretId })).catch(String),
    client.send(new PutSecretValueCommand({ SecretId, SecretString: "x" })).catch(String),
    client.send(new GetSecretValueCommand({ SecretId, VersionStage: "AWSPREVIOUS" })).catch(String),
    client.send(new GetSecretValueCommand({ SecretId, VersionId: "1".repeat(32) })).catch(String),
  ]);
  assert.deepEqual(refusals, [
    "NotImplemented: DescribeSecret is not imitated",
    "NotImplemented: PutSecretValue is not imitated",
    "NotImplemented: GetSecretValue with VersionStage is not imitated",
    "NotImplemented: GetSecretValue with VersionId is not imitated",
  ]);
});

test("a value stays through restarts until its version changes, in a file for its owner alone", async (t) => {
  const directory = temporaryDirectory();
  const values: (string | undefined)[] = [];
  for (const [value, version] of [
    ["first", "1"],
    ["second", "1"],
    ["third", "2"],
  ] as const) {
    const service = secrets(directory);
    service.put(arn, "card-key", value, version);
    const { config } = await behindDoor(t, service);
    const answer = await new SecretsManagerClient(config()).send(new GetSecretValueCommand({ SecretId: arn }));
    values.push(answer.SecretString);
  }

  assert.deepEqual(values, ["first", "first", "third"]);
  assert.equal(statSync(join(directory, "secrets.json")).mode & 0o777, 0o600);
});
