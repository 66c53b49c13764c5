import assert from "node:assert/strict";
import { test } from "node:test";
import { newUploadId, repeatedUploadId } from "./upload-id";

const uuid = (version: number) =>
  new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-${version}[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`);

test("newUploadId() gives UUIDs of version 7, whose order is that of time", () => {
  // RFC 9562, appendix A.6: 2022-02-22T19:22:22Z is 017f22e2-79b0.
  assert.match(newUploadId(Date.parse("2022-02-22T19:22:22Z")), /^017f22e2-79b0-7/);
  const times = [0, 1, 255, 256, 1_700_000_000_000, 1_700_000_000_001, 4_102_444_800_000];
  const ids = times.map((time) => newUploadId(time));
  for (const id of ids) assert.match(id, uuid(7));
  assert.deepEqual([...ids].sort(), ids);
  assert.notEqual(newUploadId(), newUploadId());
});

test("repeatedUploadId() gives the same for the same seller, key and file, and for no others", () => {
  const id = repeatedUploadId("acme", "k1", "a.csv");
  assert.match(id, uuid(8));
  assert.equal(repeatedUploadId("acme", "k1", "a.csv"), id);
  const others = [
    repeatedUploadId("berg", "k1", "a.csv"),
    repeatedUploadId("acme", "k2", "a.csv"),
    repeatedUploadId("acme", "k1", "b.csv"),
    repeatedUploadId("acme", "k1a", ".csv"),
  ];
  assert.equal(new Set([id, ...others]).size, 5);
});
