import assert from "node:assert/strict";
import { test } from "node:test";
import { objectsOf } from "../../../schemas/object-created";
import type { ObjectEvent } from "../s3/notification";
import { objectEvent } from "./object-event";

const owner = { account: "123456789012", region: "eu-central-1" };
const put: ObjectEvent = {
  bucket: "lake",
  eventName: "ObjectCreated:Put",
  key: "raw/dt=2026-01-01/red flower+%.jpg",
  size: 5,
  eTag: "5d41402abc4b2a76b9719d911017c592",
  versionId: "version-1",
  sequencer: "00062BD7A0E0C000",
  time: "2026-01-01T00:00:00.123Z",
  principal: "operator",
};

test("an object event is what S3 sends to EventBridge, its key as it is", () => {
  const { id, detail, ...envelope } = objectEvent(put, owner);
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.deepEqual(envelope, {
    version: "0",
    "detail-type": "Object Created",
    source: "aws.s3",
    account: "123456789012",
    time: "2026-01-01T00:00:00Z",
    region: "eu-central-1",
    resources: ["arn:aws:s3:::lake"],
  });
  const { "request-id": requestId, ...told } = detail as Record<string, unknown>;
  assert.match(String(requestId), /^[0-9A-F]{16}$/);
  assert.deepEqual(told, {
    version: "0",
    bucket: { name: "lake" },
    object: {
      key: "raw/dt=2026-01-01/red flower+%.jpg",
      size: 5,
      etag: "5d41402abc4b2a76b9719d911017c592",
      "version-id": "version-1",
      sequencer: "00062BD7A0E0C000",
    },
    requester: "123456789012",
    "source-ip-address": "127.0.0.1",
    reason: "PutObject",
  });
});

const reasons = [
  ["ObjectCreated:Post", "Object Created", "POST Object", undefined],
  ["ObjectCreated:Copy", "Object Created", "CopyObject", undefined],
  ["ObjectCreated:CompleteMultipartUpload", "Object Created", "CompleteMultipartUpload", undefined],
  ["ObjectRemoved:Delete", "Object Deleted", "DeleteObject", "Permanently Deleted"],
  ["ObjectRemoved:DeleteMarkerCreated", "Object Deleted", "DeleteObject", "Delete Marker Created"],
] as const;
for (const [eventName, type, reason, deletion] of reasons) {
  test(`${eventName} is an "${type}" by ${reason}`, () => {
    const { "detail-type": detailType, detail } = objectEvent({ ...put, eventName }, owner);
    const told = detail as Record<string, unknown>;
    assert.deepEqual([detailType, told.reason, told["deletion-type"]], [type, reason, deletion]);
  });
}

test("what a stage reads of an object event is what S3 said", () => {
  const body = JSON.stringify(objectEvent(put, owner));
  const event = { Records: [{ messageId: "m", body }] } as Parameters<typeof objectsOf>[0];
  assert.deepEqual(objectsOf(event).objects, [
    { messageId: "m", bucket: "lake", key: put.key, size: 5, version: "version-1", sequencer: put.sequencer },
  ]);
});
