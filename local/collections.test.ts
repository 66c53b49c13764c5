// The collections from the outside: what users upload, what is made of it in the bucket, the database and the search, and what
// becomes of pictures that are none. One cloud for all tests: each has users of its own.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { Jimp } from "jimp";
import type { Evaluation } from "../stage/evaluation/evaluate";
import { type Gallery, openGallery, type User } from "./gallery-fixture";
import { evaluated } from "./lake-fixture";
import { sendForm } from "./start/send-form";

let program: Evaluation;
let gallery: Gallery & { end(): Promise<void> };

before(async () => {
  program = await evaluated("dev");
  gallery = await openGallery(program);
});
after(() => gallery?.end());

/** A picture of one colour, `#rrggbb`. */
const plain = (colour: string, width = 40, height = 30): Promise<Buffer> =>
  new Jimp({ width, height, color: `${colour}ff` }).getBuffer("image/png");

/** What the first pixel of a picture is, without its alpha. */
async function colourOf(picture: Buffer): Promise<string> {
  const { bitmap } = await Jimp.fromBuffer(picture);
  return `#${Buffer.from(bitmap.data.subarray(0, 3)).toString("hex")}`;
}

const analysesOf = (user: User, itemId: string) =>
  gallery.sql`select version, version_id, request_id, raw_response, provider_used, model_used, trace_id
    from collections.analyses where user_id = ${user.id} and item_id = ${itemId} order by version`;

const embeddingsOf = (user: User, itemId: string) =>
  gallery.sql`select analysis_id, embedding_dimensions, embedding_model from collections.embeddings
    where user_id = ${user.id} and item_id = ${itemId}`;

const lettersOf = (key: string) =>
  gallery.letters().filter(({ body }) => body.includes(JSON.stringify(key).slice(1, -1)));

test("an uploaded picture gets a thumbnail, an analysis and a vector, and is found", async () => {
  const user = await gallery.user("whole-way");
  const id = await gallery.upload(user, await plain("#2060c0", 1_600, 1_200), "image/png");
  await gallery.cloud.idle();

  const thumbnail = await gallery.get(`${user.id}/thumbnails/${id}.png`);
  assert.ok(thumbnail);
  const { width, height } = await Jimp.fromBuffer(thumbnail.bytes);
  assert.deepEqual([width, height], [800, 600]);
  assert.partialDeepStrictEqual(thumbnail.metadata, { "source-width": "1600", "source-height": "1200" });

  const { status, body } = await gallery.ask(user, `GET /api/items/${id}`);
  assert.equal(status, 200);
  assert.partialDeepStrictEqual(body, {
    status: "ready",
    item: { id, filename: `${id}.png`, mimeType: "image/png", width: 1_600, height: 1_200, analyses: 1 },
  });
  const { item } = body as unknown as { item: { analysis: object; thumbnail: { url: string } } };
  assert.partialDeepStrictEqual(item.analysis, { version: 1, provider: "offline", model: "offline" });
  const shown = await fetch(item.thumbnail.url);
  assert.deepEqual(Buffer.from(await shown.arrayBuffer()), thumbnail.bytes);
  assert.equal(shown.headers.get("content-type"), "image/png");

  assert.partialDeepStrictEqual(await embeddingsOf(user, id), [{ embedding_dimensions: 1_024 }]);
  const found = await gallery.ask(user, "GET /api/items/search?q=blue");
  assert.deepEqual(
    (found.body.items as { id: string }[]).map((hit) => hit.id),
    [id],
  );
  const outcomes = (await gallery.audits(`${user.id}/${id}.png`)).map(({ stage, outcome }) => `${stage} ${outcome}`);
  assert.deepEqual(outcomes.sort(), ["analyze-image analyzed", "process-image thumbnailed"]);
});

