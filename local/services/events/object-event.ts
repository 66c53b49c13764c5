// object-event: what S3 tells EventBridge about an object, in the shape that it has there and nowhere else.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html. Unlike in a notification the key is as it is.

import { requestIds } from "../s3/errors";
import type { ObjectEvent } from "../s3/notification";
import { type BusEvent, busEvent } from "./bus-event";

export interface Owner {
  readonly account: string;
  readonly region: string;
}

const reasons: Readonly<Record<ObjectEvent["eventName"], string>> = {
  "ObjectCreated:Put": "PutObject",
  "ObjectCreated:Post": "POST Object",
  "ObjectCreated:Copy": "CopyObject",
  "ObjectCreated:CompleteMultipartUpload": "CompleteMultipartUpload",
  "ObjectRemoved:Delete": "DeleteObject",
  "ObjectRemoved:DeleteMarkerCreated": "DeleteObject",
};

export function objectEvent(event: ObjectEvent, { account, region }: Owner): BusEvent {
  const { bucket, eventName, key, size, versionId, sequencer, time } = event;
  const created = eventName.startsWith("ObjectCreated:");
  const object = { key, size, etag: event.eTag ?? emptyEtag(eventName), "version-id": versionId, sequencer };
  return busEvent({
    source: "aws.s3",
    detailType: created ? "Object Created" : "Object Deleted",
    account,
    region,
    resources: [`arn:aws:s3:::${bucket}`],
    time: new Date(time),
    detail: {
      version: "0",
      bucket: { name: bucket },
      object: Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)),
      "request-id": requestIds()["x-amz-request-id"],
      requester: account,
      "source-ip-address": "127.0.0.1",
      reason: reasons[eventName],
      ...(created ? {} : { "deletion-type": deletionType(eventName) }),
    },
  });
}

const deletionType = (eventName: ObjectEvent["eventName"]): string =>
  eventName === "ObjectRemoved:Delete" ? "Permanently Deleted" : "Delete Marker Created";

/** A delete marker has the ETag of nothing. */
const emptyEtag = (eventName: ObjectEvent["eventName"]): string | undefined =>
  eventName === "ObjectRemoved:DeleteMarkerCreated" ? "d41d8cd98f00b204e9800998ecf8427e" : undefined;
