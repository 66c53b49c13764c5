// presign-feed: leave to put one feed into the bucket that aggregate-transactions listens to, without a way through Lambda.
//
//   in    http  POST /api/transactions/upload/form
//   out   http  a form of S3 for  feeds  uploads/{seller}/{upload id}/{file}
//
// Nothing is kept before the form is sent, and S3 then holds it to what it was made for. It acts with the role of this
// function: what that may not write, no form can. Twice makes two forms.

import { S3Client } from "@aws-sdk/client-s3";
import { presignFeed as endpoint } from "../../schemas/endpoints/presign-feed";
import { maxFormBytes } from "../../schemas/feed-types";
import { answer, sellerAsked } from "../../stage/answer";
import type { DataBucket } from "../../stage/data-bucket";
import { environment } from "../../stage/environment";
import type { HttpApi } from "../../stage/http-api";
import { write } from "../../stage/permissions";
import type { Platform } from "../../stage/platform";
import { stage } from "../../stage/stage";
import { route } from "../../stage/triggers";
import { curlOf } from "../curl";
import { uploadForm } from "../upload-form";
import { newUploadId } from "./upload-id";

interface Ground {
  readonly platform: Platform;
  readonly api: HttpApi;
  readonly feeds: DataBucket;
}

export const presignFeed = ({ platform, api, feeds }: Ground) =>
  stage(platform, "presign-feed", factory, {
    on: [route(api, endpoint)],
    may: [write(feeds, "uploads/")],
    env: { FEEDS_BUCKET: feeds.bucket },
    memory: 256,
    timeout: 10,
  });

export const factory = () => {
  const { FEEDS_BUCKET: bucket } = environment("FEEDS_BUCKET");
  const s3 = new S3Client({});

  return answer(endpoint, async ({ sellers, body: { file, seller: asked, size, contentType } }) => {
    const seller = sellerAsked(sellers, asked);
    const uploadId = newUploadId();
    const key = `uploads/${seller}/${uploadId}/${file}`;
    const form = await uploadForm(s3, { bucket, key, size, contentType, mostBytes: maxFormBytes });
    const status = `/api/transactions/uploads/${uploadId}`;
    return { uploadId, ...form, curl: curlOf(form.url, form.fields, file), status };
  });
};
