// The lake on the embedded AWS, less one permission: the stage is refused in AWS's words, and its events wait for the mending.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { Evaluation } from "../stage/evaluation/evaluate";
import {
  accounting,
  changed,
  curation,
  type DeadLetter,
  deadLetters,
  evaluated,
  openLake,
  order,
  parquet,
  payment,
  type RawFile,
  rowsOf,
} from "./lake-fixture";
import { temporaryDirectory } from "./temporary-directory";

let program: Evaluation;
let files: readonly RawFile[];
before(async () => {
  program = curation(await evaluated("dev"));
  // The second file meets the partition that the first one made; both have a row for quarantine.
  files = await Promise.all(
    [1, 2].map(async (id) => {
      const rows = [payment({ payment_id: id }), payment({ payment_id: 10 + id, currency: "?" })];
      return { key: `raw/payments/${id}.parquet`, body: await parquet(rowsOf("payments", rows)) };
    }),
  );
});

/** A permission of the stage, the operation that fails without it, and which file is the first that needs it. */
const permissions: readonly (readonly [action: string, on: string, operation: string, first: 0 | 1])[] = [
  ["s3:GetObjectVersion", "raw-", "GetObject", 0],
  ["s3:ListBucket", "curated-", "ListObjectsV2", 0],
  ["s3:GetObject", "curated-", "GetObject", 1],
  ["s3:PutObject", "curated-", "PutObject", 0],
  ["s3:PutObject", "quarantine-", "PutObject", 0],
  ["secretsmanager:GetSecretValue", "card-token-key-", "GetSecretValue", 0],
  ["dynamodb:PutItem", "audit-", "PutItem", 0],
];

for (const [action, on, operation, first] of permissions) {
  test(`without ${action} on ${on}* an event fails three times and waits as a dead letter`, async (t) => {
    const refusing = await openLake(t, without(program, action, on));

    await refusing.take(files.slice(0, first + 1), { oneByOne: true });

    const refused = refusing.done(operation).filter(({ outcome }) => outcome.startsWith("AccessDenied"));
    assert.equal(refused.length, 3);
    const words = new RegExp(
      `assumed-role/raw-to-curated-\\w+/.+ is not authorized to perform: ${action} on resource: ".*${on}`,
    );
    for (const { detail } of refused) assert.match(String(detail?.message), words);
    const failures = refusing.cloud.journal.entries.filter((it) => it.operation === "Invoke" && it.outcome !== "ok");
    assert.deepEqual(
      failures.map(({ detail }) => detail?.attempt),
      [1, 2, 3],
    );
    const letters = deadLetters(refusing);
    assert.deepEqual(
      letters.map(({ requestPayload: { Records }, requestContext }) => [
        Records[0]?.s3.bucket.name,
        Records[0]?.s3.object.key,
        requestContext.condition,
        requestContext.approximateInvokeCount,
      ]),
      [[refusing.buckets.raw, files[first]?.key, "RetriesExhausted", 3]],
    );
    for (const { responsePayload } of letters) assert.match(responsePayload.errorMessage, words);
  });
}

test("with the permission back, the event in a dead letter is all that it takes", async (t) => {
  const directory = temporaryDirectory();
  const refusing = await openLake(t, without(program, "s3:PutObject", "curated-"), { directory });
  await refusing.take(files);
  assert.deepEqual(await refusing.curated("payments"), []);
  await refusing.end();

  const lake = await openLake(t, program, { directory });
  const letters = deadLetters(lake);
  assert.equal(letters.length, files.length);
  for (const { requestPayload } of letters) {
    const { functionError } = await lake.cloud.lambda.invoke(lake.stage, requestPayload, { source: "operator" });
    assert.equal(functionError, undefined);
  }

  assert.deepEqual(
    (await lake.curated("payments")).map(({ payment_id }) => payment_id),
    ["1", "2"],
  );
  assert.deepEqual((await lake.audits()).map(accounting), ["2 = 1 + 0 + 1", "2 = 1 + 0 + 1"]);
});

test("a dead letter that may not be sent is kept in the journal, whole", async (t) => {
  const lake = await openLake(t, without(without(program, "sqs:SendMessage", ""), "dynamodb:PutItem", ""));

  await lake.take(files.slice(0, 1));

  assert.deepEqual(deadLetters(lake), []);
  const [failure] = lake.cloud.journal.entries.filter(({ operation }) => operation === "Destination");
  assert.equal(failure?.outcome, "DestinationDeliveryFailures");
  assert.match(String(failure?.detail?.cause), /not authorized to perform: sqs:SendMessage/);
  const record = failure?.detail?.record as DeadLetter | undefined;
  assert.equal(record?.requestPayload.Records[0]?.s3.object.key, files[0]?.key);
});

test("a stage that may not write its log works, and the journal says why it is silent", async (t) => {
  const lake = await openLake(t, without(program, "logs:PutLogEvents", ""));

  await lake.take([{ key: "raw/orders/a.parquet", body: await parquet(rowsOf("orders", [order({})])) }]);

  assert.equal((await lake.curated("orders")).length, 1);
  const [refused] = lake.cloud.journal.entries.filter(({ operation }) => operation === "PutLogEvents");
  assert.equal(refused?.outcome, "AccessDeniedException");
  assert.deepEqual(lake.cloud.logs.tail("/tributary/dev/raw-to-curated", 9), []);
});

/** The program, less the one statement that allows raw-to-curated `action` on a resource whose name begins so. */
const without = (from: Evaluation, action: string, on: string): Evaluation =>
  changed(from, "aws:iam/rolePolicy:RolePolicy", ({ role, policy }) => {
    if (!String(role).startsWith("raw-to-curated")) return {};
    const { Statement, ...rest } = JSON.parse(String(policy)) as {
      Statement: { Action: string[]; Resource: string }[];
    };
    const names = (arn: string) => new RegExp(`[:/]${on}`).test(arn);
    const left = Statement.filter(({ Action, Resource }) => !(Action.includes(action) && names(Resource)));
    assert.equal(left.length, Statement.length - 1, `one statement allows ${action} on ${on}*`);
    return { policy: JSON.stringify({ ...rest, Statement: left }) };
  });
