// show-item: one picture of a user, what was said of it, and its thumbnail.
//
//   in    http        GET /api/items/{id}
//         s3          collections-images   which picture is the newest
//         postgresql  collections.items, the newest of collections.analyses
//         dynamodb    audit                why nothing came of a picture
//   out   http        the item; the link leads to  collections-images  {user_id}/thumbnails/
//
// It only reads, as the user of the token (row-level security, and their own keys). The bucket first: what is analyzed in
// between is called ready.

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import type { AnswerOf } from "../../schemas/endpoint";
import { showItem as endpoint } from "../../schemas/endpoints/show-item";
import { answer, problem } from "../../stage/answer";
import type { DataBucket } from "../../stage/data-bucket";
import { type Database, hostAndPortAs } from "../../stage/database";
import { environment } from "../../stage/environment";
import type { HttpApi } from "../../stage/http-api";
import { connectAs, list, look, read } from "../../stage/permissions";
import type { Platform } from "../../stage/platform";
import { openPostgres } from "../../stage/postgres";
import { stage } from "../../stage/stage";
import { route } from "../../stage/triggers";
import { asUser } from "./as-user";
import { databaseAddress } from "./database-address";
import { findItem } from "./show-item/find-item";
import { newestPicture, type Picture } from "./show-item/newest-picture";
import { rejectionOf } from "./show-item/rejection";
import { thumbnailLink } from "./show-item/thumbnail-link";

interface Ground {
  readonly platform: Platform;
  readonly api: HttpApi;
  readonly database: Database;
  readonly images: DataBucket;
}

export const showItem = ({ platform, api, database, images }: Ground) =>
  stage(platform, "show-item", factory, {
    on: [route(api, endpoint)],
    // The link acts with the role of this function.
    may: [connectAs(database, "collections_api"), list(images), read(images), look(platform.audit)],
    env: {
      ...hostAndPortAs(database, "collections_api"),
      BUCKET_NAME: images.bucket,
      AUDIT_TABLE: platform.audit.name,
    },
    placement: database.placement,
    memory: 256,
    timeout: 29,
  });

export const factory = () => {
  const { BUCKET_NAME: bucket, AUDIT_TABLE } = environment("BUCKET_NAME", "AUDIT_TABLE");
  const connect = openPostgres(databaseAddress());
  const s3 = new S3Client({});
  const dynamodb = new DynamoDBClient({});

  return answer(endpoint, async ({ user: userId, path: { id } }) => {
    const picture = await newestPicture(s3, { bucket, userId, itemId: id });
    const found = await asUser(await connect(), userId, (sql) => findItem(sql, userId, id));
    if (picture === undefined && found === undefined) {
      throw problem("NotFound", `Cannot find item "${id}": there is none of yours with this id`);
    }
    const item = found && { ...found.item, thumbnail: await thumbnailLink(s3, bucket, found.thumbnailKey) };
    return { id, ...(await stateOf(picture, found?.version)), ...(item === undefined ? {} : { item }) };
  });

  async function stateOf(picture: Picture | undefined, analyzed: string | undefined): Promise<State> {
    if (picture === undefined || picture.version === analyzed) return { status: "ready" };
    const error = await rejectionOf(dynamodb, AUDIT_TABLE, { bucket, ...picture });
    return error === undefined ? { status: "waiting" } : { status: "rejected", error };
  }
};

type State = Pick<AnswerOf<typeof endpoint>, "status" | "error">;
