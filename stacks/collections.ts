// collections: from a user's pictures to a search that knows what is in them.
//
//   user ──> POST /api/items ──> (form) ──> collections-images ──> process-image ──> thumbnail
//     │                                                                  └──ImageProcessed──> analyze-image ──> Claude
//     │                                                                                             │
//     │                                  embed-analysis <──AnalysisComplete─────────────────────────┤
//     │                                    ├──> Voyage                                              │
//     │                                    └──> item-records ──> database <── item-records <────────┘
//     │                                                              ^
//     ├──> GET /api/items/search ──> search-items ──> find-items ────┤
//     ├──> GET, DELETE /api/items ... ───────────────────────────────┘
//     └──> POST /api/items/{id}/analyses ──> analyze-again ──ImageProcessed──> ...
//
// What asks a model stands outside of the network, and what has the database inside of it. An event waits in a queue of the
// stage that it is for; find-items and item-records are called, and answer.

import * as aws from "@pulumi/aws";
import { analyzeAgain } from "../functions/collections/analyze-again";
import { analyzeImage } from "../functions/collections/analyze-image";
import { deleteItem } from "../functions/collections/delete-item";
import { embedAnalysis } from "../functions/collections/embed-analysis";
import { findItems } from "../functions/collections/find-items";
import { itemRecords } from "../functions/collections/item-records";
import { listItems } from "../functions/collections/list-items";
import { presignImage } from "../functions/collections/presign-image";
import { processImage } from "../functions/collections/process-image";
import { searchItems } from "../functions/collections/search-items";
import { showItem } from "../functions/collections/show-item";
import { similarItems } from "../functions/collections/similar-items";
import { DataBucket } from "../stage/data-bucket";
import type { Database } from "../stage/database";
import type { HttpApi } from "../stage/http-api";
import { imageCodecLayer } from "../stage/image-codec-layer";
import type { Platform } from "../stage/platform";
import { keyParameter } from "./key-parameter";
import type { Settings } from "./settings";

export interface CollectionsGround {
  readonly database: Database;
  readonly api: HttpApi;
}

export function collections(base: Platform, { database, api }: CollectionsGround, settings: Settings) {
  const platform = { ...base, pipeline: "collections" };
  // Pictures as users send them, and their thumbnails beside them. They stay until their owner deletes them.
  const images = new DataBucket("collections-images", platform, {
    dataClass: "internal",
    ...(settings.apiOrigins ? { formsFrom: settings.apiOrigins } : {}),
  });
  const modelAnswers = answersTable(platform);
  const { claudeModel, voyageModel, collectionsParameters: prefix, picturesAtOnce: atOnce } = settings;
  const anthropicKey = keyParameter("collections-anthropic-key", `${prefix}/ANTHROPIC_API_KEY`, platform);
  const voyageKey = keyParameter("collections-voyage-key", `${prefix}/VOYAGE_API_KEY`, platform);
  const voyage = { voyageKey, voyageModel };

  const records = itemRecords({ platform, database, images });
  processImage({ platform, images, codec: imageCodecLayer(), atOnce });
  analyzeImage({ platform, images, records, modelAnswers, anthropicKey, claudeModel, atOnce });
  embedAnalysis({ platform, records, ...voyage });

  presignImage({ platform, api, images });
  analyzeAgain({ platform, api, records });
  searchItems({ platform, api, findItems: findItems({ platform, database }), ...voyage });
  listItems({ platform, api, database });
  showItem({ platform, api, database, images });
  similarItems({ platform, api, database });
  deleteItem({ platform, api, database, images });
  return { images, anthropicKey, voyageKey };
}

/** What models have answered and were paid for, for as long as functions/collections/analyze-image.ts says. */
const answersTable = ({ key, protect, pipeline }: Platform): aws.dynamodb.Table =>
  new aws.dynamodb.Table(
    "model-answers",
    {
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attributes: [{ name: "id", type: "S" }],
      ttl: { attributeName: "expiration", enabled: true },
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: key ? { enabled: true, kmsKeyArn: key.arn } : { enabled: true },
      deletionProtectionEnabled: protect,
      tags: { pipeline, dataClass: "internal" },
    },
    { protect, retainOnDelete: protect },
  );
