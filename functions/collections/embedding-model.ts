// embedding-model: texts as vectors, by Voyage's API.
//
// The client asks again by itself, with growing pauses, where the API has too much to do or cannot be reached; what it then throws
// is of the moment. A text that the API refuses is refused for good.

import { GeneratedVoyageAIClient, VoyageAIError } from "voyageai";
import { isKey } from "../model-key";
import { dimensions, hasDirection } from "./vector";

export interface EmbeddingModel {
  readonly url: string;
  readonly name: string;
  readonly key: string | undefined;
  /** Where the key lies. */
  readonly keyParameter: string;
  /** In seconds, of one request. */
  readonly timeout: number;
}

/** Documents are found by queries: the model prepares them for that, each in its way. */
export type InputType = "document" | "query";

/** In the order of the texts; nothing in the place of what is no vector, or has no direction. */
export async function embed(
  { url, name, key, keyParameter, timeout }: EmbeddingModel,
  texts: readonly string[],
  inputType: InputType,
): Promise<(number[] | undefined)[]> {
  if (!isKey(key)) {
    const message = `Cannot embed: SSM parameter "${keyParameter}" holds no key yet`;
    throw Object.assign(new Error(message), { name: "NoModelKey", code: "NoModelKey" });
  }
  const voyage = new GeneratedVoyageAIClient({ apiKey: key, baseUrl: url, timeoutInSeconds: timeout, maxRetries: 2 });
  const { data = [] } = await voyage.embed({
    input: [...texts],
    model: name,
    inputType,
    outputDimension: dimensions,
    truncation: true,
  });
  const vectors = [...data].sort((a, b) => (a.index ?? 0) - (b.index ?? 0)).map(({ embedding = [] }) => embedding);
  if (vectors.length === texts.length) return vectors.map((vector) => (isVector(vector) ? vector : undefined));
  const message = `Cannot embed ${texts.length} texts: Voyage has answered ${vectors.length} vectors`;
  throw Object.assign(new Error(message), { name: "BadEmbedding", code: "BadEmbedding" });
}

const isVector = (vector: readonly number[]): boolean =>
  vector.length === dimensions && vector.every((each) => Number.isFinite(each)) && hasDirection(vector);

/** Whether the API refuses what it was sent, and would do so again. 401, 403 and 429 are of the moment. */
export const isRefusal = (error: unknown): error is Error =>
  error instanceof VoyageAIError && [400, 413, 422].includes(error.statusCode ?? 0);
