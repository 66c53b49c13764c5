// sample-event: an event as a stage's own trigger would send it, made from what the program registered.

import type { S3Event } from "aws-lambda";
import type { Registered } from "../evaluation/evaluate";

export function sampleEvent(lambda: Registered, resources: readonly Registered[]): unknown {
  for (const { type, inputs } of resources) {
    if (type !== "aws:s3/bucketNotification:BucketNotification") continue;
    const targets = inputs.lambdaFunctions as readonly Record<string, string>[];
    const target = targets.find(({ lambdaFunctionArn }) => lambdaFunctionArn === lambda.outputs.arn);
    if (target) return s3Event(String(inputs.bucket), `${target.filterPrefix}a b+ü%${target.filterSuffix}`);
  }
  throw new Error(
    `Cannot invoke "${lambda.name}": nobody has said what event its trigger sends. Say it in stage/serialization/sample-event.ts.`,
  );
}

/** Keys are encoded as in a form (Amazon S3 User Guide, "Event message structure"). */
const s3Event = (bucket: string, key: string): S3Event => ({
  Records: [
    {
      eventVersion: "2.1",
      eventSource: "aws:s3",
      awsRegion: "eu-central-1",
      eventTime: "2026-01-01T00:00:00.000Z",
      eventName: "ObjectCreated:Put",
      userIdentity: { principalId: "AWS:SAMPLE" },
      requestParameters: { sourceIPAddress: "127.0.0.1" },
      responseElements: { "x-amz-request-id": "SAMPLE", "x-amz-id-2": "SAMPLE" },
      s3: {
        s3SchemaVersion: "1.0",
        configurationId: "sample",
        bucket: { name: bucket, ownerIdentity: { principalId: "SAMPLE" }, arn: `arn:aws:s3:::${bucket}` },
        object: {
          key: encodeURIComponent(key).replaceAll("%20", "+").replaceAll("%2F", "/"),
          size: 1,
          eTag: "d41d8cd98f00b204e9800998ecf8427e",
          versionId: "sample",
          sequencer: "0055AED6DCD90281E5",
        },
      },
    },
  ],
});
