// created-images: the new objects that an event tells of, in either of the two forms in which S3 tells it.
//
//   EventBridge's   detail.object.key as it is          https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
//   S3's own        Records[].s3.object.key encoded as in a form   .../userguide/notification-content-structure.html

import { array, type InferOutput, literal, minLength, object, optional, pipe, safeParse, string } from "valibot";
import { final } from "../../../stage/each-message";

export interface CreatedImage {
  readonly bucket: string;
  readonly key: string;
  /** The current one is meant where it is not given. */
  readonly version: string | undefined;
}

const text = pipe(string(), minLength(1));

const FromEventBridge = object({
  "detail-type": literal("Object Created"),
  detail: object({ bucket: object({ name: text }), object: object({ key: text, "version-id": optional(text) }) }),
});

const FromS3 = object({
  Records: array(
    object({
      s3: object({ bucket: object({ name: text }), object: object({ key: text, versionId: optional(text) }) }),
    }),
  ),
});

/** Throws for good where it is neither. */
export function createdImagesOf(event: unknown): readonly CreatedImage[] {
  const bridged = safeParse(FromEventBridge, event);
  if (bridged.success) return [fromEventBridge(bridged.output)];
  const told = safeParse(FromS3, event);
  if (told.success) return told.output.Records.map(fromS3);
  throw final("NoImageEvent", "Cannot make a thumbnail: the event tells of no new object of S3");
}

const fromEventBridge = ({ detail: { bucket, object } }: InferOutput<typeof FromEventBridge>): CreatedImage => ({
  bucket: bucket.name,
  key: object.key,
  version: object["version-id"],
});

const fromS3 = ({ s3: { bucket, object } }: InferOutput<typeof FromS3>["Records"][number]): CreatedImage => ({
  bucket: bucket.name,
  key: decodeKey(object.key),
  version: object.versionId,
});

function decodeKey(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll("+", " "));
  } catch (cause) {
    throw final("NoImageEvent", `Cannot make a thumbnail: the event's key "${encoded}" is not encoded`, { cause });
  }
}
