// model-fixture: an HTTP server that stands where a model's API does, says what the test wants, and misbehaves.

import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export type Reply = (response: ServerResponse) => void;

export interface AskedModel<Body> {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Body;
}

export async function modelServer<Body>() {
  const asked: AskedModel<Body>[] = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request)) as Body;
    asked.push({ path: request.url ?? "", headers: request.headers, body });
    const reply = model.replies.length > 1 ? model.replies.shift() : model.replies[0];
    reply?.(response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const model = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    /** One after another; the last one again and again. */
    replies: [] as Reply[],
    async end() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return model;
}

/** No client waits long before it asks again. */
const soon = { "retry-after": "0", "retry-after-ms": "1" };

export const answering =
  (body: unknown): Reply =>
  (response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  };

export const failing =
  (status: number, body: unknown = {}): Reply =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json", ...soon }).end(JSON.stringify(body));
  };

/** Begins an answer of JSON and says no more. */
export const cutOff: Reply = (response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "1000" }).write('{"id": "msg_1"');
  setImmediate(() => response.destroy());
};

export const noJson: Reply = (response) => {
  response.writeHead(200, { "content-type": "application/json" }).end('{"data": [');
};

export const silent: Reply = () => undefined;

/** What Claude says, whatever it is. */
export const saying = (content: string, more: object = {}): Reply =>
  answering({
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "claude-haiku-5-5",
    stop_reason: "end_turn",
    usage: { input_tokens: 1, output_tokens: 1 },
    content: [
      { type: "thinking", thinking: "", signature: "s" },
      { type: "text", text: content },
    ],
    ...more,
  });
