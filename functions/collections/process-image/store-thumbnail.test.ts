import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { S3Client } from "@aws-sdk/client-s3";
import { type Answered, type Sent, s3Error, standIn } from "../../aws-fixture";
import { hasThumbnail, storeThumbnail } from "./store-thumbnail";

let aws: Awaited<ReturnType<typeof standIn>>;
let s3: S3Client;
/** What S3 says to one request after another: `METHOD key`, and the answer. */
let script: (readonly [string, Answered])[];

before(async () => {
  aws = await standIn(({ method, path }: Sent) => {
    const [expected, answer] = script.shift() ?? ["nothing more", s3Error(500, "Unexpected")];
    assert.equal(`${method} ${path.replace("/images/", "")}`, expected);
    return answer;
  });
  s3 = new S3Client({ forcePathStyle: true, maxAttempts: 1 });
});
after(async () => {
  s3.destroy();
  await aws.end();
});
beforeEach(() => {
  script = [];
  aws.seen.length = 0;
});

const picture = { bucket: "images", key: "u/a.png", version: "v1", thumbnailKey: "u/thumbnails/a.png" };
const made = {
  bytes: Buffer.from("small"),
  mime: "image/png" as const,
  width: 8,
  height: 6,
  source: { mime: "image/png" as const, width: 80, height: 60 },
};
const store = () => storeThumbnail(s3, picture, made);

const missing: Answered = { status: 404 };
const ok: Answered = { status: 200, headers: { etag: '"new"' } };
const at = (version: string): Answered => ({ status: 200, headers: { "x-amz-version-id": version } });
const thumbnail = (etag: string, of: string): Answered => ({
  status: 200,
  headers: { etag, "x-amz-meta-source-version": of },
});
const head = "HEAD u/a.png";
const headThumbnail = "HEAD u/thumbnails/a.png";
const put = "PUT u/thumbnails/a.png";

test("a thumbnail is written only where there is none, or over the one that was looked at", async () => {
  script = [
    [headThumbnail, missing],
    [head, at("v1")],
    [put, ok],
    [head, at("v1")],
  ];
  assert.equal(await store(), "stored");
  assert.equal(aws.seen[2]?.headers["if-none-match"], "*");
  assert.equal(aws.seen[2]?.headers["x-amz-meta-source-version"], "v1");
  script = [
    [headThumbnail, thumbnail('"old"', "v0")],
    [head, at("v1")],
    [put, s3Error(412, "PreconditionFailed")],
    [headThumbnail, thumbnail('"other"', "v0")],
    [head, at("v1")],
    [put, ok],
    [head, at("v1")],
  ];
  aws.seen.length = 0;
  assert.equal(await store(), "stored");
  assert.deepEqual([aws.seen[2]?.headers["if-match"], aws.seen[5]?.headers["if-match"]], ['"old"', '"other"']);
});

test("for a picture that was replaced or deleted nothing is written", async () => {
  script = [
    [headThumbnail, missing],
    [head, at("v2")],
  ];
  assert.equal(await store(), "superseded");
  script = [
    [headThumbnail, missing],
    [head, missing],
  ];
  assert.equal(await store(), "gone");
});

test("what was written behind a newer one is told: the same bytes have the same ETag", async () => {
  script = [
    [headThumbnail, thumbnail('"same"', "v0")],
    [head, at("v1")],
    [put, ok],
    [head, at("v2")],
  ];
  assert.equal(await store(), "overtaken");
});

test("a thumbnail whose picture was deleted meanwhile goes, and one that came since is made anew", async () => {
  const deleted: typeof script = [
    [headThumbnail, missing],
    [head, at("v1")],
    [put, ok],
    [head, missing],
    ["DELETE u/thumbnails/a.png", { status: 204 }],
  ];
  script = [...deleted, [head, missing]];
  assert.equal(await store(), "gone");
  script = [...deleted, [head, at("v2")]];
  assert.equal(await store(), "overtaken");
});

test("whether there is a thumbnail of this version is what it says of itself", async () => {
  for (const [answer, has] of [
    [thumbnail('"e"', "v1"), true],
    [thumbnail('"e"', "v0"), false],
    [missing, false],
  ] as const) {
    script = [[headThumbnail, answer]];
    assert.equal(await hasThumbnail(s3, picture), has);
  }
});
