// object-created: what a stage with objectBatches() is handed - SQS messages, in each an event of S3 by way of EventBridge.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html. The key is as it is: unlike S3's own notifications
// EventBridge does not encode it.

import type { SQSEvent } from "aws-lambda";
import { literal, minLength, minValue, number, object, pipe, safeParse, string } from "valibot";

/** A new object, with the message that told of it. */
export interface CreatedObject {
  readonly messageId: string;
  readonly bucket: string;
  readonly key: string;
  readonly version: string;
  /** In bytes. */
  readonly size: number;
  /** Hex; of two events of one key the later one has the greater, once the shorter is filled up with zeros on the right. */
  readonly sequencer: string;
}

export interface CreatedObjects {
  readonly objects: readonly CreatedObject[];
  /** The messages that are no such event. To be reported as failed: five times, and they wait in the dead-letter queue. */
  readonly unreadable: readonly string[];
}

export function objectsOf({ Records }: SQSEvent): CreatedObjects {
  const text = pipe(string(), minLength(1));
  const schema = object({
    source: literal("aws.s3"),
    "detail-type": literal("Object Created"),
    detail: object({
      bucket: object({ name: text }),
      // Every bucket of the program is versioned.
      object: object({ key: text, "version-id": text, sequencer: text, size: pipe(number(), minValue(0)) }),
    }),
  });
  const objects: CreatedObject[] = [];
  const unreadable: string[] = [];
  for (const { messageId, body } of Records) {
    const { success, output } = safeParse(schema, jsonOf(body));
    if (success) {
      const { key, "version-id": version, sequencer, size } = output.detail.object;
      objects.push({ messageId, bucket: output.detail.bucket.name, key, version, sequencer, size });
    } else unreadable.push(messageId);
  }
  return { objects, unreadable };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
