// list-items: a user's pictures, the newest first, a page at a time.
//
//   in    http        GET /api/items
//         postgresql  collections.items, and the newest of collections.analyses
//   out   http        items, and a cursor where there are more
//
// It only reads, as the user of the token (row-level security).

import { listItems as endpoint } from "../../schemas/endpoints/list-items";
import { answer } from "../../stage/answer";
import { type Database, hostAndPortAs } from "../../stage/database";
import type { HttpApi } from "../../stage/http-api";
import { connectAs } from "../../stage/permissions";
import type { Platform } from "../../stage/platform";
import { openPostgres } from "../../stage/postgres";
import { stage } from "../../stage/stage";
import { route } from "../../stage/triggers";
import { asUser } from "./as-user";
import { databaseAddress } from "./database-address";
import { newestItems } from "./list-items/newest-items";

interface Ground {
  readonly platform: Platform;
  readonly api: HttpApi;
  readonly database: Database;
}

export const listItems = ({ platform, api, database }: Ground) =>
  stage(platform, "list-items", factory, {
    on: [route(api, endpoint)],
    may: [connectAs(database, "collections_api")],
    env: hostAndPortAs(database, "collections_api"),
    placement: database.placement,
    memory: 256,
    timeout: 29,
  });

export const factory = () => {
  const connect = openPostgres(databaseAddress());
  return answer(endpoint, async ({ user, query }) =>
    asUser(await connect(), user, (sql) => newestItems(sql, user, query)),
  );
};
