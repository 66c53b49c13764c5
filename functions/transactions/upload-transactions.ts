// upload-transactions: a feed from the body of a request into the bucket that aggregate-transactions listens to.
//
//   in    http  POST /api/transactions/upload
//   out   s3    feeds  uploads/{seller}/{upload id}/{file}
//
// What is answered with 202 is kept. A failed write is answered with a problem, and nothing is kept. Twice makes two
// uploads, of which the second changes nothing in the totals; with an Idempotency-Key it makes one.

import { createHash } from "node:crypto";
import { HeadObjectCommand, PutObjectCommand, type PutObjectCommandInput, S3Client } from "@aws-sdk/client-s3";
import { uploadTransactions as endpoint } from "../../schemas/endpoints/upload-transactions";
import { answer, problem, sellerAsked } from "../../stage/answer";
import type { DataBucket } from "../../stage/data-bucket";
import { environment } from "../../stage/environment";
import type { HttpApi } from "../../stage/http-api";
import { read, write } from "../../stage/permissions";
import type { Platform } from "../../stage/platform";
import { stage } from "../../stage/stage";
import { route } from "../../stage/triggers";
import { contentEncodingOf } from "./content-encoding";
import { refuseLostBytes } from "./lost-bytes";
import { newUploadId, repeatedUploadId } from "./upload-id";

interface Ground {
  readonly platform: Platform;
  readonly api: HttpApi;
  readonly feeds: DataBucket;
}

export const uploadTransactions = ({ platform, api, feeds }: Ground) =>
  stage(platform, "upload-transactions", factory, {
    on: [route(api, endpoint)],
    may: [write(feeds, "uploads/"), read(feeds, "uploads/")],
    env: { FEEDS_BUCKET: feeds.bucket },
    memory: 512,
    timeout: 29,
  });

export const factory = () => {
  const { FEEDS_BUCKET } = environment("FEEDS_BUCKET");
  const s3 = new S3Client({});

  return answer(endpoint, async ({ sellers, query: { file, seller: asked }, body, headers }) => {
    const seller = sellerAsked(sellers, asked);
    const repeated = headers["idempotency-key"];
    const encoding = contentEncodingOf(headers);
    if (body.length === 0) {
      const errors = [{ in: "body", field: "", reason: "is empty" }];
      throw problem("BadRequest", "Cannot take the upload: its body is empty", { errors });
    }
    refuseLostBytes(body);
    const uploadId = repeated === undefined ? newUploadId() : repeatedUploadId(seller, repeated, file);
    await keep(s3, {
      Bucket: FEEDS_BUCKET,
      Key: `uploads/${seller}/${uploadId}/${file}`,
      Body: body,
      ContentType: headers["content-type"],
      ...(encoding === undefined ? {} : { ContentEncoding: encoding }),
      Metadata: { sha256: createHash("sha256").update(body).digest("hex") },
    });
    return { uploadId, seller, file, bytes: body.length, status: `/api/transactions/uploads/${uploadId}` };
  });
};

/** Once. What is there already must be the same: a key that was used for another file would lose this one. */
async function keep(s3: S3Client, object: PutObjectCommandInput): Promise<void> {
  try {
    await s3.send(new PutObjectCommand({ ...object, IfNoneMatch: "*" }));
  } catch (error) {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    const { name } = error as Error;
    if (name === "ConditionalRequestConflict") {
      const detail = "Cannot tell yet whether the file is kept: the same request is under way. Send it again";
      throw problem("Unavailable", detail, { retryAfter: 1, cause: error });
    }
    if (name !== "PreconditionFailed") throw error;
    const { Metadata } = await s3.send(new HeadObjectCommand({ Bucket: object.Bucket, Key: object.Key }));
    if (Metadata?.sha256 === object.Metadata?.sha256) return;
    const detail = "Cannot take the upload: another file came under this name with the same Idempotency-Key";
    throw problem("IdempotencyKeyReused", `${detail}. Send this one with a key of its own`);
  }
}
