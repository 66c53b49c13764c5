// On a PostgreSQL of the test's own, with a server that stands where S3 does: a request in, an answer out, and what is left.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { Handler } from "../../stage/answer";
import { ask } from "../request-fixture";
import { apiDatabase } from "./api-fixture";
import { imagesBucket } from "./bucket-fixture";
import { factory } from "./delete-item";

let database: Awaited<ReturnType<typeof apiDatabase>>;
let bucket: Awaited<ReturnType<typeof imagesBucket>>;
let handler: Handler;

before(async () => {
  database = await apiDatabase();
  bucket = await imagesBucket();
  handler = factory();
});
beforeEach(async () => {
  await database.clear();
  bucket.objects.clear();
  for (const user of ["anna", "berta"]) {
    for (const id of ["cat", "dog"]) {
      await database.put({ user, id, means: id });
      bucket.put(`${user}/${id}.jpg`);
      bucket.put(`${user}/thumbnails/${id}.jpg`);
    }
  }
  bucket.seen.length = 0;
});
after(async () => {
  await database.end();
  await bucket.end();
});

const remove = (id: string, user = "anna") => ask(handler, { user, path: { id } });
const rows = () =>
  database.asOwner(async () => {
    const found = await database.sql`
      select user_id || '/' || id as name, (select count(*)::int from collections.analyses) as analyses,
        (select count(*)::int from collections.embeddings) as embeddings
      from collections.items order by 1`;
    return found.map(({ name, analyses, embeddings }) => `${name} ${analyses} ${embeddings}`);
  });

test("an item is deleted with its picture, its thumbnail and all that was said, and nobody else's is", async () => {
  const { status, body } = await remove("cat");
  assert.deepEqual([status, body], [200, { id: "cat", objects: 2 }]);
  assert.deepEqual(await rows(), ["anna/dog 3 3", "berta/cat 3 3", "berta/dog 3 3"]);
  const deleted = bucket.seen.filter(({ method }) => method === "DELETE").map(({ path }) => path);
  assert.deepEqual(deleted, ["/images/anna/cat.jpg", "/images/anna/thumbnails/cat.jpg"]);
  assert.equal(bucket.objects.size, 6);
});

test("the second time there is nothing to be found", async () => {
  await remove("cat");
  const { status, body } = await remove("cat");
  assert.deepEqual([status, body.code], [404, "NotFound"]);
});

test("another user's item is not there", async () => {
  await remove("cat", "berta");
  bucket.objects.delete("anna/dog.jpg");
  for (const user of ["berta", "nobody", "ann"]) assert.equal((await remove("cat", user)).status, 404, user);
  assert.ok((await rows()).includes("anna/cat 3 3"));
});

test("pictures of one name go together, and those of longer names stay", async () => {
  for (const key of ["cat.PNG", "thumbnails/cat.PNG", "cat.2.jpg", "cat.txt", "cat/cat.jpg", "thumbnails/cat.2.jpg"])
    bucket.put(`anna/${key}`);
  assert.deepEqual((await remove("cat")).body, { id: "cat", objects: 4 });
  const left = [...bucket.objects.keys()].filter((key) => key.startsWith("anna/"));
  assert.deepEqual(left.sort(), [
    "anna/cat.2.jpg",
    "anna/cat.txt",
    "anna/cat/cat.jpg",
    "anna/dog.jpg",
    "anna/thumbnails/cat.2.jpg",
    "anna/thumbnails/dog.jpg",
  ]);
});

test("a picture that was never analyzed is deleted, and rows whose picture is gone are", async () => {
  bucket.put("anna/a+b ü.png");
  assert.deepEqual((await remove("a+b ü")).body, { id: "a+b ü", objects: 1 });
  bucket.objects.clear();
  assert.deepEqual((await remove("dog")).body, { id: "dog", objects: 0 });
  assert.ok(!(await rows()).some((row) => row.startsWith("anna/dog")));
});

test("what S3 does not delete stays in the database for another try", async () => {
  bucket.refusing.method = "DELETE";
  assert.equal((await remove("cat")).status, 500);
  delete bucket.refusing.method;
  assert.ok((await rows()).some((row) => row.startsWith("anna/cat")));
  assert.equal((await remove("cat")).status, 200);
});
