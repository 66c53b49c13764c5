// look-at: one picture shown to the model by Anthropic's Messages API, and what it sees in it.
//
// The client asks again by itself, with growing pauses, where the API has too much to do or cannot be reached. What it then throws
// is of the moment, unless another try cannot help: that is final.

// By its parts: as a whole the client brings everything that can be asked of the API, 300 kB.
import { BaseAnthropic } from "@anthropic-ai/sdk/client";
import { APIError } from "@anthropic-ai/sdk/error";
import { type Message, Messages } from "@anthropic-ai/sdk/resources/messages";
import { safeParse } from "valibot";
import { Analysis } from "../../../schemas/analysis";
import type { ImageMime } from "../../../schemas/image-types";
import { final } from "../../../stage/each-message";
import { isKey } from "../../model-key";
import { answerForm } from "./answer-form";
import { systemPrompt } from "./prompt";

export interface Model {
  readonly url: string;
  readonly name: string;
  readonly key: string | undefined;
  /** Where the key lies. */
  readonly keyParameter: string;
  /** Of one request, in milliseconds. */
  readonly timeout: number;
}

export interface Picture {
  /** For whoever reads of an error. */
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly mime: ImageMime;
}

export interface Seen {
  readonly analysis: Analysis;
  readonly provider: "anthropic" | "offline";
  /** As the API calls the model that has answered. */
  readonly model: string;
}

/** What it thinks before it answers counts as well. */
const mostTokens = 4_096;

export async function lookAt({ url, name, key, keyParameter, timeout }: Model, picture: Picture): Promise<Seen> {
  if (!isKey(key)) {
    const message = `Cannot analyze "${picture.key}": SSM parameter "${keyParameter}" holds no key yet`;
    throw Object.assign(new Error(message), { name: "NoModelKey", code: "NoModelKey" });
  }
  const anthropic = new BaseAnthropic({
    apiKey: key,
    baseURL: url,
    timeout,
    maxRetries: 2,
    logLevel: "off",
    openTelemetry: false,
  });
  const ask = () => new Messages(anthropic).create(question(name, picture));
  try {
    return seenIn(await ask(), picture) ?? seenIn(await ask(), picture) ?? unreadable(picture);
  } catch (error) {
    // Of the picture itself: it is too large, or none that the API can read. 413: with it the request is too large.
    if (!(error instanceof APIError) || ![400, 413, 422].includes(error.status ?? 0)) throw error;
    throw final("ModelRefuses", `Cannot analyze "${picture.key}": the model refuses it, ${error.message}`, {
      cause: error,
    });
  }
}

const question = (model: string, { bytes, mime }: Picture) => ({
  model,
  max_tokens: mostTokens,
  system: systemPrompt,
  messages: [
    {
      role: "user" as const,
      content: [
        {
          type: "image" as const,
          source: { type: "base64" as const, media_type: mime, data: Buffer.from(bytes).toString("base64") },
        },
        { type: "text" as const, text: "Describe this picture." },
      ],
    },
  ],
  output_config: { effort: "low" as const, format: { type: "json_schema" as const, schema: { ...answerForm } } },
});

/** Nothing where it is in no form. */
function seenIn({ content, model, stop_reason }: Message, { key }: Picture): Seen | undefined {
  if (stop_reason === "refusal") throw final("ModelDeclines", `Cannot analyze "${key}": the model declines to`);
  const text = content.map((block) => (block.type === "text" ? block.text : "")).join("");
  const { success, output } = safeParse(Analysis, jsonOf(text));
  if (!success) return undefined;
  return { analysis: output, provider: model === "offline" ? "offline" : "anthropic", model };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const unreadable = ({ key }: Picture): never => {
  throw final("ModelUnreadable", `Cannot analyze "${key}": the model has twice answered in no form that can be read`);
};
