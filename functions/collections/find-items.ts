// find-items: a search in, the items that it finds out, the best first.
//
//   in    lambda      search-items   { userId, query, vector, ... }, schemas/found-items.ts
//         postgresql  collections.*  read, and nothing else
//   out   answer      what search-items answers: a page of items, and a cursor where there are more
//
// It sees the rows of that user (row-level security), for five seconds at most. It stands in the network, where the
// database is; search-items stands outside, where the model is that makes a vector of the words.

import { Logger } from "@aws-lambda-powertools/logger";
import type { FoundItems, ItemSearch } from "../../schemas/found-items";
import { type Database, hostAndPortAs } from "../../stage/database";
import { connectAs } from "../../stage/permissions";
import type { Platform } from "../../stage/platform";
import { openPostgres } from "../../stage/postgres";
import { stage } from "../../stage/stage";
import { asUser } from "./as-user";
import { databaseAddress } from "./database-address";
import { hybridSearch } from "./find-items/hybrid-search";
import { nearestSettings } from "./nearest";

interface Ground {
  readonly platform: Platform;
  readonly database: Database;
}

export const findItems = ({ platform, database }: Ground) =>
  stage(platform, "find-items", factory, {
    on: [],
    may: [connectAs(database, "collections_api")],
    env: hostAndPortAs(database, "collections_api"),
    placement: database.placement,
    memory: 512,
    timeout: 20,
  });

export const factory = () => {
  const connect = openPostgres(databaseAddress());
  const logger = new Logger();
  const settings = { ...nearestSettings, statement_timeout: "5s" };

  return async (search: ItemSearch): Promise<FoundItems> => {
    const startedAt = performance.now();
    const found = await asUser(await connect(), search.userId, (sql) => hybridSearch(sql, search), settings);
    logger.info("Searched", { found: found.items.length, ms: Math.round(performance.now() - startedAt) });
    return found;
  };
};
