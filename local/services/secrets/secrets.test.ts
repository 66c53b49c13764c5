import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
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

test("a secret without a value is described and has nothing to give", async (t) => {
  const service = secrets(temporaryDirectory());
  service.create(arn, "source-database");
  const { config } = await behindDoor(t, service);
  const client = new SecretsManagerClient(config());

  const { ARN, Name, VersionIdsToStages } = await client.send(
    new DescribeSecretCommand({ SecretId: "source-database" }),
  );
  assert.deepEqual([ARN, Name, VersionIdsToStages], [arn, "source-database", undefined]);
  await assert.rejects(client.send(new GetSecretValueCommand({ SecretId: arn })), {
    name: "ResourceNotFoundException",
    message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
  });
});

test("a value that is put by hand is given from then on, and the program's unchanged version does not take its place", async (t) => {
  const directory = temporaryDirectory();
  const service = secrets(directory);
  service.create(arn, "source-database");
  service.put(arn, "source-database", "the program's", "1");
  const { config, record } = await behindDoor(t, service);
  const client = new SecretsManagerClient(config());
  const put = await client.send(new PutSecretValueCommand({ SecretId: "source-database", SecretString: "by hand" }));
  assert.deepEqual([put.ARN, put.Name, put.VersionStages], [arn, "source-database", ["AWSCURRENT"]]);

  for (const [version, value] of [
    ["1", "by hand"],
    ["2", "the program's new one"],
  ] as const) {
    const again = secrets(directory);
    again.create(arn, "source-database");
    again.put(arn, "source-database", "the program's new one", version);
    const reader = new SecretsManagerClient((await behindDoor(t, again)).config());
    const got = await reader.send(new GetSecretValueCommand({ SecretId: arn, VersionStage: "AWSCURRENT" }));
    assert.equal(got.SecretString, value);
    assert.equal(got.VersionId === put.VersionId, version === "1");
    const { VersionIdsToStages } = await reader.send(new DescribeSecretCommand({ SecretId: arn }));
    assert.deepEqual(VersionIdsToStages, { [got.VersionId ?? ""]: ["AWSCURRENT"] });
  }
  assert.equal(JSON.stringify(record.entries).includes("by hand"), false, "no value is in the journal");
});

test("the same put once more is the same version, and another value with its token is refused", async (t) => {
  const service = secrets(temporaryDirectory());
  service.create(arn, "card-key");
  const { config } = await behindDoor(t, service);
  const client = new SecretsManagerClient(config());
  const ClientRequestToken = "0".repeat(32);
  for (let time = 0; time < 2; time += 1) {
    const put = new PutSecretValueCommand({ SecretId: arn, SecretString: "value", ClientRequestToken });
    assert.equal((await client.send(put)).VersionId, ClientRequestToken);
  }
  const other = new PutSecretValueCommand({ SecretId: arn, SecretString: "another", ClientRequestToken });
  await assert.rejects(client.send(other), { name: "ResourceExistsException" });
  await assert.rejects(client.send(new PutSecretValueCommand({ SecretId: arn })), {
    name: "InvalidParameterException",
  });
  await assert.rejects(client.send(new PutSecretValueCommand({ SecretId: arn, SecretString: "x".repeat(65_537) })), {
    name: "ValidationException",
  });
});

test("who may read a secret may neither write nor describe it", async (t) => {
  const service = secrets(temporaryDirectory());
  service.put(arn, "card-key", "the value", "1");
  const { config } = await behindDoor(t, service);
  const client = new SecretsManagerClient(config({ action: "secretsmanager:GetSecretValue", resource: arn }));
  await client.send(new GetSecretValueCommand({ SecretId: arn }));
  const refused = [
    client.send(new PutSecretValueCommand({ SecretId: arn, SecretString: "mine" })),
    client.send(new DescribeSecretCommand({ SecretId: arn })),
  ];
  for (const refusal of refused) await assert.rejects(refusal, { name: "AccessDeniedException" });
});

test("what is not imitated is refused by name", async (t) => {
  const service = secrets(temporaryDirectory());
  service.put(arn, "card-key", "the value", "1");
  const { config } = await behindDoor(t, service);
  const client = new SecretsManagerClient(config());
  const SecretId = arn;

  const refusals = await Promise.all([
    client.send(new RotateSecretCommand({ SecretId })).catch(String),
    client.send(new PutSecretValueCommand({ SecretId, SecretBinary: new Uint8Array(1) })).catch(String),
    client.send(new GetSecretValueCommand({ SecretId, VersionStage: "AWSPREVIOUS" })).catch(String),
    client.send(new GetSecretValueCommand({ SecretId, VersionId: "1".repeat(32) })).catch(String),
  ]);
  assert.deepEqual(refusals, [
    "NotImplemented: RotateSecret is not imitated",
    "NotImplemented: PutSecretValue with SecretBinary is not imitated",
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
