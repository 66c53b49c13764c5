import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DeleteObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  ListObjectVersionsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import fc from "fast-check";
import { serve } from "./harness";
import { after } from "./scan";

const Bucket = "bucket";

test("2,500 keys come in pages, in the order of their bytes, each of them once", async (t) => {
  const harness = await serve(t);
  harness.s3.createBucket(Bucket, { versioned: false });
  const client = harness.client();
  const keys = Array.from(
    { length: 2500 },
    (_, index) => `${["a", "b/", "ü", "🎉", "\ufffd"][index % 5]}${(index * 7919) % 2503}`,
  );
  for (let at = 0; at < keys.length; at += 50)
    await Promise.all(
      keys.slice(at, at + 50).map((Key) => client.send(new PutObjectCommand({ Bucket, Key, Body: "" }))),
    );

  const sizes: number[] = [];
  const found: string[] = [];
  for await (const page of paginateListObjectsV2({ client }, { Bucket })) {
    sizes.push(page.KeyCount ?? 0);
    found.push(...(page.Contents ?? []).map(({ Key = "" }) => Key));
  }
  assert.deepEqual(sizes, [1000, 1000, 500]);
  assert.deepEqual(found, byBytes(keys));

  const folders: string[] = [];
  for await (const page of paginateListObjectsV2({ client, pageSize: 7 }, { Bucket, Delimiter: "/", Prefix: "b" })) {
    assert.equal(page.Contents, undefined);
    folders.push(...(page.CommonPrefixes ?? []).map(({ Prefix = "" }) => Prefix));
  }
  assert.deepEqual(folders, ["b/"]);
});

test("a listing with any prefix, delimiter, start and page size is that of a naive reading", async (t) => {
  const harness = await serve(t);
  harness.s3.createBucket(Bucket, { versioned: false });
  const client = harness.client();
  const keys = [
    "a",
    "a/",
    "a/1",
    "a/2",
    "a/b/1",
    "a/b/2",
    "a0",
    "b/1",
    "b//2",
    "b/\u{10ffff}",
    "b/\u{10ffff}\u{10ffff}/1",
    "ü/1",
    "\ud7ff/",
    "\ue000",
    "z",
  ];
  for (const Key of keys) await client.send(new PutObjectCommand({ Bucket, Key, Body: "" }));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("", "a", "a/", "a/b", "b/", "b/\u{10ffff}", "nothing"),
      fc.constantFrom("", "/", "1", "/b"),
      fc.constantFrom("", "a", "a/", "a/1", "a/9", "b", "zz"),
      fc.integer({ min: 1, max: 5 }),
      async (Prefix, Delimiter, StartAfter, MaxKeys) => {
        const input = { Bucket, Prefix, Delimiter, StartAfter, MaxKeys };
        assert.deepEqual(await pages(input), naive(keys, input));
      },
    ),
    { numRuns: 150 },
  );

  async function pages(input: ListObjectsV2CommandInput) {
    const all: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await client.send(new ListObjectsV2Command({ ...input, ContinuationToken }));
      const items = [
        ...(page.Contents ?? []).map(({ Key }) => Key),
        ...(page.CommonPrefixes ?? []).map((each) => each.Prefix),
      ];
      assert.ok(items.length <= (input.MaxKeys ?? 0));
      all.push(...byBytes(items.map((item) => item ?? "")));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    return all;
  }
});

test("a listing says what it was asked for, and refuses a token that it never gave", async (t) => {
  const harness = await serve(t);
  harness.s3.createBucket(Bucket, { versioned: false });
  const client = harness.client();
  await client.send(new PutObjectCommand({ Bucket, Key: "a b/1", Body: "12345" }));
  const page = await client.send(
    new ListObjectsV2Command({
      Bucket,
      Prefix: "a b",
      EncodingType: "url",
      FetchOwner: true,
      MaxKeys: 5000,
      StartAfter: "a",
    }),
  );
  assert.equal(page.Contents?.[0]?.Key, "a+b/1");
  assert.equal(page.Contents[0].Size, 5);
  assert.equal(page.Contents[0].Owner?.ID, "000000000000");
  assert.deepEqual([page.Prefix, page.MaxKeys, page.StartAfter, page.EncodingType], ["a+b", 1000, "a", "url"]);
  assert.equal((await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 0 }))).IsTruncated, false);
  await assert.rejects(client.send(new ListObjectsV2Command({ Bucket, ContinuationToken: "!" })), {
    name: "InvalidArgument",
  });
});

test("versions are listed from the newest to the oldest, page by page, also while they are being deleted", async (t) => {
  const harness = await serve(t);
  harness.s3.createBucket(Bucket, { versioned: true });
  const client = harness.client();
  const ids: (string | undefined)[] = [];
  for (const Key of ["a", "b", "b", "b", "c"])
    ids.push((await client.send(new PutObjectCommand({ Bucket, Key, Body: "" }))).VersionId);
  ids.push((await client.send(new DeleteObjectCommand({ Bucket, Key: "b" }))).VersionId);
  const [a, b1, b2, b3, c, marker] = ids;

  for (const deleting of [false, true])
    assert.deepEqual(await walk(deleting), [a, marker, b3, b2, b1, c], `deleting: ${deleting}`);
  assert.equal((await client.send(new ListObjectVersionsCommand({ Bucket }))).Versions, undefined);

  async function walk(deleting: boolean) {
    const seen: (string | undefined)[] = [];
    let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
    for (;;) {
      const page = await client.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 1, ...markers }));
      for (const { Key, VersionId } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) {
        seen.push(VersionId);
        if (deleting) await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
      }
      if (!page.IsTruncated) return seen;
      markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    }
  }
});

test("after() is greater than all that begin so and than nothing else", () => {
  const text = fc.string({ unit: "binary", maxLength: 4 });
  fc.assert(
    fc.property(text, text, (prefix, rest) => {
      const next = after(prefix);
      if (next === undefined) return /^\u{10ffff}*$/u.test(prefix);
      return compare(next, prefix + rest) > 0 && compare(next, prefix) > 0;
    }),
  );
  assert.equal(after("a"), "b");
  assert.equal(after("a\u{10ffff}"), "b");
  assert.equal(after("\ud7ff"), "\ue000");
});

function naive(keys: readonly string[], { Prefix = "", Delimiter = "", StartAfter = "" }: ListObjectsV2CommandInput) {
  const items = byBytes(keys)
    .filter((key) => key.startsWith(Prefix) && compare(key, StartAfter) > 0)
    .map((key) => {
      const at = Delimiter === "" ? -1 : key.indexOf(Delimiter, Prefix.length);
      return at < 0 ? key : key.slice(0, at + Delimiter.length);
    });
  return [...new Set(items)];
}

const compare = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const byBytes = (keys: readonly string[]) => keys.toSorted(compare);
