// presign-image: leave to put one picture into the bucket that process-image listens to, without a way through Lambda.
//
//   in    http  POST /api/items
//   out   http  a form of S3 for  collections-images  {user_id}/{item id}.jpg or .png
//
// The key is chosen here, below the user's own prefix, and S3 holds the form to it, to its type and its size. It acts with the role
// of this function: what that may not write, no form can. Nothing is kept before the form is sent. Twice makes two forms.

import { randomUUID } from "node:crypto";
import { S3Client } from "@aws-sdk/client-s3";
import { presignImage as endpoint } from "../../schemas/endpoints/presign-image";
import { maxImageBytes } from "../../schemas/image-types";
import { answer } from "../../stage/answer";
import type { DataBucket } from "../../stage/data-bucket";
import { environment } from "../../stage/environment";
import type { HttpApi } from "../../stage/http-api";
import { write } from "../../stage/permissions";
import type { Platform } from "../../stage/platform";
import { stage } from "../../stage/stage";
import { route } from "../../stage/triggers";
import { curlOf } from "../curl";
import { uploadForm } from "../upload-form";

interface Ground {
  readonly platform: Platform;
  readonly api: HttpApi;
  readonly images: DataBucket;
}

export const presignImage = ({ platform, api, images }: Ground) =>
  stage(platform, "presign-image", factory, {
    on: [route(api, endpoint)],
    may: [write(images)],
    env: { BUCKET_NAME: images.bucket },
    memory: 256,
    timeout: 10,
  });

const endings = { "image/jpeg": ".jpg", "image/png": ".png" } as const;

export const factory = () => {
  const { BUCKET_NAME: bucket } = environment("BUCKET_NAME");
  const s3 = new S3Client({});

  return answer(endpoint, async ({ user, body: { contentType, size } }) => {
    const itemId = randomUUID();
    const ending = endings[contentType];
    const key = `${user}/${itemId}${ending}`;
    const form = await uploadForm(s3, { bucket, key, size, contentType, mostBytes: maxImageBytes });
    return { itemId, ...form, curl: curlOf(form.url, form.fields, `picture${ending}`), status: `/api/items/${itemId}` };
  });
};
