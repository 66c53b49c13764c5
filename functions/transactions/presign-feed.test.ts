// A request in, a form out: S3 is not asked.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { before, test } from "node:test";
import type { Handler } from "../../stage/answer";
import { credentials } from "../aws-fixture";
import { curlOf } from "../curl";
import { ask } from "../request-fixture";
import { factory } from "./presign-feed";

let handler: Handler;

before(() => {
  Object.assign(process.env, credentials, { FEEDS_BUCKET: "feeds" });
  handler = factory();
});

const json = (body: unknown, sellers = ["acme"]) =>
  ask(handler, { sellers, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

interface Form {
  readonly url: string;
  readonly uploadId: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly expiresAt: string;
  readonly maxBytes: number;
  readonly curl: string;
}

const policyOf = ({ fields }: Form) =>
  JSON.parse(Buffer.from(fields.Policy ?? "", "base64").toString()) as { expiration: string; conditions: unknown[] };

test("presign-feed gives a form for one key, one type, and up to 1 GiB", async () => {
  const { status, body } = await json({ file: "big.csv.gz", contentType: "application/gzip" });
  assert.equal(status, 201);
  const form = body as unknown as Form;
  const key = `uploads/acme/${form.uploadId}/big.csv.gz`;
  assert.equal(form.fields.key, key);
  assert.equal(form.fields["Content-Type"], "application/gzip");
  assert.equal(form.maxBytes, 1_073_741_824);
  const { conditions, expiration } = policyOf(form);
  const has = (condition: unknown) => conditions.some((it) => JSON.stringify(it) === JSON.stringify(condition));
  assert.ok(has({ key }));
  assert.ok(has({ bucket: "feeds" }));
  assert.ok(has({ "Content-Type": "application/gzip" }));
  assert.ok(has(["content-length-range", 1, 1_073_741_824]));
  assert.ok(!JSON.stringify(conditions).includes("starts-with"));
  const seconds = (Date.parse(expiration) - Date.now()) / 1_000;
  assert.ok(seconds > 840 && seconds <= 900, `${seconds}`);
  assert.ok(Math.abs(Date.parse(form.expiresAt) - Date.parse(expiration)) < 5_000);
});

test("presign-feed gives a form for just as many bytes as are announced", async () => {
  const { body } = await json({ file: "a.csv", size: 12 });
  const form = body as unknown as Form;
  assert.ok(policyOf(form).conditions.some((it) => JSON.stringify(it) === '["content-length-range",12,12]'));
  assert.equal(form.maxBytes, 12);
});

test("presign-feed refuses what no form is made for", async () => {
  for (const bad of [
    {},
    [],
    { file: "../a" },
    { file: "a.csv", size: 0 },
    { file: "a.csv", size: 1.5 },
    { file: "a.csv", size: 1_073_741_825 },
    { file: "a.csv", size: "12" },
    { file: "a.csv", contentType: "text/html" },
    { file: "a.csv", key: "uploads/berg/x" },
    { file: "\u0024{filename}" },
  ])
    assert.equal((await json(bad)).body.code, "BadRequest", JSON.stringify(bad));
  assert.equal((await json({ file: "a.csv", seller: "berg" })).body.code, "NotYourSeller");
  assert.equal((await json({ file: "a.csv" }, ["acme", "berg"])).body.code, "BadRequest");
});

test("curlOf() gives each value as it is through a shell", () => {
  const fields = { key: "it's $HOME `id`", policy: "@/etc/passwd;type=x" };
  const said = execFileSync("sh", ["-c", `printf '%s\\n' ${curlOf("https://s3/?a&b", fields, "a b (1).csv")}`]);
  assert.deepEqual(said.toString().trimEnd().split("\n"), [
    "curl",
    "--fail-with-body",
    "--form-string",
    "key=it's $HOME `id`",
    "--form-string",
    "policy=@/etc/passwd;type=x",
    "--form",
    "file=@a b (1).csv",
    "https://s3/?a&b",
  ]);
});