test("a thumbnail wakes nobody", async () => {
  const user = await gallery.user("loop");
  /** How often S3 has told process-image of something. */
  const told = () =>
    gallery.cloud.journal.entries.filter(
      ({ operation, resource, detail }) =>
        operation === "Event" && resource === "Object Created" && JSON.stringify(detail).includes("process-image"),
    ).length;
  const before = told();
  await gallery.upload(user, await plain("#808080"), "image/png");
  await gallery.cloud.idle();
  assert.equal(told(), before + 1);
  await gallery.put(`${user.id}/thumbnails/by-hand.png`, await plain("#808080"));
  await gallery.cloud.idle();
  assert.equal(told(), before + 1);
});

test("what is no picture is one dead letter at once, with its reason, and holds no other up", async () => {
  const user = await gallery.user("bad-input");
  const png = await plain("#c02020");
  const wrongSum = Buffer.from(png);
  wrongSum[wrongSum.length - 20] = (wrongSum[wrongSum.length - 20] ?? 0) ^ 0xff;
  const bomb = Buffer.from(png);
  bomb.writeUInt32BE(50_000, 16);
  bomb.writeUInt32BE(50_000, 20);
  const jpeg = await (await Jimp.fromBuffer(png)).resize({ w: 400, h: 300 }).getBuffer("image/jpeg");
  const bad: Readonly<Record<string, Buffer | string>> = {
    "text.jpg": "This is no picture.",
    "empty.png": "",
    "truncated.jpg": jpeg.subarray(0, jpeg.length / 2),
    "wrong-sum.png": wrongSum,
    "bomb.png": bomb,
    ".hidden.png": png,
    "folder/deep.png": png,
  };
  for (const [file, body] of Object.entries(bad)) await gallery.put(`${user.id}/${file}`, body);
  await gallery.put(`${user.id}/good.png`, png);
  await gallery.put(`${user.id}/notes.txt`, "none of its business");
  await gallery.cloud.idle();

  for (const file of Object.keys(bad)) {
    const key = `${user.id}/${file}`;
    const letters = lettersOf(key);
    // An event that came twice may leave a second one: S3 and EventBridge promise no less than once.
    assert.ok(letters.length >= 1 && letters.length <= 2, `${file}: ${letters.length} letters`);
    assert.ok(
      letters.every(({ code, message }) => code !== "" && message.includes(key)),
      `${file}: ${letters[0]?.message}`,
    );
    const [audit] = await gallery.audits(key);
    assert.equal(audit?.outcome, "rejected", file);
    assert.equal(await gallery.get(`${user.id}/thumbnails/${file}`), undefined, file);
  }
  assert.equal((await gallery.ask(user, "GET /api/items/good")).body.status, "ready");
  const text = await gallery.ask(user, "GET /api/items/text");
  assert.partialDeepStrictEqual(text.body, { status: "rejected" });
  assert.equal(lettersOf(`${user.id}/notes.txt`).length, 0);
  // None of them was tried again.
  assert.deepEqual(
    [...new Set(Object.keys(bad).flatMap((file) => lettersOf(`${user.id}/${file}`).map(({ attempts }) => attempts)))],
    ["1"],
  );
});

test("names with spaces, signs and letters of any kind go the whole way", async () => {
  const user = await gallery.user("names");
  for (const name of ["Müller + Söhne 1", "東京タワー", "50% off & more", "a=b;c", "it's"]) {
    await gallery.put(`${user.id}/${name}.PNG`, await plain("#20c040"));
    await gallery.cloud.idle();
    const { body } = await gallery.ask(user, `GET /api/items/${encodeURIComponent(name)}`);
    assert.partialDeepStrictEqual(body, { id: name, status: "ready", item: { filename: `${name}.PNG` } });
    assert.ok(await gallery.get(`${user.id}/thumbnails/${name}.PNG`), name);
  }
});

