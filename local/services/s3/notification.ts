// notification: what S3 tells about an object that was created or removed, in its own JSON.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html

import { requestIds } from "./errors";

export interface ObjectEvent {
  readonly bucket: string;
  readonly eventName:
    | "ObjectCreated:Put"
    | "ObjectCreated:Copy"
    | "ObjectCreated:CompleteMultipartUpload"
    | "ObjectCreated:Post"
    | "ObjectRemoved:Delete"
    | "ObjectRemoved:DeleteMarkerCreated";
  /** As it is; a notification carries it encoded. */
  readonly key: string;
  /** Of what was created; S3 tells neither of them when an object is removed. */
  readonly size?: number;
  readonly eTag?: string;
  /** Where the bucket is or has been versioned. */
  readonly versionId?: string;
  /** Hex; of two events of one key the later one has the greater sequencer. */
  readonly sequencer: string;
  /** ISO 8601, UTC, with milliseconds. */
  readonly time: string;
  /** The name of the principal who did it. */
  readonly principal: string;
}

export interface Configuration {
  readonly region: string;
  readonly configurationId: string;
  readonly bucketArn: string;
  /** The owner of the bucket, where it is told. */
  readonly account?: string;
}

/** The event as Lambda, SQS and SNS receive it. */
export function notificationEvent(event: ObjectEvent, configuration: Configuration) {
  const { bucket, eventName, key, size, eTag, versionId, sequencer, time, principal } = event;
  const { region, configurationId, bucketArn, account = "000000000000" } = configuration;
  const object = { key: formEncoded(key), size, eTag, versionId, sequencer };
  return {
    Records: [
      {
        eventVersion: "2.1",
        eventSource: "aws:s3",
        awsRegion: region,
        eventTime: time,
        eventName,
        userIdentity: { principalId: `AWS:${principal}` },
        requestParameters: { sourceIPAddress: "127.0.0.1" },
        responseElements: requestIds(),
        s3: {
          s3SchemaVersion: "1.0",
          configurationId,
          bucket: { name: bucket, ownerIdentity: { principalId: account }, arn: bucketArn },
          object: Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)),
        },
      },
    ],
  };
}

/**
 * S3 encodes keys in notifications and listings as a form does: a space becomes `+`, and everything becomes `%XX` but
 * letters, digits and `*-._`. Only the slash stays, too. https://url.spec.whatwg.org/#urlencoded-serializing
 */
export const formEncoded = (text: string) =>
  new URLSearchParams([["", text]]).toString().slice(1).replaceAll("%2F", "/");
