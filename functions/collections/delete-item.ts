// delete-item: a picture of a user and all that was made of it, gone.
//
//   in    http        DELETE /api/items/{id}
//   out   s3          collections-images   the pictures of this name and their thumbnails, deleted
//         postgresql  collections.items    deleted, and with it its analyses and embeddings
//
// The objects go first, with the item's lock held: who keeps an analysis meanwhile waits for it, and then finds no picture.
// A crash in between leaves rows of which another try finds the rest. Twice: the second time there is nothing to be found.

import { DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { deleteItem as endpoint } from "../../schemas/endpoints/delete-item";
import { answer, problem } from "../../stage/answer";
import type { DataBucket } from "../../stage/data-bucket";
import { type Database, hostAndPortAs } from "../../stage/database";
import { environment } from "../../stage/environment";
import type { HttpApi } from "../../stage/http-api";
import { connectAs, list, remove } from "../../stage/permissions";
import type { Platform } from "../../stage/platform";
import { openPostgres } from "../../stage/postgres";
import { stage } from "../../stage/stage";
import { route } from "../../stage/triggers";
import { asUser } from "./as-user";
import { databaseAddress } from "./database-address";
import { type ItemObject, picturesOf, thumbnailsOf } from "./item-objects";
import { lockItem } from "./lock-item";

interface Ground {
  readonly platform: Platform;
  readonly api: HttpApi;
  readonly database: Database;
  readonly images: DataBucket;
}

export const deleteItem = ({ platform, api, database, images }: Ground) =>
  stage(platform, "delete-item", factory, {
    on: [route(api, endpoint)],
    may: [connectAs(database, "collections_api"), list(images), remove(images)],
    env: { ...hostAndPortAs(database, "collections_api"), BUCKET_NAME: images.bucket },
    placement: database.placement,
    memory: 256,
    timeout: 29,
  });

export const factory = () => {
  const { BUCKET_NAME: bucket } = environment("BUCKET_NAME");
  const connect = openPostgres(databaseAddress());
  const s3 = new S3Client({});

  return answer(endpoint, async ({ user: userId, path: { id: itemId } }) =>
    asUser(await connect(), userId, async (sql) => {
      await lockItem(sql, userId, itemId);
      const whose = { bucket, userId, itemId };
      // The pictures first, and only then a look at the thumbnails: one that is made from here on finds its picture gone.
      const pictures = await removeAll(await picturesOf(s3, whose));
      const objects = pictures + (await removeAll(await thumbnailsOf(s3, whose)));
      const rows = await sql`delete from collections.items where user_id = ${userId} and id = ${itemId} returning 1`;
      if (objects > 0 || rows.length > 0) return { id: itemId, objects };
      throw problem("NotFound", `Cannot delete item "${itemId}": there is none of yours with this id`);
    }),
  );

  async function removeAll(objects: readonly ItemObject[]): Promise<number> {
    for (const { key } of objects) await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    return objects.length;
  }
};
