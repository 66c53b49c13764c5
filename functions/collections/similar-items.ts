// similar-items: more like this - a user's other items, the nearest first.
//
//   in    http        GET /api/items/{id}/similar
//         postgresql  collections.embeddings, and the items that they are of
//   out   http        items
//
// It only reads, as the user of the token (row-level security), and asks no model: the item's own vector is there.

import { similarItems as endpoint } from "../../schemas/endpoints/similar-items";
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
import { nearestSettings } from "./nearest";
import { moreLike } from "./similar-items/more-like";

interface Ground {
  readonly platform: Platform;
  readonly api: HttpApi;
  readonly database: Database;
}

export const similarItems = ({ platform, api, database }: Ground) =>
  stage(platform, "similar-items", factory, {
    on: [route(api, endpoint)],
    may: [connectAs(database, "collections_api")],
    env: hostAndPortAs(database, "collections_api"),
    placement: database.placement,
    memory: 256,
    timeout: 29,
  });

export const factory = () => {
  const connect = openPostgres(databaseAddress());
  return answer(endpoint, async ({ user, path: { id }, query: { limit } }) =>
    asUser(await connect(), user, (sql) => moreLike(sql, user, id, limit), nearestSettings),
  );
};
