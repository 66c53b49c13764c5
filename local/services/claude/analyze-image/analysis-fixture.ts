// analysis-fixture: pictures sent to the offline model by Anthropic's own client, as the collections send them.

import assert from "node:assert/strict";
import { BaseAnthropic } from "@anthropic-ai/sdk/client";
import { APIError } from "@anthropic-ai/sdk/error";
import {
  type Base64ImageSource,
  type Message,
  type MessageCreateParamsNonStreaming,
  Messages,
} from "@anthropic-ai/sdk/resources/messages";
import { parse } from "valibot";
import { Analysis, categories } from "../../../../schemas/analysis";
import { type Claude, claude } from "../claude";

const words = { type: "array", items: { type: "string" } };

export const form = {
  type: "object",
  properties: {
    category: { type: "string", enum: categories },
    summary: { type: "string" },
    objects: words,
    colours: words,
    text: { type: "string" },
    mood: { type: "string" },
    confidence: { type: "number" },
  },
  required: ["category", "summary", "objects", "colours", "text", "mood", "confidence"],
  additionalProperties: false,
};

type MediaType = Base64ImageSource["media_type"];

export const image = (bytes: Buffer, media_type: MediaType) =>
  ({ type: "image", source: { type: "base64", media_type, data: bytes.toString("base64") } }) as const;

export interface Asking {
  analysisOf(
    bytes: Buffer,
    type: "image/jpeg" | "image/png",
    says?: string,
    answer?: object,
  ): Promise<{ analysis: Analysis; message: Message }>;
  /** What is said against a request of this content, with more fields or others. */
  refusalOf(content: unknown, more?: object): Promise<string>;
  end(): Promise<void>;
}

export async function asking(): Promise<Asking> {
  const offline: Claude = await claude();
  const messages = new Messages(
    new BaseAnthropic({ apiKey: "any", baseURL: offline.url, maxRetries: 0, logLevel: "off", openTelemetry: false }),
  );
  const ask = (content: unknown, more: object) => {
    const output_config = { format: { type: "json_schema", schema: form } };
    const request = {
      model: "claude-haiku-5-5",
      max_tokens: 4_096,
      messages: [{ role: "user", content }],
      output_config,
    };
    return messages.create({ ...request, ...more } as MessageCreateParamsNonStreaming);
  };
  return {
    async analysisOf(bytes, type, says = "Describe it.", answer = form) {
      const output_config = { format: { type: "json_schema", schema: answer } };
      const message = await ask([image(bytes, type), { type: "text", text: says }], { output_config });
      const [block] = message.content;
      assert.ok(block?.type === "text");
      return { analysis: parse(Analysis, JSON.parse(block.text)), message };
    },
    async refusalOf(content, more = {}) {
      try {
        await ask(content, more);
      } catch (error) {
        assert.ok(error instanceof APIError, String(error));
        assert.deepEqual([error.status, error.type], [400, "invalid_request_error"], error.message);
        return (error.error as { error: { message: string } }).error.message;
      }
      return assert.fail("it was answered");
    },
    end: offline.end,
  };
}
