// voyage: an offline model that turns texts into numbers, behind Voyage's embeddings API. The client does not know it: it speaks
// HTTP with voyageai to another address, and only the `model` of the answer - "offline" - says who has answered.
//
//   in    POST /v1/embeddings   up to 1,000 texts, as Voyage's documentation has it
//   out   200                   an embedding of each, computed from its words by hashed-embedding.ts
//         400 401 404 405 413   { detail } in the words of the API: what is not imitated is refused by its name
//
// Whether a text is a query or a document makes no difference to its embedding: Voyage puts a sentence before it, and the two
// can be compared all the same. Twice the same request is the same answer.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Journal } from "../../door/journal";
import { apiError, isApiError } from "./api-error";
import { embedText } from "./hashed-embedding";
import { type EmbedRequest, readRequest } from "./request";

const offlineModel = "offline";

export interface Voyage {
  /** With the path that Voyage's own base address has, `/v1`. */
  readonly url: string;
  end(): Promise<void>;
}

/** More than the most tokens that any model takes. */
const mostBytes = 32 * 1_024 * 1_024;

export async function voyage({ journal }: { journal?: Journal } = {}): Promise<Voyage> {
  const server = createServer((request, response) => {
    answer(request, response, journal).catch((error) => response.destroy(error));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    end: () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, journal: Journal | undefined): Promise<void> {
  const startedAt = performance.now();
  const told = (status: number, body: unknown, outcome: string, resource: string) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    const ms = Math.round(performance.now() - startedAt);
    journal?.add({ service: "voyage", operation: "CreateEmbeddings", principal: "key", resource, outcome, ms });
  };
  try {
    const asked = await read(request);
    told(200, embeddings(asked), "ok", asked.texts.length === 1 ? "1 text" : `${asked.texts.length} texts`);
  } catch (error) {
    const { status, code, message } = isApiError(error)
      ? error
      : { status: 500, code: "ServerError", message: String(error) };
    told(status, { detail: message }, code, offlineModel);
    if (!request.complete) response.once("finish", () => request.destroy());
  }
}

/** The API reads the body before the key. */
async function read(request: IncomingMessage): Promise<EmbedRequest> {
  const { method, url, headers } = request;
  if (url !== "/v1/embeddings") {
    throw apiError("NotFound", `${method} ${url} is not imitated offline: POST /v1/embeddings is`);
  }
  if (method !== "POST") throw apiError("MethodNotAllowed", "Method Not Allowed");
  const asked = readRequest(await bodyOf(request));
  if (!/^Bearer \S+$/.test(headers.authorization ?? "")) throw apiError("Unauthorized", "Unauthorized");
  return asked;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw apiError("RequestTooLarge", "Request Entity Too Large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

const embeddings = ({ texts, dimensions, base64, tokens }: EmbedRequest) => ({
  object: "list",
  data: texts.map((text, index) => {
    const embedding = embedText(text, dimensions);
    return { object: "embedding", embedding: base64 ? base64Of(embedding) : [...embedding], index };
  }),
  model: offlineModel,
  usage: { total_tokens: tokens },
});

/** Numbers of four bytes, the lowest first, as numpy holds them. */
const base64Of = ({ buffer, byteOffset, byteLength }: Float32Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString("base64");
