// embed-analysis: analyses in, their embeddings out, as many at once as wait.
//
//   in    eventbridge  AnalysisComplete   (schemas/image-events.ts)
//         lambda       item-records       what each analysis says
//   out   https        api.voyageai.com   a document per analysis, in one request
//         lambda       item-records       the embeddings, by which search-items finds
//
// An analysis that is embedded already is not paid for again, and one whose item is gone not at all. A model that cannot be
// reached, or has too much to do, is asked again, within the batch and then five times. Where it refuses a batch each
// document is sent alone, and the one that it refuses is a dead letter; so is an analysis that is not there. It stands outside of
// the network, from which nobody reaches the model, and item-records inside, where the database is.

import { Logger } from "@aws-lambda-powertools/logger";
import { getParameter } from "@aws-lambda-powertools/parameters/ssm";
import { LambdaClient } from "@aws-sdk/client-lambda";
import type * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";
import { object, safeParse } from "valibot";
import type { Analysis } from "../../schemas/analysis";
import { AnalysisComplete, analysisComplete } from "../../schemas/image-events";
import type { AnalysisName, Embedding, KeepEmbeddings, ReadAnalyses } from "../../schemas/item-records";
import { eachBatch, final, type Outcome } from "../../stage/each-message";
import { environment } from "../../stage/environment";
import { inLanes } from "../../stage/lanes";
import { invoke, parameter } from "../../stage/permissions";
import type { Platform } from "../../stage/platform";
import { type Stage, stage } from "../../stage/stage";
import { eventBatches } from "../../stage/triggers";
import { embeddingDocument, embeddingSource } from "./embed-analysis/embedding-document";
import { embed, isRefusal } from "./embedding-model";
import { itemRecords } from "./item-records-client";
import { dimensions } from "./vector";

interface Ground {
  readonly platform: Platform;
  /** item-records, which has the database. */
  readonly records: Stage;
  /** A SecureString that its owner puts. */
  readonly voyageKey: aws.ssm.Parameter;
  readonly voyageModel: Input<string>;
}

export const embedAnalysis = ({ platform, records, voyageKey, voyageModel }: Ground) =>
  stage(platform, "embed-analysis", factory, {
    on: [eventBatches(analysisComplete, { batch: 10, window: 0 })],
    may: [parameter(voyageKey), invoke(records.function)],
    env: {
      ITEM_RECORDS_FUNCTION: records.function.name,
      VOYAGE_KEY_PARAMETER: voyageKey.name,
      VOYAGE_URL: "https://api.voyageai.com/v1",
      VOYAGE_EMBEDDING_MODEL: voyageModel,
    },
    memory: 512,
    timeout: 60,
  });

/** How long a key is remembered, in seconds: who puts another one does not wait for long. */
const keyRemembered = 300;

/** In seconds: three of them, and what lies between, within the stage's own timeout. */
const modelTimeout = 15;

