import assert from "node:assert/strict";
import { test } from "node:test";
import type { SQSEvent } from "aws-lambda";
import { objectsOf } from "./object-created";

/** As in https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html. */
const event = {
  version: "0",
  id: "17793124-05d4-b198-2fde-7ededc63b103",
  "detail-type": "Object Created",
  source: "aws.s3",
  account: "111122223333",
  time: "2021-11-12T00:00:00Z",
  region: "ca-central-1",
  resources: ["arn:aws:s3:::lake"],
  detail: {
    version: "0",
    bucket: { name: "lake" },
    object: {
      key: "curated/orders/dt=2026-01-01/a b+ü%.parquet",
      size: 5,
      etag: "b1946ac92492d2347c6235b4d2611184",
      "version-id": "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e",
      sequencer: "617f08299329d189",
    },
    "request-id": "N4N7GDK58NMKJ12R",
    requester: "123456789012",
    "source-ip-address": "1.2.3.4",
    reason: "PutObject",
  },
};

const messages = (...bodies: string[]): SQSEvent =>
  ({ Records: bodies.map((body, index) => ({ messageId: `m${index}`, body })) }) as SQSEvent;

test("an event gives the object with its key as it is", () => {
  assert.deepEqual(objectsOf(messages(JSON.stringify(event))), {
    objects: [
      {
        messageId: "m0",
        bucket: "lake",
        key: "curated/orders/dt=2026-01-01/a b+ü%.parquet",
        version: "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e",
        size: 5,
        sequencer: "617f08299329d189",
      },
    ],
    unreadable: [],
  });
});

const { object } = event.detail;
const bad: Readonly<Record<string, string>> = {
  "no JSON": "{",
  nothing: "",
  "JSON that is no object": "null",
  "S3's own test event": '{"Service":"Amazon S3","Event":"s3:TestEvent"}',
  "an event of another source": JSON.stringify({ ...event, source: "shop" }),
  "the end of an object": JSON.stringify({ ...event, "detail-type": "Object Deleted" }),
  "an object without a key": JSON.stringify({ ...event, detail: { ...event.detail, object: { ...object, key: "" } } }),
  "an object of a bucket that is not versioned": JSON.stringify({
    ...event,
    detail: { ...event.detail, object: { ...object, "version-id": undefined } },
  }),
};
for (const [what, body] of Object.entries(bad)) {
  test(`${what} is unreadable and stops no other message`, () => {
    const { objects, unreadable } = objectsOf(messages(JSON.stringify(event), body, JSON.stringify(event)));
    assert.deepEqual(unreadable, ["m1"]);
    assert.deepEqual(
      objects.map(({ messageId }) => messageId),
      ["m0", "m2"],
    );
  });
}
