// list-transactions: a seller's transactions, by the day or one by one, a page at a time.
//
//   in    http        GET /api/transactions
//         postgresql  transactions.daily_totals or transactions.transactions, and transactions.products
//   out   http        rows, and a cursor where there are more
//
// It only reads, as the sellers of the token (row-level security).

import { listTransactions as endpoint } from "../../schemas/endpoints/list-transactions";
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
import { listPage } from "./list-transactions/list-page";

interface Ground {
  readonly platform: Platform;
  readonly api: HttpApi;
  readonly database: Database;
}

export const listTransactions = ({ platform, api, database }: Ground) =>
  stage(platform, "list-transactions", factory, {
    on: [route(api, endpoint)],
    may: [connectAs(database, "transactions_api")],
    env: addressAs(database, "transactions_api"),
    placement: database.placement,
    memory: 256,
    timeout: 29,
  });

export const factory = () => {
  const connect = openPostgres(environment("DATABASE_ENDPOINT", "DATABASE_NAME", "DATABASE_USER"));

  return answer(endpoint, async ({ sellers, query }) => {
    const asked = sellersAsked(sellers, query.seller);
    return asSellers(await connect(), asked, (sql) => listPage(sql, asked, query));
  });
};
