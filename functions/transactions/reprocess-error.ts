// reprocess-error: a corrected file for an error of a feed, or the original once more, to where reprocess-transactions listens.
//
//   in    http      POST /api/errors/{id}/reprocess
//         dynamodb  feed-errors
//         s3        feeds  the version that the error names, where the request has no body
//   out   s3        feeds  reprocess/{seller}/{error id}/{file}
//
// What is answered with 202 is kept. Twice is processed twice, and counts once. A copy of the original says when that was
// uploaded: what came later in other files stays as it is.

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CopyObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type * as aws from "@pulumi/aws";
import { reprocessError as endpoint } from "../../schemas/endpoints/reprocess-error";
import type { FeedError } from "../../schemas/feed-error";
import { answer, problem, sellersAsked } from "../../stage/answer";
import type { DataBucket } from "../../stage/data-bucket";
import { environment } from "../../stage/environment";
import type { HttpApi } from "../../stage/http-api";
import { list, look, read, write } from "../../stage/permissions";
import type { Platform } from "../../stage/platform";
import { stage } from "../../stage/stage";
import { route } from "../../stage/triggers";
import { contentEncodingOf } from "./content-encoding";
import { findError } from "./find-error";
import { refuseLostBytes } from "./lost-bytes";

interface Ground {
  readonly platform: Platform;
  readonly api: HttpApi;
  readonly errors: aws.dynamodb.Table;
  readonly feeds: DataBucket;
}

export const reprocessError = ({ platform, api, errors, feeds }: Ground) =>
  stage(platform, "reprocess-error", factory, {
    on: [route(api, endpoint)],
    // Only to whoever may list it S3 says that an original is gone.
    may: [look(errors), list(feeds), read(feeds, "uploads/"), read(feeds, "reprocess/"), write(feeds, "reprocess/")],
    env: { ERRORS_TABLE: errors.name, FEEDS_BUCKET: feeds.bucket },
    memory: 512,
    timeout: 29,
  });

export const factory = () => {
  const { ERRORS_TABLE, FEEDS_BUCKET } = environment("ERRORS_TABLE", "FEEDS_BUCKET");
  const dynamodb = new DynamoDBClient({});
  const s3 = new S3Client({});

  return answer(endpoint, async ({ sellers, path: { id }, query, body, headers }) => {
    const error = await findError(dynamodb, ERRORS_TABLE, sellersAsked(sellers, query.seller), id);
    const { seller, errorId, status, resolvedBy } = error;
    if (status === "resolved") {
      throw problem("AlreadyResolved", `Cannot process error "${id}" again: it was resolved at ${resolvedBy?.at}`);
    }
    const object = `reprocess/${seller}/${errorId}/${query.file ?? nameOf(error)}`;
    if (body === undefined) await copy(error, object);
    else {
      refuseLostBytes(body);
      await put(object, body, headers);
    }
    return { errorId, seller, object, status: `/api/errors/${errorId}` };
  });

  async function put(Key: string, Body: Uint8Array, headers: Readonly<Record<string, string | undefined>>) {
    const ContentEncoding = contentEncodingOf(headers);
    const ContentType = headers["content-type"];
    await s3.send(new PutObjectCommand({ Bucket: FEEDS_BUCKET, Key, Body, ContentType, ContentEncoding }));
  }

  async function copy({ errorId, file, object, version, uploadedAt }: FeedError, Key: string): Promise<void> {
    try {
      await s3.send(
        new CopyObjectCommand({
          Bucket: FEEDS_BUCKET,
          Key,
          CopySource: `${object.split("/").map(encodeURIComponent).join("/")}?versionId=${encodeURIComponent(version)}`,
          MetadataDirective: "REPLACE",
          Metadata: { "uploaded-at": uploadedAt },
          // The source's tags would need rights of their own to be read and written.
          TaggingDirective: "REPLACE",
        }),
      );
    } catch (error) {
      if (!["NoSuchKey", "NoSuchVersion"].includes((error as Error).name)) throw error;
      const detail = `Cannot process error "${errorId}" again: its original "${file}" is not kept any more`;
      throw problem("OriginalGone", `${detail}. Send the file as the body`, { cause: error });
    }
  }
};

/** What was put there by hand may lie in folders, and be called anything. */
const nameOf = ({ file }: FeedError): string => [...file.slice(file.lastIndexOf("/") + 1)].slice(-120).join("");
