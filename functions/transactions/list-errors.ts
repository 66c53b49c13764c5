// list-errors: a seller's feeds that failed or had rejected rows, the newest first, a page at a time.
//
//   in    http      GET /api/errors
//         dynamodb  feed-errors
//   out   http      errors, and a cursor where there are more
//
// It only reads, by the keys of the token's sellers.

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type * as aws from "@pulumi/aws";
import { listErrors as endpoint } from "../../schemas/endpoints/list-errors";
import { answer, sellersAsked } from "../../stage/answer";
import { environment } from "../../stage/environment";
import type { HttpApi } from "../../stage/http-api";
import { look } from "../../stage/permissions";
import type { Platform } from "../../stage/platform";
import { stage } from "../../stage/stage";
import { route } from "../../stage/triggers";
import { cursorOf, positionOf } from "../cursor";
import { newestErrors } from "./list-errors/newest-errors";

interface Ground {
  readonly platform: Platform;
  readonly api: HttpApi;
  readonly errors: aws.dynamodb.Table;
}

export const listErrors = ({ platform, api, errors }: Ground) =>
  stage(platform, "list-errors", factory, {
    on: [route(api, endpoint)],
    may: [look(errors)],
    env: { ERRORS_TABLE: errors.name },
    memory: 256,
    timeout: 29,
  });

export const factory = () => {
  const { ERRORS_TABLE: table } = environment("ERRORS_TABLE");
  const dynamodb = new DynamoDBClient({});

  return answer(endpoint, async ({ sellers: own, query: { status, seller: only, limit, cursor } }) => {
    const sellers = sellersAsked(own, only);
    const identity = ["errors", status, [...sellers].sort()];
    const [errorId = "", seller = ""] = cursor === undefined ? [] : positionOf(cursor, identity, ["error", "seller"]);
    const after = cursor === undefined ? undefined : { errorId, seller };
    const found = await newestErrors(dynamodb, { table, sellers, status, limit, after });
    const errors = found.slice(0, limit);
    const last = found.length > limit ? errors.at(-1) : undefined;
    return last === undefined ? { errors } : { errors, cursor: cursorOf(identity, [last.errorId, last.seller]) };
  });
};
