// item-records: the rows of items, for the stages that stand outside of the network, where no database is.
//
//   in    lambda      analyze-image, embed-analysis, analyze-again   one request, see schemas/item-records.ts
//         s3          collections-images                             which version of a picture is the current one
//   out   postgresql  collections.items, analyses, embeddings        as the user whom the request is about
//         answer      what is known, or what became of it
//
// Twice is the same as once. Of two pictures, analyses or embeddings of an item the newer one stays, whichever comes first.
// What cannot be done now is thrown at whoever asked: a stage behind a queue has its event once more, a user an error.

import { Logger } from "@aws-lambda-powertools/logger";
import { S3Client } from "@aws-sdk/client-s3";
import type { ItemRecordsAnswer, ItemRecordsRequest } from "../../schemas/item-records";
import type { DataBucket } from "../../stage/data-bucket";
import { type Database, hostAndPortAs } from "../../stage/database";
import { connectAs, list, read } from "../../stage/permissions";
import type { Platform } from "../../stage/platform";
import { openPostgres } from "../../stage/postgres";
import { stage } from "../../stage/stage";
import { databaseAddress } from "./database-address";
import { keepAnalysis } from "./item-records/keep-analysis";
import { keepEmbeddings } from "./item-records/keep-embeddings";
import { readAnalyses } from "./item-records/read-analyses";
import { readItem } from "./item-records/read-item";

interface Ground {
  readonly platform: Platform;
  readonly database: Database;
  readonly images: DataBucket;
}

export const itemRecords = ({ platform, database, images }: Ground) =>
  stage(platform, "item-records", factory, {
    on: [],
    may: [connectAs(database, "collections_ingest"), read(images), list(images)],
    env: hostAndPortAs(database, "collections_ingest"),
    placement: database.placement,
    memory: 512,
    timeout: 60,
  });

export const factory = () => {
  const connect = openPostgres(databaseAddress());
  const s3 = new S3Client({});
  const logger = new Logger();

  return async (request: ItemRecordsRequest): Promise<ItemRecordsAnswer<ItemRecordsRequest>> => {
    const sql = await connect();
    if ("keep" in request && request.keep === "analysis") {
      const kept = await keepAnalysis(sql, s3, request);
      const { user_id, item_id, version_id } = request;
      logger.info("Kept an analysis", { user_id, item_id, version_id, ...kept });
      return kept;
    }
    if ("keep" in request && request.keep === "embeddings") return keepEmbeddings(sql, request);
    if ("read" in request && request.read === "analyses") return readAnalyses(sql, request);
    if ("read" in request && request.read === "item") return readItem(sql, request);
    const error = new Error(`Cannot take the request: it asks for "${Object.keys(request)}"`);
    throw Object.assign(error, { name: "BadRequest", code: "BadRequest" });
  };
};
