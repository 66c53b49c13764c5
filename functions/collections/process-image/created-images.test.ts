import assert from "node:assert/strict";
import { test } from "node:test";
import { createdImagesOf } from "./created-images";

const bridged = (object: object, type = "Object Created") => ({
  source: "aws.s3",
  "detail-type": type,
  detail: { bucket: { name: "images" }, object },
});

test("createdImagesOf() reads EventBridge's event, whose key is as it is", () => {
  assert.deepEqual(createdImagesOf(bridged({ key: "u/a+b %20.jpg", "version-id": "v1", size: 5 })), [
    { bucket: "images", key: "u/a+b %20.jpg", version: "v1" },
  ]);
});

test("createdImagesOf() reads S3's own notification, whose key is encoded", () => {
  const record = (key: string, versionId?: string) => ({
    s3: { bucket: { name: "images" }, object: { key, versionId } },
  });
  assert.deepEqual(createdImagesOf({ Records: [record("u/a%2Bb+c.jpg", "v1"), record("u/M%C3%BCller.png")] }), [
    { bucket: "images", key: "u/a+b c.jpg", version: "v1" },
    { bucket: "images", key: "u/Müller.png", version: undefined },
  ]);
});

test("createdImagesOf() reads the sample event of the collections' own documentation", () => {
  const sample = { Records: [{ s3: { bucket: { name: "test-bucket" }, object: { key: "user123/item456.jpg" } } }] };
  assert.deepEqual(createdImagesOf(sample), [
    { bucket: "test-bucket", key: "user123/item456.jpg", version: undefined },
  ]);
});

test("createdImagesOf() gives up on what tells of no new object", () => {
  for (const event of [
    undefined,
    null,
    "text",
    {},
    { Records: {} },
    { Records: [{ s3: {} }] },
    { Records: [{ s3: { bucket: { name: "images" }, object: { key: "u/%E0%A4%A.jpg" } } }] },
    bridged({ key: "" }),
    bridged({ key: "u/a.jpg" }, "Object Deleted"),
    { Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "images" },
  ]) {
    assert.throws(() => createdImagesOf(event), { name: "Final", code: "NoImageEvent" }, JSON.stringify(event));
  }
});
