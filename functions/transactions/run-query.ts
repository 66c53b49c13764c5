// run-query: a SELECT of the query language in, its rows as some sellers see them out.
//
//   in    lambda   ask-transactions   { sellers, sql }: what a model has written, of which nothing is trusted
//   out   rds      transactions.*     read, and nothing else
//         answer                      rows and columns, or why there are none; schemas/query-result.ts
//
// It holds whatever the model and its caller forget: the statement is one SELECT of known parts (run-query/check-select.ts), in
// a transaction that only reads, as a role that may do nothing but read, through policies that show the sellers' own rows, for
// five seconds at most. What is wrong with a statement is an answer; a database that is not there is thrown.

import { setFlagsFromString } from "node:v8";
import { Logger } from "@aws-lambda-powertools/logger";
import type * as aws from "@pulumi/aws";
import { parse } from "libpg-query";
import type { QueryResult } from "../../schemas/query-result";
import type { Seller } from "../../schemas/seller";
import { addressAs, type Database } from "../../stage/database";
import { environment } from "../../stage/environment";
import { connectAs } from "../../stage/permissions";
import type { Platform } from "../../stage/platform";
import { openPostgres } from "../../stage/postgres";
import { stage } from "../../stage/stage";
import { checkSelect } from "./run-query/check-select";
import { selectRows } from "./run-query/select-rows";

interface Ground {
  readonly platform: Platform;
  readonly database: Database;
  /** libpg-query, see stage/postgres-parser-layer.ts. */
  readonly parser: aws.lambda.LayerVersion;
}

export interface Query {
  /** One at least; whose rows there are for it. */
  readonly sellers: readonly Seller[];
  readonly sql: string;
}

export const runQuery = ({ platform, database, parser }: Ground) =>
  stage(platform, "run-query", factory, {
    on: [],
    may: [connectAs(database, "transactions_query")],
    env: addressAs(database, "transactions_query"),
    placement: database.placement,
    layers: [parser],
    memory: 512,
    timeout: 20,
  });

export const factory = () => {
  // After some statements V8 would compile the parser once more, better, and take 600 MB for it (measured with Node 24.21 and
  // libpg-query 17.7): its grammar is one function. As it is compiled first, a statement takes it a millisecond.
  setFlagsFromString("--wasm-tiering-budget=2000000000");
  const connect = openPostgres(environment("DATABASE_ENDPOINT", "DATABASE_NAME", "DATABASE_USER"));
  const logger = new Logger();

  return async ({ sellers, sql }: Query): Promise<QueryResult> => {
    const checked = await checkSelect(parse, sql);
    const result = "refusal" in checked ? checked : await selectRows(await connect(), sellers, checked.statement);
    if ("refusal" in result) logger.warn("Refused a query", { sellers, sql, refusal: result.refusal });
    else logger.info("Ran a query", { sellers, sql, rows: result.rows.length, ms: result.ms });
    return result;
  };
};
