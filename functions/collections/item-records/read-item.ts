// read-item: where an item's picture lies.

import type { Sql } from "postgres";
import type { ReadItem, ReadItemAnswer } from "../../../schemas/item-records";
import { asUser } from "../as-user";

export const readItem = (sql: Sql, { user_id, item_id }: ReadItem): Promise<ReadItemAnswer> =>
  asUser(sql, user_id, async (transaction) => {
    const [item] = await transaction<NonNullable<ReadItemAnswer>[]>`
      select bucket, file_path as original_key, thumbnail_key from collections.items
      where user_id = ${user_id} and id = ${item_id}`;
    return item === undefined ? null : { ...item };
  });
