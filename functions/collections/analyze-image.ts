// analyze-image: a picture that was processed in, what a model sees in it out.
//
//   in    eventbridge  ImageProcessed       (schemas/image-events.ts)
//         s3           collections-images   the thumbnail: upright, and without what a camera writes about its owner
//   out   https        api.anthropic.com    the thumbnail, and nothing of whose it is
//         lambda       item-records         the analysis (schemas/analysis.ts), a new version of it or the one that is known
//         eventbridge  AnalysisComplete
//         dynamodb     audit, model-answers
//
// A model is paid for each answer, so what it has answered is kept for three weeks, by the version of the picture and the request: the
// same event again is answered from there, also where the first run broke off behind it. Whoever wants another analysis sends
// another `request_id`. Text in a picture is part of the picture, whatever it says.
//
// A model that cannot be reached, or has too much to do, is asked again, within the event and then five times. A picture that it
// refuses is a dead letter at once. Without an analysis nothing is published. It stands outside of the network, from which nobody
// reaches the model, and item-records inside, where the database is.

import {
  IdempotencyAlreadyInProgressError,
  IdempotencyConfig,
  makeIdempotent,
} from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import { Logger } from "@aws-lambda-powertools/logger";
import { getParameter } from "@aws-lambda-powertools/parameters/ssm";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import type * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";
import { type AnalysisComplete, analysisComplete, imageProcessed } from "../../schemas/image-events";
import type { KeepAnalysis } from "../../schemas/item-records";
import type { DataBucket } from "../../stage/data-bucket";
import { eachMessage, isFinal } from "../../stage/each-message";
import { environment } from "../../stage/environment";
import { amend, invoke, list, once, parameter, publish, read } from "../../stage/permissions";
import type { Platform } from "../../stage/platform";
import { type Stage, stage } from "../../stage/stage";
import { eventBatches } from "../../stage/triggers";
import { lookAt, type Picture, type Seen } from "./analyze-image/look-at";
import { type NamedPicture, namedPictureOf } from "./analyze-image/named-picture";
import { readThumbnail } from "./analyze-image/read-thumbnail";
import { itemRecords } from "./item-records-client";
import { currentOriginal } from "./original";
import { pictureAudit } from "./picture-audit";
import { publishEvent } from "./publish-event";
import { traceId } from "./trace-id";

interface Ground {
  readonly platform: Platform;
  readonly images: DataBucket;
  /** item-records, which has the database. */
  readonly records: Stage;
  /** What models have answered already, and were paid for. */
  readonly modelAnswers: aws.dynamodb.Table;
  /** A SecureString that its owner puts. */
  readonly anthropicKey: aws.ssm.Parameter;
  readonly claudeModel: Input<string>;
  /** Batches. */
  readonly atOnce: number;
}

export const analyzeImage = ({ platform, images, records, modelAnswers, anthropicKey, claudeModel, atOnce }: Ground) =>
  stage(platform, "analyze-image", factory, {
    on: [eventBatches(imageProcessed, { batch: 5, window: 0, atOnce })],
    may: [
      read(images),
      list(images),
      parameter(anthropicKey),
      once(modelAnswers),
      invoke(records.function),
      publish(platform, analysisComplete.source),
      amend(platform.audit),
    ],
    env: {
      BUCKET_NAME: images.bucket,
      EVENT_BUS_NAME: "default",
      ITEM_RECORDS_FUNCTION: records.function.name,
      MODEL_ANSWERS_TABLE: modelAnswers.name,
      AUDIT_TABLE: platform.audit.name,
      ANTHROPIC_KEY_PARAMETER: anthropicKey.name,
      CLAUDE_URL: "https://api.anthropic.com",
      CLAUDE_MODEL: claudeModel,
      CLAUDE_TIMEOUT_MS: "60000",
    },
    memory: 1_024,
    timeout: 300,
  });

/** How long a key is remembered, in seconds: who puts another one does not wait for long. */
const keyRemembered = 300;

/** How long an answer is kept, in seconds: longer than an event waits in queues, those of dead letters with it. */
const answerRemembered = 21 * 24 * 3_600;

