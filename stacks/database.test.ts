// The shape of the database: what it is in dev and in prod, and who changes its schema.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { migrations, migrationsHash } from "../schemas/migrations";
import { declared } from "./rules/declared";
import { allows, list } from "./rules/policy";
import type { Resource } from "./rules/rule";

let prod: Resource[];

before(async () => {
  prod = await declared("prod");
});

function registered(type: string, name: string): Resource {
  const found = prod.find((it) => it.type.endsWith(`:${type}`) && it.name === name);
  assert.ok(found, `there is a ${type} "${name}"`);
  return found;
}

test("the deployment runs migrate when a migration or the database is another one", () => {
  const { inputs, options } = registered("Invocation", "migrate");
  const triggers = {
    sql: migrationsHash(migrations),
    database: registered("Instance", "database").outputs.resourceId,
  };
  assert.equal(inputs.functionName, registered("Function", "migrate").outputs.name);
  assert.deepEqual(inputs.triggers, triggers);
  assert.deepEqual(JSON.parse(String(inputs.input)), triggers);
  assert.equal(options.protect, undefined);
});

test("migrate is made when there is a way to the database and to its secret", () => {
  const waited = [registered("Function", "migrate").options.dependsOn ?? []].flat() as { __name?: string }[];
  const names = waited.map(({ __name }) => __name);
  for (const way of ["secrets", "stages-to-database", "stages-to-secrets"]) assert.ok(names.includes(way), `${names}`);
});

test("migrate may read the secret of the database, stand in the network, and no more than every stage", () => {
  const may = allows(registered("RolePolicy", "migrate"));
  const [secret] = registered("Instance", "database").outputs.masterUserSecrets as { secretArn: string }[];
  const own = may.filter(({ Action }) =>
    list(Action).some((action) => /^(secretsmanager|ec2|s3|rds|dynamodb):/.test(action)),
  );
  assert.deepEqual(
    own.map(({ Action, Resource }) => `${list(Action)[0]} on ${Resource}`),
    [`secretsmanager:GetSecretValue on ${secret?.secretArn}`, "ec2:CreateNetworkInterface on *"],
  );
});

test("migrate is told where the database is, and not with what it is entered", () => {
  const { outputs } = registered("Instance", "database");
  const [secret] = outputs.masterUserSecrets as { secretArn: string }[];
  const { variables } = registered("Function", "migrate").inputs.environment as { variables: Record<string, string> };
  assert.deepEqual(variables, {
    DATABASE_ENDPOINT: outputs.endpoint,
    DATABASE_NAME: "tributary",
    DATABASE_SECRET: secret?.secretArn,
    DATABASE_USER: "tributary",
    LOG_LEVEL: "INFO",
    NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem",
    POWERTOOLS_SERVICE_NAME: "migrate",
  });
});

test("in prod the database stands in two zones and is of a class for a vector index", () => {
  const { multiAz, instanceClass, storageType, backupRetentionPeriod } = registered("Instance", "database").inputs;
  assert.deepEqual(
    { multiAz, instanceClass, storageType, backupRetentionPeriod },
    { multiAz: true, instanceClass: "db.t4g.medium", storageType: "gp3", backupRetentionPeriod: 14 },
  );
  assert.equal((registered("VpcEndpoint", "secrets").inputs.subnetIds as string[]).length, 2);
});
