// Pictures that change or go while a model still looks at them, on an embedded AWS whose models a test holds up.

import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { Jimp } from "jimp";
import type { Evaluation } from "../stage/evaluation/evaluate";
import { type Gallery, openGallery } from "./gallery-fixture";
import { evaluated } from "./lake-fixture";
import { until } from "./start/until";

let gallery: Gallery & { end(): Promise<void> };
let model: Server;
/** How a model answers the nth question; as usual where there is none. */
let answers: ((response: ServerResponse) => void | Promise<void>)[];
let asked = 0;

before(async () => {
  answers = [];
  model = createServer((request, response) => void reply(request, response));
  await new Promise<void>((listening) => model.listen(0, "127.0.0.1", listening));
  const { port } = model.address() as AddressInfo;
  gallery = await openGallery(askingAt(await evaluated("dev"), `http://127.0.0.1:${port}`));
  // The model of this test asks for no key, and the stage asks nobody without one.
  const { url: endpoint, region, operator: credentials } = gallery.cloud;
  const ssm = new SSMClient({ endpoint, region, credentials });
  const key = { Name: "/collections/ANTHROPIC_API_KEY", Value: "test", Type: "SecureString", Overwrite: true } as const;
  await ssm.send(new PutParameterCommand(key));
  ssm.destroy();
});
after(async () => {
  await gallery?.end();
  model.closeAllConnections();
  model.close();
});

/** The program with another address of Claude's in analyze-image. */
const askingAt = (program: Evaluation, url: string): Evaluation => ({
  ...program,
  resources: program.resources.map((resource) => {
    if (resource.name !== "analyze-image" || !resource.type.endsWith(":Function")) return resource;
    const { variables } = resource.inputs.environment as { variables: Record<string, string> };
    const environment = { variables: { ...variables, CLAUDE_URL: url } };
    return { ...resource, inputs: { ...resource.inputs, environment } };
  }),
});

async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await text(request);
  await (answers[asked++] ?? say("A plain picture."))(response);
}

const say =
  (summary: string) =>
  (response: ServerResponse): void => {
    const analysis = { category: "other", summary, objects: [], colours: [], text: "", mood: "", confidence: 1 };
    response.setHeader("content-type", "application/json").end(
      JSON.stringify({
        id: "msg_1",
        type: "message",
        role: "assistant",
        model: "claude-test",
        stop_reason: "end_turn",
        usage: { input_tokens: 1, output_tokens: 1 },
        content: [{ type: "text", text: JSON.stringify(analysis) }],
      }),
    );
  };

function held() {
  let [arrived, release]: (() => void)[] = [];
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const freedom = new Promise<void>((resolve) => {
    release = resolve;
  });
  const answer = (then: (response: ServerResponse) => void) => async (response: ServerResponse) => {
    arrived?.();
    await freedom;
    then(response);
  };
  return { arrival, answer, release: () => release?.() };
}

const plain = (color: string): Promise<Buffer> => new Jimp({ width: 30, height: 20, color }).getBuffer("image/png");

const rowsOf = (userId: string) => gallery.sql`
  select i.version_id, a.summary, a.version from collections.items i
  join collections.analyses a on a.user_id = i.user_id and a.item_id = i.id
  where i.user_id = ${userId} order by a.version`;

test("an analysis of an older picture that ends last changes nothing", async () => {
  const user = await gallery.user("late");
  const first = held();
  [asked, answers] = [0, [first.answer(say("The old one.")), say("The new one.")]];
  await gallery.put(`${user.id}/a.png`, await plain("#ff0000ff"));
  await first.arrival;
  const { VersionId } = await gallery.put(`${user.id}/a.png`, await plain("#0000ffff"));
  await until(
    () => rowsOf(user.id),
    ({ length }) => length > 0,
  );
  first.release();
  await gallery.cloud.idle();
  assert.deepEqual([...(await rowsOf(user.id))], [{ version_id: VersionId, summary: "The new one.", version: 1 }]);
});

test("a picture that is deleted while a model looks at it leaves nothing", async () => {
  const user = await gallery.user("gone");
  const first = held();
  [asked, answers] = [0, [first.answer(say("Somebody's."))]];
  await gallery.put(`${user.id}/a.png`, await plain("#00ff00ff"));
  await first.arrival;
  assert.equal((await gallery.ask(user, "DELETE /api/items/a")).status, 200);
  first.release();
  await gallery.cloud.idle();
  assert.deepEqual([...(await rowsOf(user.id))], []);
  assert.deepEqual(await gallery.keys(`${user.id}/`), []);
});

test("a model that has too much to do is asked again, and the picture is analyzed once", async () => {
  const user = await gallery.user("busy");
  const busy = (response: ServerResponse) => {
    response.writeHead(429, { "content-type": "application/json", "retry-after-ms": "1" }).end("{}");
  };
  const broken = (response: ServerResponse) => {
    response.writeHead(200, { "content-type": "application/json" }).end('{"id": ');
  };
  [asked, answers] = [0, [busy, busy, busy, broken, say("At last.")]];
  await gallery.put(`${user.id}/a.png`, await plain("#ffff00ff"));
  await gallery.cloud.idle();
  assert.deepEqual(
    (await rowsOf(user.id)).map(({ summary }) => summary),
    ["At last."],
  );
  assert.equal(gallery.letters().filter(({ body }) => body.includes(user.id)).length, 0);
});

test("a picture that the model refuses is a dead letter at once, and is not analyzed", async () => {
  const user = await gallery.user("refused");
  const refuse = (response: ServerResponse) => {
    response
      .writeHead(400, { "content-type": "application/json" })
      .end('{"error": {"message": "Could not process image"}}');
  };
  [asked, answers] = [0, Array(9).fill(refuse)];
  await gallery.put(`${user.id}/a.png`, await plain("#00ffffff"));
  await gallery.cloud.idle();
  const letters = gallery.letters().filter(({ body }) => body.includes(user.id));
  assert.ok(letters.length >= 1 && letters.every(({ code }) => code === "ModelRefuses"), JSON.stringify(letters));
  assert.equal(asked, letters.length);
  const { body } = await gallery.ask(user, "GET /api/items/a");
  assert.partialDeepStrictEqual(body, { status: "rejected", error: { code: "ModelRefuses" } });
  assert.deepEqual([...(await rowsOf(user.id))], []);
});