export const factory = () => {
  const { BUCKET_NAME, ITEM_RECORDS_FUNCTION, MODEL_ANSWERS_TABLE, AUDIT_TABLE } = environment(
    "BUCKET_NAME",
    "ITEM_RECORDS_FUNCTION",
    "MODEL_ANSWERS_TABLE",
    "AUDIT_TABLE",
  );
  const { ANTHROPIC_KEY_PARAMETER, CLAUDE_URL, CLAUDE_MODEL, CLAUDE_TIMEOUT_MS } = environment(
    "ANTHROPIC_KEY_PARAMETER",
    "CLAUDE_URL",
    "CLAUDE_MODEL",
    "CLAUDE_TIMEOUT_MS",
  );
  const { EVENT_BUS_NAME = "default" } = process.env;
  const s3 = new S3Client({});
  const dynamodb = new DynamoDBClient({});
  const events = new EventBridgeClient({});
  const records = itemRecords(new LambdaClient({}), ITEM_RECORDS_FUNCTION);
  const audit = pictureAudit(dynamodb, AUDIT_TABLE, "analyze-image");
  const config = new IdempotencyConfig({ expiresAfterSeconds: answerRemembered });
  const persistenceStore = new DynamoDBPersistenceLayer({ tableName: MODEL_ANSWERS_TABLE, awsSdkV3Client: dynamodb });
  const logger = new Logger();

  /** The first argument says what is the same. */
  const seen = makeIdempotent(
    async (_: Paid, thumbnail: Picture): Promise<Seen> => {
      const key = await getParameter(ANTHROPIC_KEY_PARAMETER, { decrypt: true, maxAge: keyRemembered });
      const model = { url: CLAUDE_URL, name: CLAUDE_MODEL, key, keyParameter: ANTHROPIC_KEY_PARAMETER };
      return lookAt({ ...model, timeout: Number(CLAUDE_TIMEOUT_MS) }, thumbnail);
    },
    { config, persistenceStore, keyPrefix: "analyze-image" },
  );

  return eachMessage(
    async (event, { context, attempts }) => {
      // Whoever breaks off in the middle is waited for no longer than it could have gone on.
      config.registerLambdaContext(context);
      const picture = namedPictureOf(event, BUCKET_NAME);
      const outcome = await take(picture, context.awsRequestId, attempts);
      logger.info("Looked at a picture", { key: picture.original_key, outcome });
    },
    { width: 5 },
  );

  async function take(picture: NamedPicture, requestId: string, attempts: number) {
    const { user_id, item_id, bucket, original_key, thumbnail_key, version_id: told, request_id = "" } = picture;
    const thumbnail = await readThumbnail(s3, { bucket, key: thumbnail_key });
    if (thumbnail === undefined) return withoutThumbnail(picture);
    const { version, mime, width, height } = thumbnail.of;
    if (told !== undefined && told !== version) return "superseded";
    const record = audit({ bucket, key: original_key, version, requestId });
    const answer = await answered({ user_id, item_id, bucket, version, request_id }, thumbnail).catch(async (error) => {
      // Of a picture that was analyzed once nobody should hear that it is rejected.
      if (isFinal(error) && request_id === "") await record("rejected", [], error);
      throw error;
    });
    if (answer === undefined && attempts === 1) return "under way";
    // Its twin may have been itself, at an earlier try that broke off.
    if (answer === undefined) throw new Error(`Cannot analyze "${original_key}": an answer is waited for already`);
    const { analysis, provider, model } = answer;
    const kept = await records<KeepAnalysis>({
      keep: "analysis",
      user_id,
      item_id,
      bucket,
      original_key,
      thumbnail_key,
      version_id: version,
      request_id,
      mime_type: mime,
      width,
      height,
      analysis,
      provider_used: provider,
      model_used: model,
      trace_id: traceId(),
    });
    if (kept.outcome !== "kept") return kept.outcome;
    const detail: AnalysisComplete = { item_id, analysis_id: kept.analysis_id, user_id };
    await publishEvent(events, EVENT_BUS_NAME, analysisComplete, detail);
    await record("analyzed", []);
    return `version ${kept.version}`;
  }

  /** Nothing where the same event has come twice, and the other one waits for the answer: should it fail, it is that one which comes again. */
  async function answered(paid: Paid, thumbnail: Picture): Promise<Seen | undefined> {
    try {
      return await seen(paid, thumbnail);
    } catch (error) {
      if (error instanceof IdempotencyAlreadyInProgressError) return undefined;
      throw error;
    }
  }

  /** It is not made yet, or gone with its picture. */
  async function withoutThumbnail({ bucket, original_key, thumbnail_key }: NamedPicture) {
    if ((await currentOriginal(s3, { bucket, key: original_key })) === undefined) return "gone";
    throw new Error(`Cannot analyze "${original_key}": there is no thumbnail "${thumbnail_key}" yet`);
  }
};

/** What makes an answer of the model another one. */
interface Paid {
  readonly user_id: string;
  readonly item_id: string;
  readonly bucket: string;
  readonly version: string;
  readonly request_id: string;
}
