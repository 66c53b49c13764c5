// claude: a model without a network, at Anthropic's own protocol: POST /v1/messages with structured output. Its name is
// "offline". It does not guess: of each use it understands a documented part, by rules, and says of the rest that it cannot.
//
//   request ──> key, version ──> body ──> the use that its form is of ──> an answer of that form
//
// Not imitated, and refused by name: streaming, tools, images by address, thinking, batches, betas, answers without a form.

import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Journal } from "../../door/journal";
import { analyzeImage } from "./analyze-image";
import { apiError, isApiError } from "./api-error";
import { askTransactions } from "./ask-transactions";
import { imageTokens } from "./image";
import { type ModelRequest, readRequest } from "./request";
import type { Use } from "./use";

const uses: readonly Use[] = [askTransactions, analyzeImage];

const offlineModel = "offline";

export interface Claude {
  readonly url: string;
  end(): Promise<void>;
}

/** https://platform.claude.com/docs/en/api/versioning */
const versions = ["2023-06-01", "2026-10-21"];

/** Of a request (https://platform.claude.com/docs/en/api/errors, "Request size limits"). */
const mostBytes = 32 * 1_024 * 1_024;

export async function claude({ journal }: { journal?: Journal } = {}): Promise<Claude> {
  const server = createServer((request, response) => {
    answer(request, response, journal).catch((error) => response.destroy(error));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    end: () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, journal: Journal | undefined): Promise<void> {
  const startedAt = performance.now();
  const id = `req_${randomBytes(12).toString("hex")}`;
  const told = (status: number, body: unknown, outcome: string, resource: string) => {
    response.writeHead(status, { "content-type": "application/json", "request-id": id }).end(JSON.stringify(body));
    const ms = Math.round(performance.now() - startedAt);
    journal?.add({ service: "claude", operation: "CreateMessage", principal: "key", resource, outcome, ms });
  };
  try {
    const { use, message } = await messageTo(await read(request));
    told(200, message, "ok", use);
  } catch (error) {
    const { status, type, message } = isApiError(error) ? error : apiError(500, "api_error", String(error));
    told(status, { type: "error", error: { type, message }, request_id: id }, type, offlineModel);
    if (!request.complete) response.once("finish", () => request.destroy());
  }
}

async function read(request: IncomingMessage): Promise<ModelRequest> {
  const { method, url = "", headers } = request;
  if (method !== "POST" || url !== "/v1/messages") {
    throw apiError(404, "not_found_error", `${method} ${url} is not imitated offline: POST /v1/messages is`);
  }
  // The SDK sends it as a bearer's token, and who writes HTTP by hand as x-api-key.
  const key = headers["x-api-key"] ?? /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1];
  if (!key) throw apiError(401, "authentication_error", "x-api-key header is required");
  const version = headers["anthropic-version"];
  if (typeof version !== "string" || !versions.includes(version)) {
    throw apiError(400, "invalid_request_error", `anthropic-version: ${version ?? "header is required"} is no version`);
  }
  const beta = headers["anthropic-beta"];
  if (beta !== undefined)
    throw apiError(400, "invalid_request_error", `anthropic-beta: ${beta} is not imitated offline`);
  return readRequest(await bodyOf(request));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw apiError(413, "request_too_large", "Request exceeds the maximum size");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

async function messageTo(request: ModelRequest): Promise<{ use: string; message: unknown }> {
  const fields = Object.keys(request.form.properties);
  const use = uses.find(({ fits }) => fits(fields));
  if (use === undefined) {
    const known = uses.map(({ name }) => `"${name}"`).join(", ");
    const found = `output_config.format.schema: an answer of ${fields.join(", ")} is of no use that is imitated offline`;
    throw apiError(400, "invalid_request_error", `${found} (${known})`);
  }
  const images = request.messages.flatMap((message) => message.images);
  if (images.length !== use.images) {
    const taken = use.images === 0 ? "without an image" : `with ${use.images} image`;
    const found = `messages: the use "${use.name}" is imitated offline ${taken}: ${images.length} were found`;
    throw apiError(400, "invalid_request_error", found);
  }
  const whole = JSON.stringify(await use.answer(request));
  const text = whole.slice(0, request.maxTokens * charactersPerToken);
  const input = [request.system, ...request.messages.map((message) => message.text)].join("\n");
  return {
    use: use.name,
    message: {
      id: `msg_${randomBytes(12).toString("hex")}`,
      type: "message",
      role: "assistant",
      model: offlineModel,
      content: [{ type: "text", text, citations: null }],
      container: null,
      diagnostics: null,
      stop_reason: text.length < whole.length ? "max_tokens" : "end_turn",
      stop_sequence: null,
      stop_details: null,
      usage: {
        input_tokens: tokens(input) + images.reduce((sum, image) => sum + imageTokens(image), 0),
        output_tokens: tokens(text),
        output_tokens_details: { thinking_tokens: 0 },
        cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        inference_geo: null,
        server_tool_use: null,
        service_tier: "standard",
        speed: "standard",
      },
    },
  };
}

/** About that many in English text; nobody is billed by it. */
const charactersPerToken = 4;

const tokens = (text: string): number => Math.ceil(text.length / charactersPerToken);
