import assert from "node:assert/strict";
import { test } from "node:test";
import { namedPictureOf } from "./named-picture";

/** Of the collections' own documentation. */
const sample = {
  item_id: "item456",
  user_id: "user123",
  bucket: "test-bucket",
  original_key: "user123/item456.jpg",
};

test("namedPictureOf() takes the documented sample event, which names no thumbnail and no version", () => {
  assert.deepEqual(namedPictureOf({ detail: sample }, "test-bucket"), {
    ...sample,
    thumbnail_key: "user123/thumbnails/item456.jpg",
  });
});

test("namedPictureOf() takes what process-image and analyze-again publish", () => {
  const detail = { ...sample, thumbnail_key: "user123/thumbnails/item456.jpg", version_id: "v1", request_id: "r1" };
  assert.deepEqual(namedPictureOf({ id: "1", source: "collections.imageprocessor", detail }, "test-bucket"), {
    ...detail,
  });
});

test("namedPictureOf() gives up on an event that lacks something, or leads to what is another's", () => {
  for (const [what, detail] of [
    ["nothing", undefined],
    ["no item", { ...sample, item_id: undefined }],
    ["another item", { ...sample, item_id: "item457" }],
    ["another user", { ...sample, user_id: "user124" }],
    ["another bucket", { ...sample, bucket: "other" }],
    ["no picture", { ...sample, original_key: "user123/item456.txt" }],
    ["a way up", { ...sample, user_id: "..", original_key: "../item456.jpg" }],
    ["another thumbnail", { ...sample, thumbnail_key: "user124/thumbnails/item456.jpg" }],
    ["an empty version", { ...sample, version_id: "" }],
  ] as const) {
    assert.throws(() => namedPictureOf({ detail }, "test-bucket"), { name: "Final", code: "NoImageEvent" }, what);
  }
});
