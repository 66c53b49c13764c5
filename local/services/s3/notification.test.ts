import assert from "node:assert/strict";
import { test } from "node:test";
import { formEncoded, notificationEvent, type ObjectEvent } from "./notification";

const event: ObjectEvent = {
  bucket: "bucket",
  eventName: "ObjectCreated:Put",
  key: "raw/dt=2026-01-01/red flower+%~(1)*.jpg",
  size: 5,
  eTag: "5d41402abc4b2a76b9719d911017c592",
  sequencer: "00062BD7A0E0C000",
  time: "2026-01-01T00:00:00.000Z",
  principal: "operator",
};
const configuration = { region: "eu-central-1", configurationId: "raw", bucketArn: "arn:aws:s3:::bucket" };

test("a notification is what S3 sends, its key encoded as in a form", () => {
  const [record] = notificationEvent(event, configuration).Records;
  assert.ok(record);
  assert.deepEqual(record.s3, {
    s3SchemaVersion: "1.0",
    configurationId: "raw",
    bucket: { name: "bucket", ownerIdentity: { principalId: "000000000000" }, arn: "arn:aws:s3:::bucket" },
    object: {
      key: "raw/dt%3D2026-01-01/red+flower%2B%25%7E%281%29*.jpg",
      size: 5,
      eTag: "5d41402abc4b2a76b9719d911017c592",
      sequencer: "00062BD7A0E0C000",
    },
  });
  const { eventVersion, eventSource, awsRegion, eventTime, eventName } = record;
  assert.deepEqual(
    [eventVersion, eventSource, awsRegion, eventTime, eventName],
    ["2.1", "aws:s3", "eu-central-1", "2026-01-01T00:00:00.000Z", "ObjectCreated:Put"],
  );
});

test("formEncoded() is undone by reading it as a form", () => {
  for (const key of ["a b+c", "ü/日本/🎉", "100%/%20", "a&b=c;d", "line\nbreak"])
    assert.equal(decodeURIComponent(formEncoded(key).replaceAll("+", " ")), key);
});