test("of two pictures under one key in quick succession the newer one wins everywhere", async () => {
  const user = await gallery.user("newer");
  const key = `${user.id}/picture.png`;
  const [older, newer] = [await plain("#ff0000", 900, 700), await plain("#0000ff", 700, 900)];
  for (let round = 0; round < 3; round++) {
    const [, { VersionId }] = [await gallery.put(key, older), await gallery.put(key, newer)];
    await gallery.cloud.idle();
    const thumbnail = await gallery.get(`${user.id}/thumbnails/picture.png`);
    assert.equal(await colourOf(thumbnail?.bytes ?? Buffer.from("")), "#0000ff");
    assert.equal(thumbnail?.metadata["source-version"], VersionId);
    const [item] =
      await gallery.sql`select version_id, width, height from collections.items where user_id = ${user.id}`;
    assert.deepEqual({ ...item }, { version_id: VersionId, width: 700, height: 900 });
    const analyses = await analysesOf(user, "picture");
    assert.equal(analyses.at(-1)?.version_id, VersionId);
    const [embedding] = await gallery.sql`
      select a.version_id from collections.embeddings e join collections.analyses a on a.id = e.analysis_id
      where e.user_id = ${user.id}`;
    assert.equal(embedding?.version_id, VersionId);
    const { body } = await gallery.ask(user, "GET /api/items/search?q=blue");
    assert.equal((body.items as unknown[]).length, 1);
  }
});

test("the same event again is not paid for and makes no second version; to be analyzed again is asked for", async () => {
  const user = await gallery.user("again");
  await gallery.put(`${user.id}/once.png`, await plain("#f0c020"));
  await gallery.cloud.idle();
  const paid = gallery.asked("claude");
  const events = {
    detail: {
      item_id: "once",
      user_id: user.id,
      bucket: gallery.bucket,
      original_key: `${user.id}/once.png`,
    },
  };
  for (let time = 0; time < 3; time++) await invoke("analyze-image", events);
  await gallery.cloud.idle();
  assert.equal(gallery.asked("claude"), paid);
  assert.equal((await analysesOf(user, "once")).length, 1);

  const { status, body } = await gallery.ask(user, "POST /api/items/once/analyses");
  assert.equal(status, 202, JSON.stringify(body));
  await gallery.cloud.idle();
  assert.equal(gallery.asked("claude"), paid + 1);
  assert.deepEqual(
    (await analysesOf(user, "once")).map(({ version }) => version),
    [1, 2],
  );
  assert.equal((await embeddingsOf(user, "once")).length, 1);
  assert.partialDeepStrictEqual((await gallery.ask(user, "GET /api/items/once")).body, {
    item: { analysis: { version: 2 }, analyses: 2 },
  });
});

test("the sample events of the collections' own documentation are taken", async () => {
  // Of buckets and items that are not there: each is looked for, and none of them is an error.
  const { bucket } = gallery;
  await invoke("process-image", {
    Records: [{ s3: { bucket: { name: bucket }, object: { key: "user123/item456.jpg" } } }],
  });
  await invoke("analyze-image", {
    detail: { item_id: "item456", user_id: "user123", bucket, original_key: "user123/item456.jpg" },
  });
  await invoke("embed-analysis", {
    detail: { item_id: "item456", analysis_id: "analysis789", user_id: "user123" },
  });
  // And with the picture they do their work.
  await gallery.put(
    "user123/item456.jpg",
    await (await Jimp.fromBuffer(await plain("#10a010"))).getBuffer("image/jpeg"),
  );
  await gallery.cloud.idle();
  const [analysis] =
    await gallery.sql`select id from collections.analyses where user_id = 'user123' and item_id = 'item456'`;
  await gallery.sql`delete from collections.embeddings where user_id = 'user123'`;
  await invoke("embed-analysis", { detail: { item_id: "item456", analysis_id: analysis?.id, user_id: "user123" } });
  const [{ count } = { count: "0" }] =
    await gallery.sql`select count(*) from collections.embeddings where user_id = 'user123'`;
  assert.equal(Number(count), 1);
});