export const factory = () => {
  const { ITEM_RECORDS_FUNCTION, VOYAGE_KEY_PARAMETER, VOYAGE_URL, VOYAGE_EMBEDDING_MODEL } = environment(
    "ITEM_RECORDS_FUNCTION",
    "VOYAGE_KEY_PARAMETER",
    "VOYAGE_URL",
    "VOYAGE_EMBEDDING_MODEL",
  );
  const records = itemRecords(new LambdaClient({}), ITEM_RECORDS_FUNCTION);
  const logger = new Logger();

  return eachBatch(async (messages) => {
    const names = messages.map(({ body }) => analysisNameOf(body));
    // One that is told of twice is one.
    const asked = [...new Map(names.filter(isName).map((name) => [name.analysis_id, name])).values()];
    const outcomes = new Map<string, Outcome>();
    const documents = await documentsOf(asked, outcomes);
    const embeddings = await embeddingsOf(documents, outcomes);
    if (embeddings.length > 0) await records<KeepEmbeddings>({ keep: "embeddings", embeddings });
    logger.info("Embedded analyses", { told: messages.length, asked: asked.length, embedded: embeddings.length });
    return names.map((name) => (isName(name) ? outcomes.get(name.analysis_id) : name));
  });

  /** Of those that are to be embedded. */
  async function documentsOf(names: readonly AnalysisName[], outcomes: Outcomes): Promise<Document[]> {
    if (names.length === 0) return [];
    const read = await records<ReadAnalyses>({
      read: "analyses",
      analyses: names,
      embedding_model: VOYAGE_EMBEDDING_MODEL,
    });
    return names.flatMap((name, place) => {
      const found = read[place];
      if (found?.outcome === "missing") outcomes.set(name.analysis_id, noAnalysis(name));
      if (found?.outcome !== "found") return [];
      const text = embeddingDocument(found.analysis);
      if (text !== undefined) return [{ name, analysis: found.analysis, text }];
      outcomes.set(
        name.analysis_id,
        final("EmptyDocument", `Cannot embed analysis "${name.analysis_id}": it says nothing`),
      );
      return [];
    });
  }

  async function embeddingsOf(documents: readonly Document[], outcomes: Outcomes): Promise<Embedding[]> {
    if (documents.length === 0) return [];
    const model = {
      url: VOYAGE_URL,
      name: VOYAGE_EMBEDDING_MODEL,
      key: await getParameter(VOYAGE_KEY_PARAMETER, { decrypt: true, maxAge: keyRemembered }),
      keyParameter: VOYAGE_KEY_PARAMETER,
      timeout: modelTimeout,
    };
    const texts = documents.map(({ text }) => text);
    try {
      const vectors = await embed(model, texts, "document");
      return documents.flatMap((document, place) => {
        const vector = vectors[place];
        if (vector !== undefined) return [embeddingOf(document, vector)];
        outcomes.set(document.name.analysis_id, noVector(document.name));
        return [];
      });
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (documents.length > 1) {
        // One of them it must be.
        return (await inLanes(documents, 2, (document) => embeddingsOf([document], outcomes))).flat();
      }
      for (const { name } of documents) outcomes.set(name.analysis_id, refused(name, error));
      return [];
    }
  }

  function embeddingOf({ name, analysis }: Document, vector: readonly number[]): Embedding {
    return { ...name, vector, embedding_model: VOYAGE_EMBEDDING_MODEL, embedding_source: embeddingSource(analysis) };
  }
};

type Outcomes = Map<string, Outcome>;

interface Document {
  readonly name: AnalysisName;
  readonly analysis: Analysis;
  readonly text: string;
}

/** What is wrong with an event where it is no AnalysisComplete. */
function analysisNameOf(event: unknown): AnalysisName | Error {
  const { success, output, issues } = safeParse(object({ detail: AnalysisComplete }), event);
  if (success) return output.detail;
  const wrong = issues.map(({ path }) => path?.map(({ key }) => key).join(".")).join(", ");
  return final("NoAnalysisEvent", `Cannot embed an analysis: the event is no AnalysisComplete, ${wrong} is wrong`);
}

const isName = (name: AnalysisName | Error): name is AnalysisName => !(name instanceof Error);

const noAnalysis = ({ analysis_id, item_id, user_id }: AnalysisName): Error =>
  final("NoAnalysis", `Cannot embed analysis "${analysis_id}": item "${item_id}" of "${user_id}" has none of that id`);

/** Of the moment: a model that has answered that may answer something else. */
const noVector = ({ analysis_id }: AnalysisName): Error =>
  Object.assign(
    new Error(`Cannot embed analysis "${analysis_id}": Voyage has answered no vector of ${dimensions} numbers`),
    {
      name: "BadEmbedding",
      code: "BadEmbedding",
    },
  );

const refused = ({ analysis_id }: AnalysisName, cause: Error): Error =>
  final("ModelRefuses", `Cannot embed analysis "${analysis_id}": the model refuses it, ${cause.message}`, { cause });
