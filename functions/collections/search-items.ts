// search-items: words in, the user's items that fit them out.
//
//   in    http     GET /api/items/search
//   out   https    api.voyageai.com   the words, to be embedded
//         lambda   find-items         the words and their vector, for the items of the token's user
//
// It only reads. It stands outside of the network, from which nobody reaches the model, and find-items inside, where the database
// is.

import { getParameter } from "@aws-lambda-powertools/parameters/ssm";
import { LambdaClient } from "@aws-sdk/client-lambda";
import type * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";
import type { AnswerOf } from "../../schemas/endpoint";
import { searchItems as endpoint } from "../../schemas/endpoints/search-items";
import type { ItemSearch } from "../../schemas/found-items";
import { answer, problem } from "../../stage/answer";
import { environment } from "../../stage/environment";
import type { HttpApi } from "../../stage/http-api";
import { invoke, parameter } from "../../stage/permissions";
import type { Platform } from "../../stage/platform";
import { type Stage, stage } from "../../stage/stage";
import { route } from "../../stage/triggers";
import { positionOf } from "../cursor";
import { invokeStage } from "../invoke-stage";
import { embed } from "./embedding-model";

interface Ground {
  readonly platform: Platform;
  readonly api: HttpApi;
  readonly findItems: Stage;
  /** A SecureString that its owner puts. */
  readonly voyageKey: aws.ssm.Parameter;
  readonly voyageModel: Input<string>;
}

export const searchItems = ({ platform, api, findItems, voyageKey, voyageModel }: Ground) =>
  stage(platform, "search-items", factory, {
    on: [route(api, endpoint)],
    may: [parameter(voyageKey), invoke(findItems.function)],
    env: {
      VOYAGE_KEY_PARAMETER: voyageKey.name,
      VOYAGE_URL: "https://api.voyageai.com/v1",
      VOYAGE_EMBEDDING_MODEL: voyageModel,
      FIND_ITEMS_FUNCTION: findItems.function.name,
    },
    memory: 512,
    timeout: 29,
  });

/** How long a key is remembered, in seconds: who puts another one does not wait for long. */
const keyRemembered = 300;

/** In seconds: three of them are less than whoever searches waits. */
const modelTimeout = 6;

export const factory = () => {
  const { VOYAGE_KEY_PARAMETER, VOYAGE_URL, VOYAGE_EMBEDDING_MODEL, FIND_ITEMS_FUNCTION } = environment(
    "VOYAGE_KEY_PARAMETER",
    "VOYAGE_URL",
    "VOYAGE_EMBEDDING_MODEL",
    "FIND_ITEMS_FUNCTION",
  );
  const lambda = new LambdaClient({});

  return answer(endpoint, async ({ user, query: { q, category, from, to, limit, cursor } }) => {
    const filters = [q, category, from, to];
    const offset = cursor === undefined ? 0 : Number(positionOf(cursor, filters, ["bigint"])[0]);
    const vector = await vectorOf(q);
    const search: ItemSearch = {
      userId: user,
      query: q,
      vector,
      embeddingModel: VOYAGE_EMBEDDING_MODEL,
      category,
      from,
      to,
      limit,
      offset,
    };
    return find(search);
  });

  async function vectorOf(query: string): Promise<number[]> {
    const model = {
      url: VOYAGE_URL,
      name: VOYAGE_EMBEDDING_MODEL,
      key: await getParameter(VOYAGE_KEY_PARAMETER, { decrypt: true, maxAge: keyRemembered }),
      keyParameter: VOYAGE_KEY_PARAMETER,
      timeout: modelTimeout,
    };
    try {
      const [vector] = await embed(model, [query], "query");
      if (vector !== undefined) return vector;
      throw new Error("Voyage has answered no vector");
    } catch (cause) {
      throw unavailable("its model cannot be asked", cause);
    }
  }

  async function find(search: ItemSearch): Promise<AnswerOf<typeof endpoint>> {
    try {
      return (await invokeStage(lambda, FIND_ITEMS_FUNCTION, search)) as AnswerOf<typeof endpoint>;
    } catch (cause) {
      throw unavailable("the items cannot be looked at", cause);
    }
  }
};

/** In seconds. */
const retryAfter = 10;

const unavailable = (what: string, cause: unknown): Error =>
  problem("Unavailable", `Cannot search now: ${what}. Try again in ${retryAfter} s`, { retryAfter, cause });