test("a user sees, finds, changes and deletes their own items and nobody else's", async () => {
  const [own, other] = [await gallery.user("own"), await gallery.user("other")];
  const id = await gallery.upload(own, await plain("#8020a0"), "image/png");
  await gallery.cloud.idle();
  for (const request of [
    `GET /api/items/${id}`,
    `GET /api/items/${id}/similar`,
    `DELETE /api/items/${id}`,
    `POST /api/items/${id}/analyses`,
  ]) {
    const { status, body } = await gallery.ask(other, request);
    assert.deepEqual([status, body.code], [404, "NotFound"], request);
  }
  for (const request of ["GET /api/items", "GET /api/items/search?q=purple"]) {
    assert.deepEqual((await gallery.ask(other, request)).body.items, [], request);
    assert.equal(((await gallery.ask(own, request)).body.items as unknown[]).length, 1, request);
  }
  assert.equal((await gallery.ask(undefined, "GET /api/items")).status, 401);
});

test("a deleted item leaves nothing behind", async () => {
  const user = await gallery.user("delete");
  const id = await gallery.upload(user, await plain("#20a0a0"), "image/png");
  await gallery.cloud.idle();
  assert.equal((await gallery.keys(`${user.id}/`)).length, 2);
  assert.equal((await gallery.ask(user, `DELETE /api/items/${id}`)).status, 200);
  await gallery.cloud.idle();
  assert.deepEqual(await gallery.keys(`${user.id}/`), []);
  for (const table of ["items", "analyses", "embeddings"]) {
    const rows = await gallery.sql`select from ${gallery.sql(`collections.${table}`)} where user_id = ${user.id}`;
    assert.equal(rows.length, 0, table);
  }
  assert.equal((await gallery.ask(user, `GET /api/items/${id}`)).status, 404);
});

test("a picture that is deleted while it is on its way leaves nothing behind either", async () => {
  const user = await gallery.user("on-its-way");
  const Key = `${user.id}/fleeting.png`;
  for (let round = 0; round < 3; round++) {
    await gallery.put(Key, await plain("#444444"));
    await gallery.s3.send(new DeleteObjectCommand({ Bucket: gallery.bucket, Key }));
    await gallery.cloud.idle();
    assert.deepEqual(await gallery.keys(`${user.id}/`), []);
    for (const table of ["items", "analyses", "embeddings"]) {
      const rows = await gallery.sql`select from ${gallery.sql(`collections.${table}`)} where user_id = ${user.id}`;
      assert.equal(rows.length, 0, table);
    }
  }
});

test("S3 holds a form to its size and its type", async () => {
  const user = await gallery.user("forms");
  const png = await plain("#123456");
  const form = await gallery.ask(user, "POST /api/items", { contentType: "image/png", size: png.length });
  await assert.rejects(sendForm(form.body as never, Buffer.concat([png, png])), /EntityTooLarge/);
  for (const body of [{ contentType: "image/gif" }, { contentType: "image/png", size: 1e9 }, {}]) {
    assert.equal((await gallery.ask(user, "POST /api/items", body)).body.code, "BadRequest", JSON.stringify(body));
  }
  // The function's own role may write below no other prefix than the form says: a key of another user's is not in it.
  const { fields } = form.body as unknown as { fields: Record<string, string> };
  const elsewhere = { ...(form.body as object), fields: { ...fields, key: "user123/stolen.png" } };
  await assert.rejects(sendForm(elsewhere as never, png), /AccessDenied|Policy/);
});

test("no function leaves files in its /tmp", () => {
  const tmp = readdirSync(join(gallery.cloud.directory, "lambda"), { recursive: true, encoding: "utf8" });
  assert.deepEqual(
    tmp.filter((path) => /\.(jpe?g|png|bin|tmp)$/i.test(path)),
    [],
  );
});

async function invoke(stage: string, event: object): Promise<void> {
  const { outputs } =
    program.resources.find(({ type, name }) => type === "aws:lambda/function:Function" && name === stage) ?? {};
  const { functionError, payload } = await gallery.cloud.lambda.invoke(String(outputs?.name), event, {
    source: "operator",
  });
  assert.equal(functionError, undefined, `${stage}: ${JSON.stringify(payload)}`);
}
