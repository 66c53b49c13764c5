// show-upload: what became of an upload.
//
//   in    http        GET /api/transactions/uploads/{id}
//         postgresql  transactions.uploads                what was processed
//         s3          feeds  uploads/{seller}/{id}/       what has come and waits
//   out   http        the upload, with a link to what was rejected of it
//
// It only reads, as the sellers of the token (row-level security, and their own keys). The database first: what is processed in
// between is called waiting, and never lost.

import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { showUpload as endpoint } from "../../schemas/endpoints/show-upload";
import type { Seller } from "../../schemas/seller";
import { answer, problem, sellersAsked } from "../../stage/answer";
import type { DataBucket } from "../../stage/data-bucket";
import { addressAs, type Database } from "../../stage/database";
import { environment } from "../../stage/environment";
import type { HttpApi } from "../../stage/http-api";
import { connectAs, list, read } from "../../stage/permissions";
import type { Platform } from "../../stage/platform";
import { openPostgres } from "../../stage/postgres";
import { stage } from "../../stage/stage";
import { route } from "../../stage/triggers";
import { asSellers } from "./as-sellers";
import { rejectedKey } from "./rejected-key";
import { rejectedLink } from "./rejected-link";
import { findUpload, type ShownUpload } from "./show-upload/find-upload";

interface Ground {
  readonly platform: Platform;
  readonly api: HttpApi;
  readonly database: Database;
  readonly feeds: DataBucket;
  readonly rejected: DataBucket;
}

export const showUpload = ({ platform, api, database, feeds, rejected }: Ground) =>
  stage(platform, "show-upload", factory, {
    on: [route(api, endpoint)],
    may: [connectAs(database, "transactions_api"), list(feeds), read(rejected, "rows/"), read(rejected, "files/")],
    env: {
      ...addressAs(database, "transactions_api"),
      FEEDS_BUCKET: feeds.bucket,
      REJECTED_BUCKET: rejected.bucket,
    },
    placement: database.placement,
    memory: 256,
    timeout: 29,
  });

export const factory = () => {
  const { FEEDS_BUCKET, REJECTED_BUCKET } = environment("FEEDS_BUCKET", "REJECTED_BUCKET");
  const connect = openPostgres(environment("DATABASE_ENDPOINT", "DATABASE_NAME", "DATABASE_USER"));
  const s3 = new S3Client({});

  return answer(endpoint, async ({ sellers, path: { id }, query: { seller } }) => {
    const asked = sellersAsked(sellers, seller);
    const upload = await asSellers(await connect(), asked, (sql) => findUpload(sql, asked, id));
    if (upload !== undefined) return linked(upload);
    for (const each of asked) {
      const waiting = await find(each, id);
      if (waiting !== undefined) return waiting;
    }
    throw problem("NotFound", `Cannot find upload "${id}": nothing has come under it yet`);
  });

  async function linked(upload: ShownUpload) {
    const { seller, errorId, outcome, file } = upload;
    if (errorId === undefined) return upload;
    const key = rejectedKey({ seller, errorId, file, failed: outcome === "failed" });
    return { ...upload, rejected: await rejectedLink(s3, REJECTED_BUCKET, key) };
  }

  async function find(seller: Seller, uploadId: string): Promise<ShownUpload | undefined> {
    const Prefix = `uploads/${seller}/${uploadId}/`;
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: FEEDS_BUCKET, Prefix, MaxKeys: 1 }));
    const key = Contents?.[0]?.Key;
    return key === undefined ? undefined : { uploadId, seller, file: key.slice(Prefix.length), outcome: "waiting" };
  }
};
