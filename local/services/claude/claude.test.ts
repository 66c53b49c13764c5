// The wire protocol, spoken by Anthropic's own client.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Anthropic, APIError } from "@anthropic-ai/sdk";
import type { MessageCreateParamsNonStreaming } from "@anthropic-ai/sdk/resources/messages";
import { answerForm } from "../../../functions/transactions/ask-transactions/model-answer";
import { questionAsked, systemPrompt } from "../../../functions/transactions/ask-transactions/prompt";
import { journal } from "../../door/journal";
import { type Claude, claude } from "./claude";

const record = journal();
let offline: Claude;
let client: Anthropic;

before(async () => {
  offline = await claude({ journal: record });
  client = new Anthropic({ apiKey: "any", baseURL: offline.url, maxRetries: 0, logLevel: "off" });
});
after(() => offline.end());

const request: MessageCreateParamsNonStreaming = {
  model: "claude-haiku-5-5",
  max_tokens: 4_096,
  system: systemPrompt(new Date("2026-07-15")),
  messages: [questionAsked("Revenue by month")],
  output_config: { effort: "low", format: { type: "json_schema", schema: { ...answerForm } } },
};

const errorOf = async (more: object, options = {}) => {
  try {
    await client.messages.create({ ...request, ...more } as MessageCreateParamsNonStreaming, options);
  } catch (error) {
    assert.ok(error instanceof APIError, String(error));
    return error;
  }
  return assert.fail("it was answered");
};

test("a question is answered in the form that is asked for, with usage and a name", async () => {
  const { data, request_id } = await client.messages.create(request).withResponse();
  const { model, role, type, stop_reason, content, usage } = data;
  assert.deepEqual(
    { model, role, type, stop_reason },
    { model: "offline", role: "assistant", type: "message", stop_reason: "end_turn" },
  );
  assert.match(request_id ?? "", /^req_\w{24}$/);
  const [block] = content;
  assert.ok(block?.type === "text");
  assert.deepEqual(Object.keys(JSON.parse(block.text)).sort(), ["cannot", "explanation", "sql"]);
  assert.ok(usage.input_tokens > 500 && usage.output_tokens > 20, JSON.stringify(usage));
  const { service, operation, resource, outcome } = record.entries.at(-1) ?? {};
  assert.deepEqual(
    { service, operation, resource, outcome },
    { service: "claude", operation: "CreateMessage", resource: "ask-transactions", outcome: "ok" },
  );
});

test("an answer that is longer than it may be is cut off", async () => {
  const { stop_reason, usage } = await client.messages.create({ ...request, max_tokens: 5 });
  assert.deepEqual([stop_reason, usage.output_tokens], ["max_tokens", 5]);
});

test("a statement that did not run is not tried in other words", async () => {
  const messages = [
    ...request.messages,
    { role: "assistant", content: "{}" },
    { role: "user", content: "It was not run." },
  ] as const;
  const { content } = await client.messages.create({ ...request, messages: [...messages] });
  assert.match(JSON.parse(content[0]?.type === "text" ? content[0].text : "").cannot, /no other statement/);
});

test("a request without a key or a version is refused as the API refuses it", async () => {
  const body = JSON.stringify(request);
  for (const [headers, status, type] of [
    [{ "anthropic-version": "2026-10-21" }, 401, "authentication_error"],
    [{ "x-api-key": "any" }, 400, "invalid_request_error"],
    [{ "x-api-key": "any", "anthropic-version": "2020-01-01" }, 400, "invalid_request_error"],
    [{ "x-api-key": "any", "anthropic-version": "2023-06-01" }, 200, undefined],
  ] as const) {
    const response = await fetch(`${offline.url}/v1/messages`, { method: "POST", headers, body });
    const answer = (await response.json()) as { type: string; error?: { type: string }; request_id?: string };
    assert.deepEqual([response.status, answer.error?.type], [status, type]);
    if (status !== 200) assert.equal(answer.request_id, response.headers.get("request-id"));
  }
});

test("what is not imitated is refused by its name", async () => {
  for (const [more, says] of [
    [{ stream: true }, /stream: is not imitated offline/],
    [{ tools: [] }, /tools: is not imitated offline/],
    [{ thinking: { type: "adaptive" } }, /thinking: is not imitated offline/],
    [{ temperature: 0 }, /temperature: is not imitated offline/],
    [{ output_config: undefined }, /output_config: /],
    [{ max_tokens: 0 }, /max_tokens: /],
    [{ messages: [] }, /messages: /],
    [{ messages: [{ role: "user", content: [{ type: "image", source: {} }] }] }, /messages\.0\.content/],
    [{ messages: [...request.messages, { role: "assistant", content: "{" }] }, /must end with a turn of the user/],
    [
      { output_config: { format: { type: "json_schema", schema: { type: "object", properties: { a: {} } } } } },
      /additionalProperties/,
    ],
    [
      {
        output_config: {
          format: {
            type: "json_schema",
            schema: { type: "object", properties: { a: {} }, additionalProperties: false },
          },
        },
      },
      /an answer of a is of no use that is imitated offline \(\\?"ask-transactions/,
    ],
  ] as const) {
    const { status, type, message } = await errorOf(more);
    assert.deepEqual([status, type], [400, "invalid_request_error"], message);
    assert.match(message, says);
  }
  assert.match(
    (await errorOf({}, { headers: { "anthropic-beta": "x-2026" } })).message,
    /anthropic-beta: x-2026 is not imitated/,
  );
  await assert.rejects(client.models.list(), { status: 404, type: "not_found_error" });
});

test("a request that is too large, or no JSON, is refused", async () => {
  const headers = { "x-api-key": "any", "anthropic-version": "2026-10-21" };
  const send = async (body: string) =>
    (await fetch(`${offline.url}/v1/messages`, { method: "POST", headers, body })).status;
  assert.equal(await send("{"), 400);
  assert.equal(await send("[]"), 400);
  assert.equal(await send("x".repeat(33 * 1_024 * 1_024)), 413);
});
