import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { handClock } from "../../clock";
import { type Harness, serve } from "./harness";

const Bucket = "bucket";
const Key = "folder/key";

test(
  "a versioned bucket keeps every version until it is deleted by its id",
  versioned(async (harness, { put, get, remove }) => {
    const [one, two] = [await put("1"), await put("2")];
    assert.deepEqual([await get(), await get(one), await get(two)], ["2", "1", "2"]);
    assert.equal(readFileSync(harness.s3.pathOf(Bucket, Key) ?? "", "utf8"), "2");
    await remove(two);
    assert.equal(await get(), "1");
    assert.equal(readFileSync(harness.s3.pathOf(Bucket, Key) ?? "", "utf8"), "1");
    await remove(one);
    await assert.rejects(get(), { name: "NoSuchKey" });
    await assert.rejects(get(one), { name: "NoSuchVersion" });
    await assert.rejects(get("nonsense"), { name: "InvalidArgument" });
    assert.deepEqual(readdirSync(join(harness.directory, Bucket)), []);
    assert.deepEqual(readdirSync(join(harness.directory, ".store", "blobs")), []);
  }),
);

test(
  "a delete marker hides an object, and its removal brings it back",
  versioned(async (harness, { put, get, remove }) => {
    const one = await put("1");
    const deleted = await remove();
    assert.equal(deleted.DeleteMarker, true);
    assert.equal(harness.s3.pathOf(Bucket, Key), undefined);
    await assert.rejects(get(), { name: "NoSuchKey" });
    await assert.rejects(get(deleted.VersionId), { name: "MethodNotAllowed" });
    assert.equal(await get(one), "1");
    const undone = await remove(deleted.VersionId);
    assert.deepEqual([undone.DeleteMarker, undone.VersionId], [true, deleted.VersionId]);
    assert.equal(await get(), "1");
    assert.equal(readFileSync(harness.s3.pathOf(Bucket, Key) ?? "", "utf8"), "1");
    await harness.client().send(new HeadObjectCommand({ Bucket, Key, VersionId: one }));
  }),
);

test(
  "a bucket whose versioning is suspended overwrites only what has no version id",
  versioned(async (harness, { put, get, remove }) => {
    const one = await put("1");
    harness.s3.createBucket(Bucket, { versioned: false });
    assert.equal(await put("2"), "null");
    assert.equal(await put("3"), "null");
    assert.deepEqual([await get(), await get(one), await get("null")], ["3", "1", "3"]);
    assert.deepEqual(await remove().then(({ DeleteMarker, VersionId }) => [DeleteMarker, VersionId]), [true, "null"]);
    await assert.rejects(get(), { name: "NoSuchKey" });
    assert.equal(await get(one), "1");
    assert.equal(readdirSync(join(harness.directory, ".store", "blobs")).length, 1);
  }),
);

test(
  "every creation and removal is told once, and the removal of nothing is not",
  versioned(async (harness, { put, remove }) => {
    const one = await put("1");
    const marker = await remove();
    await remove(one);
    harness.s3.createBucket("plain", { versioned: false });
    await harness.client().send(new PutObjectCommand({ Bucket: "plain", Key, Body: "1" }));
    await harness.client().send(new DeleteObjectCommand({ Bucket: "plain", Key }));
    await harness.client().send(new DeleteObjectCommand({ Bucket: "plain", Key }));
    assert.deepEqual(
      harness.events.map(({ bucket, eventName, versionId, size, principal }) => [
        bucket,
        eventName,
        versionId,
        size,
        principal,
      ]),
      [
        [Bucket, "ObjectCreated:Put", one, 1, "operator"],
        [Bucket, "ObjectRemoved:DeleteMarkerCreated", marker.VersionId, undefined, "operator"],
        [Bucket, "ObjectRemoved:Delete", one, undefined, "operator"],
        ["plain", "ObjectCreated:Put", undefined, 1, "operator"],
        ["plain", "ObjectRemoved:Delete", undefined, undefined, "operator"],
      ],
    );
    const sequencers = harness.events.map(({ sequencer }) => sequencer);
    assert.deepEqual(sequencers, [...new Set(sequencers)].sort());
  }),
);

test(
  "a deletion with If-Match deletes just the object that its caller has seen",
  versioned(async (harness, { put, get }) => {
    await put("1");
    const remove = (IfMatch: string) => harness.client().send(new DeleteObjectCommand({ Bucket, Key, IfMatch }));
    await assert.rejects(remove('"other"'), { name: "PreconditionFailed" });
    assert.equal(await get(), "1");
    await remove('"c4ca4238a0b923820dcc509a6f75849b"');
    await assert.rejects(get(), { name: "NoSuchKey" });
  }),
);

test("sequencers rise although the clock stands still or is set back", async (t) => {
  const start = Date.now();
  const clock = { ...handClock(), now: () => start };
  const harness = await serve(t, { clock });
  harness.s3.createBucket(Bucket, { versioned: true });
  for (const back of [0, 0, 0, 60_000, 120_000]) {
    clock.now = () => start - back;
    await harness.client().send(new PutObjectCommand({ Bucket, Key, Body: "" }));
  }
  const sequencers = harness.events.map(({ sequencer }) => sequencer);
  assert.equal(sequencers.length, 5);
  assert.deepEqual(sequencers, [...new Set(sequencers)].sort());
});

interface Calls {
  put(body: string): Promise<string | undefined>;
  get(versionId?: string): Promise<string | undefined>;
  remove(versionId?: string): Promise<{ DeleteMarker?: boolean | undefined; VersionId?: string | undefined }>;
}

function versioned(use: (harness: Harness, calls: Calls) => Promise<void>) {
  return async (t: TestContext) => {
    const harness = await serve(t);
    harness.s3.createBucket(Bucket, { versioned: true });
    const client = harness.client();
    await use(harness, {
      put: async (Body) => (await client.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId,
      get: async (VersionId) =>
        (await client.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body?.transformToString(),
      remove: (VersionId) => client.send(new DeleteObjectCommand({ Bucket, Key, VersionId })),
    });
  };
}
