// request: a request for embeddings, read as strictly as the API reads it. What is not imitated is refused by its name.
// https://docs.voyageai.com/reference/embeddings-api

import { apiError, badArgument } from "./api-error";
import { charactersPerToken, contextTokens, mostTokens, tokensOf } from "./tokens";

export interface EmbedRequest {
  /** Cut to what fits the model. */
  readonly texts: readonly string[];
  readonly dimensions: number;
  readonly base64: boolean;
  readonly tokens: number;
}

const known = ["input", "model", "input_type", "truncation", "output_dimension", "output_dtype", "encoding_format"];

const dimensions = [256, 512, 1_024, 2_048];

/** Of the list. */
const mostTexts = 1_000;

export function readRequest(body: string): EmbedRequest {
  const asked = json(body);
  const unknown = Object.keys(asked).find((name) => !known.includes(name));
  if (unknown !== undefined) throw badArgument(`Argument '${unknown}' is not supported by our API`);
  if (asked.input === undefined || asked.model === undefined) {
    throw badArgument("Your request body was missing one or more required arguments.");
  }
  const model = text("model", asked.model);
  oneOf("input_type", asked.input_type, ["query", "document"]);
  const base64 = oneOf("encoding_format", asked.encoding_format, ["base64"]) === "base64";
  oneOf("output_dtype", asked.output_dtype, ["float", "int8", "uint8", "binary", "ubinary"]);
  if (asked.output_dtype !== undefined && asked.output_dtype !== null && asked.output_dtype !== "float") {
    throw badArgument(`Error for argument 'output_dtype': '${asked.output_dtype}' is not imitated offline: 'float' is`);
  }
  const truncation = asked.truncation ?? true;
  if (typeof truncation !== "boolean")
    throw badArgument("Error for argument 'truncation': Input should be a valid boolean");
  const dimension = asked.output_dimension ?? 1_024;
  if (typeof dimension !== "number" || !dimensions.includes(dimension)) {
    throw apiError(
      "InvalidRequest",
      `Value '${dimension}' supplied for argument 'output_dimension' is not valid -- accepted values for '${model}' are [${dimensions.join(", ")}].`,
    );
  }
  const texts = inputOf(asked.input, model).map((one, index) => fitting(one, { index, model, truncation }));
  const tokens = texts.reduce((sum, one) => sum + tokensOf(one), 0);
  if (tokens > mostTokens(model)) {
    const found = `The max allowed tokens per submitted batch is ${mostTokens(model)}. Your batch has ${tokens} tokens after truncation.`;
    throw refused(model, `${found} Please lower the number of tokens in the batch.`);
  }
  return { texts, dimensions: dimension, base64, tokens };
}

const refused = (model: string, why: string) =>
  apiError("InvalidRequest", `Request to model '${model}' failed. ${why}`);

function json(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    throw badArgument("Error for argument '0': JSON decode error");
  }
  throw badArgument("Your request body was missing one or more required arguments.");
}

function text(name: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw badArgument(`Error for argument '${name}': Input should be a valid string`);
}

function inputOf(input: unknown, model: string): readonly string[] {
  const texts: unknown[] = Array.isArray(input) ? input : [input];
  if (texts.length === 0 || texts.includes("")) {
    throw badArgument("Error for argument 'input': Value error, Input cannot contain empty strings or empty lists");
  }
  if (texts.length > mostTexts) {
    throw refused(model, `The batch size limit is ${mostTexts}. Your batch size is ${texts.length}.`);
  }
  return texts.map((one) => text("input", one));
}

/** Nothing is as good as null. */
function oneOf(name: string, value: unknown, accepted: readonly string[]): unknown {
  if (value === undefined || value === null || accepted.some((one) => one === value)) return value;
  const values = accepted.map((one) => `'${one}'`).join(" or ");
  throw badArgument(`Value '${value}' supplied for argument '${name}' is not valid -- accepted values are ${values}`);
}

interface Example {
  readonly index: number;
  readonly model: string;
  readonly truncation: boolean;
}

function fitting(one: string, { index, model, truncation }: Example): string {
  if (tokensOf(one) <= contextTokens) return one;
  if (truncation) return one.slice(0, contextTokens * charactersPerToken);
  const found = `The example at index ${index} in your batch has too many tokens and does not fit into the model's context window of ${contextTokens} tokens.`;
  throw refused(model, `${found} Please lower the number of tokens in the listed example(s) or use truncation.`);
}
