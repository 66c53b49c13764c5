import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { GetObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import type { Principal } from "../../door/principals";
import { mayOnly, operator, serve } from "./harness";
import { presignedPost } from "./presign";

const Bucket = "bucket";
const uploader = mayOnly("s3:PutObject");
const name = "$" + "{filename}";
const small = ["content-length-range", 1, 10];

test("a form that keeps to its policy uploads its file", async (t) => {
  const { harness, post } = await withForms(t);
  const fields = { "Content-Type": "image/png", "x-amz-meta-a": "1" };
  const answer = await post(
    presignedPost(uploader, { bucket: Bucket, key: "in/ü +%.png", conditions: [small], fields }),
  );
  assert.equal(answer.status, 204);
  const got = await harness.client().send(new GetObjectCommand({ Bucket, Key: "in/ü +%.png" }));
  assert.equal(await got.Body?.transformToString(), "hello");
  assert.deepEqual([got.ContentType, got.Metadata], ["image/png", { a: "1" }]);
  assert.deepEqual(
    harness.events.map(({ eventName, key, size, principal }) => [eventName, key, size, principal]),
    [["ObjectCreated:Post", "in/ü +%.png", 5, "reader"]],
  );
});

test("a form answers as its success fields ask, and puts the file's name in the key", async (t) => {
  const { harness, post } = await withForms(t);
  const created = await post(
    presignedPost(uploader, {
      bucket: Bucket,
      key: `in/${name}`,
      conditions: [],
      fields: { success_action_status: "201" },
    }),
    "hello",
    "C:\\folder\\a b.txt",
  );
  assert.equal(created.status, 201);
  assert.match(await created.text(), /<Key>in\/a b.txt<\/Key>/);
  await harness.client().send(new HeadObjectCommand({ Bucket, Key: "in/a b.txt" }));
  const redirect = { success_action_redirect: "http://127.0.0.1:9/done?x=1" };
  const redirected = await post(
    presignedPost(uploader, { bucket: Bucket, key: "key", conditions: [], fields: redirect }),
  );
  assert.equal(redirected.status, 303);
  assert.match(
    redirected.headers.get("location") ?? "",
    /^http:\/\/127.0.0.1:9\/done\?x=1&bucket=bucket&key=key&etag=/,
  );
});

test("a form that does not keep to its policy is refused and leaves nothing", async (t) => {
  const { harness, post, refused } = await withForms(t);
  const signed = (more: object = {}) =>
    presignedPost(uploader, { bucket: Bucket, key: "in/key", conditions: [small], ...more });
  const open = { key: `in/${name}` };

  assert.equal(await refused(post(signed(), "12345678901")), "EntityTooLarge");
  assert.equal(await refused(post(signed(), "")), "EntityTooSmall");
  assert.equal(
    await refused(post(signed({ expires: Date.now() - 1 }))),
    "AccessDenied: Invalid according to Policy: Policy expired.",
  );
  assert.equal(
    await refused(post({ ...signed(), key: "in/other" })),
    'AccessDenied: Invalid according to Policy: Policy Condition failed: ["eq","$key","in/key"]',
  );
  assert.equal(
    await refused(post({ ...signed(open), key: "out/key" })),
    'AccessDenied: Invalid according to Policy: Policy Condition failed: ["starts-with","$key","in/"]',
  );
  assert.equal(
    await refused(post({ ...signed(), "x-amz-meta-more": "1" })),
    "AccessDenied: Invalid according to Policy: Extra input fields: x-amz-meta-more",
  );
  assert.equal(
    await refused(post({ ...signed(), Policy: signed({ expires: Date.now() + 1e9 }).Policy ?? "" })),
    "SignatureDoesNotMatch",
  );
  assert.equal(
    await refused(post(signed(), "hello", "a", "other")),
    'AccessDenied: Invalid according to Policy: Policy Condition failed: ["eq","$bucket","bucket"]',
  );
  assert.equal(await refused(post({ ...signed(), "X-Amz-Security-Token": "wrong" })), "InvalidToken");
  const { Policy: _, ...unsigned } = signed();
  assert.equal(await refused(post(unsigned)), "AccessDenied: Access Denied");
  const { key: __, ...keyless } = signed();
  assert.match(await refused(post(keyless)), /InvalidArgument/);
  assert.equal(
    await refused(post({ ...signed(), "x-ignore-much": "x".repeat(21_000) })),
    "MaxPostPreDataLengthExceeded",
  );
  assert.equal(await refused(post(signed({ fields: { tagging: "a" } }))), "NotImplemented");
  const stranger = { ...uploader, accessKeyId: "ASIASTRANGER" };
  assert.equal(
    await refused(post(presignedPost(stranger, { bucket: Bucket, key: "k", conditions: [] }))),
    "InvalidAccessKeyId",
  );
  const reader = { ...mayOnly("s3:GetObject"), accessKeyId: "ASIAGET" };
  assert.match(
    await refused(post(presignedPost(reader, { bucket: Bucket, key: "k", conditions: [] }))),
    /^AccessDenied/,
  );

  assert.equal(harness.events.length, 0);
});

test("a form without a file or with no boundary is refused", async (t) => {
  const { harness, refused } = await withForms(t);
  const fields = presignedPost(uploader, { bucket: Bucket, key: "k", conditions: [] });
  assert.equal(
    await refused(fetch(`${harness.url}/${Bucket}`, { method: "POST", body: formOf(fields) })),
    "InvalidArgument",
  );
  const headers = { "content-type": "multipart/form-data" };
  assert.equal(
    await refused(fetch(`${harness.url}/${Bucket}`, { method: "POST", body: "x", headers })),
    "MalformedPOSTRequest",
  );
});

async function withForms(t: TestContext) {
  const get: Principal = { ...mayOnly("s3:GetObject"), accessKeyId: "ASIAGET" };
  const harness = await serve(t, { principals: [operator, uploader, get] });
  harness.s3.createBucket(Bucket, { versioned: false });
  harness.s3.createBucket("other", { versioned: false });
  return {
    harness,
    post(fields: Readonly<Record<string, string>>, content = "hello", filename = "a.txt", bucket = Bucket) {
      const form = formOf(fields);
      form.append("file", new Blob([content]), filename);
      return fetch(`${harness.url}/${bucket}`, { method: "POST", body: form, redirect: "manual" });
    },
    async refused(answer: Promise<Response>) {
      const text = await (await answer).text();
      const [, code, message] = /<Code>(.*?)<\/Code><Message>(.*?)<\/Message>/.exec(text) ?? [];
      return code === "AccessDenied" ? `${code}: ${message?.replaceAll("&#x22;", '"')}` : `${code}`;
    },
  };
}

function formOf(fields: Readonly<Record<string, string>>): FormData {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  return form;
}
