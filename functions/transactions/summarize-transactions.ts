// summarize-transactions: what a seller's transactions add up to, by up to three things, never over currencies.
//
//   in    http        GET /api/transactions/summary
//         postgresql  transactions.daily_totals, transactions.products
//   out   http        groups
//
// It only reads, as the sellers of the token (row-level security).

import { summarizeTransactions as endpoint } from "../../schemas/endpoints/summarize-transactions";
import { answer, sellersAsked } from "../../stage/answer";
import { addressAs, type Database } from "../../stage/database";
import { environment } from "../../stage/environment";
import type { HttpApi } from "../../stage/http-api";
import { connectAs } from "../../stage/permissions";
import type { Platform } from "../../stage/platform";
import { openPostgres } from "../../stage/postgres";
import { stage } from "../../stage/stage";
import { route } from "../../stage/triggers";
import { asSellers } from "./as-sellers";
import { summarize } from "./summarize-transactions/summarize";

interface Ground {
  readonly platform: Platform;
  readonly api: HttpApi;
  readonly database: Database;
}

export const summarizeTransactions = ({ platform, api, database }: Ground) =>
  stage(platform, "summarize-transactions", factory, {
    on: [route(api, endpoint)],
    may: [connectAs(database, "transactions_api")],
    env: addressAs(database, "transactions_api"),
    placement: database.placement,
    memory: 256,
    timeout: 29,
  });

export const factory = () => {
  const connect = openPostgres(environment("DATABASE_ENDPOINT", "DATABASE_NAME", "DATABASE_USER"));

  return answer(endpoint, async ({ sellers, query: { group_by, ...filters } }) => {
    const asked = sellersAsked(sellers, filters.seller);
    return asSellers(await connect(), asked, (sql) => summarize(sql, asked, filters, group_by));
  });
};
