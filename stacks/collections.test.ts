import assert from "node:assert/strict";
import { before, test } from "node:test";
import { type Evaluation, evaluate, type Registered } from "../stage/evaluation/evaluate";

let program: Evaluation;

before(async () => {
  program = await evaluate({ stack: "dev", program: async () => require("../index"), packages: "kept" });
});

function registered(type: string, name: string): Registered {
  const found = program.resources.find((each) => each.type.endsWith(`:${type}`) && each.name === name);
  assert.ok(found, `${type} ${name} is not registered`);
  return found;
}

const patternOf = (stage: string): unknown => JSON.parse(String(registered("EventRule", stage).inputs.eventPattern));

const variablesOf = (stage: string) =>
  (registered("Function", stage).inputs.environment as { variables: Record<string, string> }).variables;

/** What a stage may do, beside what every stage may. */
function allowed(stage: string): string[] {
  const { Statement } = JSON.parse(String(registered("RolePolicy", stage).inputs.policy)) as {
    Statement: { Action: string[]; Resource: string }[];
  };
  return Statement.flatMap(({ Action, Resource }) => Action.map((action) => `${action} ${Resource}`)).filter(
    (each) => !/^(?:logs|xray|ec2|sqs):/.test(each),
  );
}

test("pictures wake process-image and no thumbnail does; the other stages are woken by what the one before says", () => {
  const bucket = registered("Bucket", "collections-images").outputs.bucket;
  assert.deepEqual(patternOf("process-image"), {
    source: ["aws.s3"],
    "detail-type": ["Object Created"],
    detail: { bucket: { name: [bucket] }, object: { key: [{ "anything-but": { wildcard: ["*/thumbnails/*"] } }] } },
  });
  assert.deepEqual(patternOf("analyze-image"), {
    source: ["collections.imageprocessor"],
    "detail-type": ["ImageProcessed"],
  });
  assert.deepEqual(patternOf("embed-analysis"), {
    source: ["collections.analyzer"],
    "detail-type": ["AnalysisComplete"],
  });
});

test("memory, time and settings are those of the collections that were there before", () => {
  for (const [stage, memory, timeout, names] of [
    ["process-image", 1_024, 60, ["BUCKET_NAME", "EVENT_BUS_NAME"]],
    ["analyze-image", 1_024, 300, ["BUCKET_NAME", "EVENT_BUS_NAME"]],
    ["embed-analysis", 512, 60, ["VOYAGE_EMBEDDING_MODEL"]],
    ["item-records", 512, 60, ["DATABASE_HOST", "DATABASE_PORT", "DATABASE_NAME"]],
  ] as const) {
    const { inputs } = registered("Function", stage);
    assert.deepEqual([inputs.memorySize, inputs.timeout], [memory, timeout], stage);
    for (const name of names) assert.ok(variablesOf(stage)[name], `${stage} ${name}`);
  }
  for (const name of ["ANTHROPIC_API_KEY", "VOYAGE_API_KEY"]) {
    const key = program.resources.find(({ inputs }) => inputs.name === `/collections/${name}`);
    assert.equal(key?.inputs.type, "SecureString", name);
  }
});

test("whoever asks a model stands outside of the network, and reaches the database by one stage inside of it", () => {
  const { arn } = registered("Function", "item-records").outputs;
  for (const stage of ["process-image", "analyze-image", "embed-analysis", "search-items", "analyze-again"]) {
    assert.equal(registered("Function", stage).inputs.vpcConfig, undefined, stage);
    assert.ok(!allowed(stage).some((each) => each.startsWith("rds-db:")), stage);
  }
  for (const stage of ["item-records", "find-items", "list-items", "show-item", "similar-items", "delete-item"]) {
    assert.ok(registered("Function", stage).inputs.vpcConfig, stage);
    const connects = allowed(stage).filter((each) => each.startsWith("rds-db:connect"));
    assert.equal(connects.length, 1, stage);
    assert.match(connects[0] ?? "", stage === "item-records" ? /\/collections_ingest$/ : /\/collections_api$/, stage);
  }
  const invokers = ["analyze-image", "embed-analysis", "analyze-again"];
  for (const stage of invokers) assert.ok(allowed(stage).includes(`lambda:InvokeFunction ${arn}`), stage);
  assert.deepEqual(
    allowed("search-items").filter((each) => each.startsWith("lambda:")),
    [`lambda:InvokeFunction ${registered("Function", "find-items").outputs.arn}`],
  );
});

test("no stage of the pipeline writes where it need not, or speaks in another one's name", () => {
  const { arn } = registered("Bucket", "collections-images").outputs;
  const writes = (stage: string) => allowed(stage).filter((each) => /s3:(?:Put|Delete)/.test(each));
  assert.deepEqual(writes("process-image"), [
    `s3:PutObject ${arn}/*/thumbnails/*`,
    `s3:DeleteObject ${arn}/*/thumbnails/*`,
  ]);
  for (const stage of ["analyze-image", "embed-analysis", "item-records", "search-items", "show-item"]) {
    assert.deepEqual(writes(stage), [], stage);
  }
  const { Statement } = JSON.parse(String(registered("RolePolicy", "process-image").inputs.policy));
  const [publishes] = Statement.filter(({ Action }: { Action: string[] }) => Action.includes("events:PutEvents"));
  assert.deepEqual(publishes.Condition, { StringEquals: { "events:source": "collections.imageprocessor" } });
});
