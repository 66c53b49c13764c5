import assert from "node:assert/strict";
import { before, test } from "node:test";
import { type Evaluation, evaluate, type Registered } from "../stage/evaluation/evaluate";

let program: Evaluation;

before(async () => {
  program = await evaluate({
    stack: "dev",
    settings: { "tributary:notificationsEmail": "feeds@example.com", "tributary:feedsAtOnce": "3" },
    program: async () => require("../index"),
    packages: "kept",
  });
});

function registered(type: string, name: string): Registered {
  const found = program.resources.find((each) => each.type.endsWith(`:${type}`) && each.name === name);
  assert.ok(found, `${type} ${name} is not registered`);
  return found;
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly NotResource?: readonly string[];
}

const statementsOf = (resource: Registered): readonly Statement[] =>
  (JSON.parse(String(resource.inputs.policy)) as { Statement: Statement[] }).Statement;

const allowed = (stage: string) =>
  statementsOf(registered("RolePolicy", stage)).flatMap(({ Action, Resource }) =>
    [Action].flat().map((action) => `${action} ${Resource}`),
  );

test("uploads wake aggregate-transactions, corrections reprocess-transactions, and no other key can be written", () => {
  const { inputs } = registered("BucketNotification", "feeds");
  assert.deepEqual(
    (inputs.lambdaFunctions as { lambdaFunctionArn: string; filterPrefix: string }[]).map(
      ({ lambdaFunctionArn, filterPrefix }) => [filterPrefix, lambdaFunctionArn],
    ),
    [
      ["uploads/", registered("Function", "aggregate-transactions").outputs.arn],
      ["reprocess/", registered("Function", "reprocess-transactions").outputs.arn],
    ],
  );
  const { arn } = registered("Bucket", "feeds").outputs;
  const elsewhere = statementsOf(registered("BucketPolicy", "feeds")).find(({ NotResource }) => NotResource);
  assert.partialDeepStrictEqual(elsewhere, { Effect: "Deny", Action: "s3:PutObject" });
  assert.deepEqual(elsewhere?.NotResource, [`${arn}/uploads/*`, `${arn}/reprocess/*`]);
});

test("each stage logs in to the database as the role that its work needs, and knows no password", () => {
  const roles = {
    "aggregate-transactions": "transactions_ingest",
    "reprocess-transactions": "transactions_ingest",
    "list-transactions": "transactions_api",
    "summarize-transactions": "transactions_api",
    "show-upload": "transactions_api",
    "run-query": "transactions_query",
  };
  for (const [stage, role] of Object.entries(roles)) {
    const [connects, ...more] = allowed(stage).filter((each) => each.startsWith("rds-db:connect"));
    assert.match(connects ?? "", new RegExp(`:dbuser:[^/*]+/${role}$`), stage);
    assert.deepEqual(more, []);
    assert.deepEqual(
      allowed(stage).filter((each) => each.startsWith("secretsmanager:")),
      [],
    );
  }
});

test("the stage that asks the model stands outside of the network, and only it may run queries", () => {
  assert.equal(registered("Function", "ask-transactions").inputs.vpcConfig, undefined);
  assert.notEqual(registered("Function", "run-query").inputs.vpcConfig, undefined);
  const { arn } = registered("Function", "run-query").outputs;
  const invokers = program.resources
    .filter(({ type, inputs }) => type.endsWith(":RolePolicy") && String(inputs.policy).includes(String(arn)))
    .map(({ name }) => name);
  assert.deepEqual(invokers, ["ask-transactions"]);
});

test("whoever is set hears what came of feeds, and as many feeds as are set are taken at once", () => {
  const { inputs } = registered("TopicSubscription", "feed-notifications-mail");
  assert.partialDeepStrictEqual(inputs, { protocol: "email", endpoint: "feeds@example.com" });
  assert.equal(registered("Function", "aggregate-transactions").inputs.reservedConcurrentExecutions, 3);
});
