// analyze-again: an item whose picture is to be analyzed once more.
//
//   in    http         POST /api/items/{id}/analyses
//         lambda       item-records     where the item's picture lies
//   out   eventbridge  ImageProcessed   with the id of this request, which makes it another analysis
//
// What does the work is analyze-image, as for a new picture. Twice makes two analyses: whoever asks, pays.

import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { analyzeAgain as endpoint } from "../../schemas/endpoints/analyze-again";
import { type ImageProcessed, imageProcessed } from "../../schemas/image-events";
import type { ReadItem } from "../../schemas/item-records";
import { answer, problem } from "../../stage/answer";
import { environment } from "../../stage/environment";
import type { HttpApi } from "../../stage/http-api";
import { invoke, publish } from "../../stage/permissions";
import type { Platform } from "../../stage/platform";
import { type Stage, stage } from "../../stage/stage";
import { route } from "../../stage/triggers";
import { itemRecords } from "./item-records-client";
import { publishEvent } from "./publish-event";

interface Ground {
  readonly platform: Platform;
  readonly api: HttpApi;
  /** item-records, which has the database. */
  readonly records: Stage;
}

export const analyzeAgain = ({ platform, api, records }: Ground) =>
  stage(platform, "analyze-again", factory, {
    on: [route(api, endpoint)],
    may: [invoke(records.function), publish(platform, imageProcessed.source)],
    env: { ITEM_RECORDS_FUNCTION: records.function.name, EVENT_BUS_NAME: "default" },
    memory: 256,
    timeout: 20,
  });

export const factory = () => {
  const { ITEM_RECORDS_FUNCTION } = environment("ITEM_RECORDS_FUNCTION");
  const { EVENT_BUS_NAME = "default" } = process.env;
  const events = new EventBridgeClient({});
  const records = itemRecords(new LambdaClient({}), ITEM_RECORDS_FUNCTION);

  return answer(endpoint, async ({ user, path: { id }, requestId }) => {
    const item = await records<ReadItem>({ read: "item", user_id: user, item_id: id });
    if (item === null) throw problem("NotFound", `Cannot analyze item "${id}": there is none of that name`);
    const detail: ImageProcessed = { item_id: id, user_id: user, ...item, request_id: requestId };
    await publishEvent(events, EVENT_BUS_NAME, imageProcessed, detail);
    return { itemId: id, requestId, status: `/api/items/${encodeURIComponent(id)}` };
  });
};
