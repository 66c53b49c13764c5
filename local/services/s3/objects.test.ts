import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { type TestContext, test } from "node:test";
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { type Harness, mayOnly, operator, serve } from "./harness";
import { presign } from "./presign";

const Bucket = "bucket";

const withBucket = (use: (harness: Harness, client: S3Client) => Promise<void>) => async (t: TestContext) => {
  const harness = await serve(t);
  harness.s3.createBucket(Bucket, { versioned: false });
  await use(harness, harness.client());
};

const nasty = [
  "plain.txt",
  `${"long + and % and %2F and ünïcödé 🎉/".repeat(7)}../${"x".repeat(20)}`,
  "../../../../etc/passwd",
  "..",
  ".",
  "a//b",
  "/leading",
  "trailing/",
  "folder/./x",
  ".store/blobs/x",
  "index.sqlite",
  "line\nbreak\ttab\u0001\u007f",
  " spaces ",
  `${"y".repeat(300)}/${"z".repeat(300)}`,
  "C:\\windows\\x",
  "&<>'\"",
  "tilde~star*paren()bang!",
  "A",
  "a",
];

test(
  "an object comes back to the letter whatever its key is",
  withBucket(async ({ s3, directory, events }, client) => {
    for (const Key of nasty) {
      const Body = `content of ${Key}`;
      await client.send(new PutObjectCommand({ Bucket, Key, Body, Metadata: { one: "1", two: "zwei" } }));
      const got = await client.send(new GetObjectCommand({ Bucket, Key }));
      assert.equal(await got.Body?.transformToString(), Body, Key);
      assert.deepEqual(got.Metadata, { one: "1", two: "zwei" });
      const path = s3.pathOf(Bucket, Key) ?? "";
      assert.ok(path.startsWith(join(directory, Bucket, "/")), path);
      assert.equal(readFileSync(path, "utf8"), Body, path);
    }
    const listed = await client.send(new ListObjectsV2Command({ Bucket }));
    assert.deepEqual(
      listed.Contents?.map(({ Key }) => Key),
      byBytes(nasty),
    );
    const encoded = await client.send(new ListObjectsV2Command({ Bucket, EncodingType: "url" }));
    const decoded = encoded.Contents?.map(({ Key = "" }) => decodeURIComponent(Key.replaceAll("+", " ")));
    assert.deepEqual(decoded, byBytes(nasty));
    assert.deepEqual(
      events.map(({ key }) => key),
      nasty,
    );

    await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: nasty.map((Key) => ({ Key })) } }));
    assert.equal((await client.send(new ListObjectsV2Command({ Bucket }))).KeyCount, 0);
    assert.deepEqual(readdirSync(join(directory, Bucket)), []);
    assert.deepEqual(readdirSync(join(directory, ".store", "blobs")), []);
  }),
);

test(
  "a key and the same key as a folder both keep a file of their own",
  withBucket(async ({ s3 }, client) => {
    for (const Key of ["a", "a/b", "a/b/c", "x/y", "x"])
      await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    for (const Key of ["a", "a/b", "a/b/c", "x/y", "x"])
      assert.equal(readFileSync(s3.pathOf(Bucket, Key) ?? "", "utf8"), Key);
    assert.equal(s3.pathOf(Bucket, "missing"), undefined);
  }),
);

test(
  "a key of more than 1,024 bytes is refused",
  withBucket(async (_, client) => {
    await client.send(new PutObjectCommand({ Bucket, Key: "ü".repeat(512), Body: "" }));
    const put = client.send(new PutObjectCommand({ Bucket, Key: `${"ü".repeat(512)}x`, Body: "" }));
    await assert.rejects(put, { name: "KeyTooLongError" });
  }),
);

test(
  "a range gives the bytes that it names, as RFC 9110 reads it",
  withBucket(async (_, client) => {
    await client.send(new PutObjectCommand({ Bucket, Key: "digits", Body: "0123456789" }));
    for (const [Range, content, ContentRange] of [
      ["bytes=0-0", "0", "bytes 0-0/10"],
      ["bytes=2-5", "2345", "bytes 2-5/10"],
      ["bytes=7-", "789", "bytes 7-9/10"],
      ["bytes=-3", "789", "bytes 7-9/10"],
      ["bytes=-300", "0123456789", "bytes 0-9/10"],
      ["bytes=5-500", "56789", "bytes 5-9/10"],
      ["bytes=5-2", "0123456789", undefined],
      ["lines=1-2", "0123456789", undefined],
    ] as const) {
      const got = await client.send(new GetObjectCommand({ Bucket, Key: "digits", Range }));
      assert.equal(await got.Body?.transformToString(), content, Range);
      assert.equal(got.ContentRange, ContentRange, Range);
      const head = await client.send(new HeadObjectCommand({ Bucket, Key: "digits", Range }));
      assert.equal(head.ContentLength, content.length, Range);
    }
    for (const Range of ["bytes=10-", "bytes=-0"])
      await assert.rejects(client.send(new GetObjectCommand({ Bucket, Key: "digits", Range })), {
        name: "InvalidRange",
      });
  }),
);

test(
  "a conditional read gives 304 or 412 where its condition asks for it",
  withBucket(async (_, client) => {
    const { ETag = "" } = await client.send(new PutObjectCommand({ Bucket, Key: "key", Body: "x" }));
    const past = new Date(Date.now() - 86_400_000);
    const future = new Date(Date.now() + 86_400_000);
    const get = (conditions: object) =>
      client.send(new GetObjectCommand({ Bucket, Key: "key", ...conditions })).then(
        ({ Body, $metadata }) => Body?.transformToString().then(() => $metadata.httpStatusCode),
        (error: { $metadata: { httpStatusCode: number } }) => error.$metadata.httpStatusCode,
      );
    assert.equal(await get({ IfMatch: ETag }), 200);
    assert.equal(await get({ IfMatch: '"other"' }), 412);
    assert.equal(await get({ IfNoneMatch: ETag }), 304);
    assert.equal(await get({ IfNoneMatch: '"other"' }), 200);
    assert.equal(await get({ IfModifiedSince: past }), 200);
    assert.equal(await get({ IfModifiedSince: future }), 304);
    assert.equal(await get({ IfUnmodifiedSince: past }), 412);
    assert.equal(await get({ IfUnmodifiedSince: future }), 200);
    assert.equal(await get({ IfMatch: ETag, IfUnmodifiedSince: past }), 200);
    assert.equal(await get({ IfNoneMatch: '"other"', IfModifiedSince: future }), 200);
  }),
);

test(
  "of twenty conditional writes at once exactly one wins",
  withBucket(async ({ events }, client) => {
    const write = (Body: string) => client.send(new PutObjectCommand({ Bucket, Key: "key", Body, IfNoneMatch: "*" }));
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => write(`writer ${index}`)));
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
    for (const each of outcomes) if (each.status === "rejected") assert.equal(each.reason.name, "PreconditionFailed");
    assert.equal(events.length, 1);
    const winner = outcomes.findIndex(({ status }) => status === "fulfilled");
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: "key" }));
    assert.equal(await Body?.transformToString(), `writer ${winner}`);
  }),
);

test(
  "a write with If-Match replaces just the object that its writer has seen",
  withBucket(async ({ directory }, client) => {
    const put = (Body: string, IfMatch?: string) =>
      client.send(new PutObjectCommand({ Bucket, Key: "key", Body, IfMatch }));
    await assert.rejects(put("0", '"x"'), { name: "NoSuchKey" });
    const { ETag } = await put("1");
    await put("2", ETag);
    await assert.rejects(put("3", ETag), { name: "PreconditionFailed" });
    assert.equal(readdirSync(join(directory, ".store", "blobs")).length, 1);
  }),
);

test(
  "a body that is not what its checks promise is refused and leaves nothing",
  withBucket(async ({ s3, directory, events }, client) => {
    const put = (more: object) => client.send(new PutObjectCommand({ Bucket, Key: "key", Body: "hello", ...more }));
    await assert.rejects(put({ ContentMD5: "1B2M2Y8AsgTpgAmY7PhCfg==" }), { name: "BadDigest" });
    await assert.rejects(put({ ContentMD5: "short" }), { name: "InvalidDigest" });
    await assert.rejects(put({ ChecksumCRC32: "AAAAAA==" }), { name: "BadDigest" });
    await assert.rejects(put({ ChecksumSHA256: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }), {
      name: "BadDigest",
    });
    await assert.rejects(put({ ChecksumCRC32C: "AAAA" }), { name: "InvalidRequest" });
    assert.equal(s3.pathOf(Bucket, "key"), undefined);
    assert.deepEqual(readdirSync(join(directory, ".store", "blobs")), []);
    assert.equal(events.length, 0);
  }),
);

test(
  "every checksum that the client can send is verified, kept and given back",
  withBucket(async (_, client) => {
    for (const ChecksumAlgorithm of ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)
      for (const Body of ["hello", Readable.from([Buffer.from("hel"), Buffer.from("lo")])]) {
        const Key = `${ChecksumAlgorithm}-${typeof Body}`;
        const put = await client.send(new PutObjectCommand({ Bucket, Key, Body, ChecksumAlgorithm, ContentLength: 5 }));
        const head = await client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }));
        assert.equal(head[`Checksum${ChecksumAlgorithm}`], put[`Checksum${ChecksumAlgorithm}`]);
        assert.ok(head[`Checksum${ChecksumAlgorithm}`], Key);
        const got = await client.send(new GetObjectCommand({ Bucket, Key }));
        assert.equal(await got.Body?.transformToString(), "hello");
        assert.equal(got.ContentEncoding, undefined);
      }
  }),
);

test(
  "a body whose length is not stated is refused",
  withBucket(async (harness) => {
    const plain = harness.client(operator, { requestChecksumCalculation: "WHEN_REQUIRED" });
    const url = await presign(plain, (each) => each.send(new PutObjectCommand({ Bucket, Key: "key" })));
    const body = Readable.toWeb(Readable.from([Buffer.from("x")]));
    const headers = { "content-type": "application/octet-stream" };
    const answer = await fetch(url, { method: "PUT", body, headers, duplex: "half" } as RequestInit);
    assert.deepEqual([answer.status, (await answer.text()).includes("MissingContentLength")], [411, true]);
  }),
);

test(
  "headers that are kept with an object come back, and a read may override them",
  withBucket(async (_, client) => {
    const kept = {
      CacheControl: "max-age=1",
      ContentDisposition: "inline",
      ContentEncoding: "gzip",
      ContentLanguage: "de",
      ContentType: "text/csv",
      StorageClass: "STANDARD_IA",
    } as const;
    await client.send(new PutObjectCommand({ Bucket, Key: "key", Body: "x", ...kept }));
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: "key" }));
    for (const [name, value] of Object.entries(kept)) assert.equal(head[name as keyof typeof kept], value);
    const got = await client.send(
      new GetObjectCommand({
        Bucket,
        Key: "key",
        ResponseContentType: "text/plain",
        ResponseContentDisposition: "attachment",
      }),
    );
    assert.deepEqual(
      [got.ContentType, got.ContentDisposition, got.CacheControl],
      ["text/plain", "attachment", "max-age=1"],
    );
    await got.Body?.transformToString();
    const large = client.send(
      new PutObjectCommand({ Bucket, Key: "key", Body: "x", Metadata: { a: "b".repeat(2048) } }),
    );
    await assert.rejects(large, { name: "MetadataTooLarge" });
  }),
);

test("what is missing is told to a caller who may list, and is an AccessDenied to the others", async (t) => {
  const reader = mayOnly("s3:GetObject");
  const harness = await serve(t, { principals: [operator, reader] });
  harness.s3.createBucket(Bucket, { versioned: false });
  const get = new GetObjectCommand({ Bucket, Key: "missing" });
  await assert.rejects(harness.client().send(get), { name: "NoSuchKey" });
  await assert.rejects(harness.client(reader).send(get), { name: "AccessDenied" });
  await assert.rejects(harness.client().send(new HeadObjectCommand({ Bucket, Key: "missing" })), { name: "NotFound" });
  const head = harness.client(reader).send(new HeadObjectCommand({ Bucket, Key: "missing" }));
  await assert.rejects(head, ({ $metadata }) => $metadata.httpStatusCode === 403);
  await assert.rejects(harness.client(reader).send(new PutObjectCommand({ Bucket, Key: "k", Body: "" })), {
    name: "AccessDenied",
  });
  await assert.rejects(harness.client().send(new GetObjectCommand({ Bucket: "nowhere", Key: "k" })), {
    name: "NoSuchBucket",
  });
});

test("a deletion of many keys refuses each one by itself", async (t) => {
  const remover = mayOnly("s3:DeleteObject");
  const harness = await serve(t, { principals: [operator, remover] });
  harness.s3.createBucket(Bucket, { versioned: true });
  const Objects = [{ Key: "fine" }, { Key: "versioned", VersionId: "null" }];
  const { Deleted, Errors } = await harness
    .client(remover)
    .send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  assert.deepEqual(
    Deleted?.map(({ Key }) => Key),
    ["fine"],
  );
  assert.deepEqual(
    Errors?.map(({ Key, Code }) => [Key, Code]),
    [["versioned", "AccessDenied"]],
  );
});

test(
  "what S3 can and this one cannot is refused by its name",
  withBucket(async (_, client) => {
    const put = (more: object) => client.send(new PutObjectCommand({ Bucket, Key: "key", Body: "x", ...more }));
    for (const [send, name] of [
      [() => put({ Tagging: "a=b" }), "x-amz-tagging of PutObject"],
      [() => put({ ServerSideEncryption: "aws:kms" }), "x-amz-server-side-encryption: aws:kms"],
      [() => put({ StorageClass: "DEEP_ARCHIVE" }), "x-amz-storage-class: DEEP_ARCHIVE"],
      [() => put({ WebsiteRedirectLocation: "/x" }), "x-amz-website-redirect-location of PutObject"],
      [() => client.send(new GetObjectTaggingCommand({ Bucket, Key: "key" })), "?tagging of GetObject"],
      [
        () => client.send(new GetObjectAttributesCommand({ Bucket, Key: "key", ObjectAttributes: ["ETag"] })),
        "?attributes of GetObject",
      ],
      [() => client.send(new GetObjectCommand({ Bucket, Key: "key", PartNumber: 1 })), "?partNumber of GetObject"],
    ] as const)
      await assert.rejects(
        send(),
        (error: Error) => error.name === "NotImplemented" && error.message.endsWith(name),
        name,
      );
    await assert.rejects(put({ ACL: "public-read" }), { name: "AccessControlListNotSupported" });
  }),
);

test(
  "buckets are told with their region and versioning",
  withBucket(async ({ s3 }, client) => {
    s3.createBucket("another", { versioned: true });
    const { Buckets } = await client.send(new ListBucketsCommand({}));
    assert.deepEqual(
      Buckets?.map(({ Name }) => Name),
      ["another", Bucket],
    );
    assert.equal((await client.send(new HeadBucketCommand({ Bucket }))).BucketRegion, "us-east-1");
    assert.equal((await client.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint, undefined);
    assert.equal((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status, undefined);
    assert.equal((await client.send(new GetBucketVersioningCommand({ Bucket: "another" }))).Status, "Enabled");
    await assert.rejects(client.send(new HeadBucketCommand({ Bucket: "nowhere" })), { name: "NotFound" });
    for (const name of ["A", "ab", "a..b", "../x", "1.2.3.4", "index.sqlite", ".store"])
      assert.throws(() => s3.createBucket(name, { versioned: false }), /Cannot create bucket/);
  }),
);

test(
  "a presigned URL reads and writes without any header, and not once it was changed or has expired",
  withBucket(async (harness, client) => {
    const plain = harness.client(operator, { requestChecksumCalculation: "WHEN_REQUIRED" });
    const Key = "a b+ü/%.txt";
    const put = await presign(plain, (each) =>
      each.send(new PutObjectCommand({ Bucket, Key, ContentType: "text/plain" })),
    );
    const headers = { "content-type": "text/plain" };
    assert.equal((await fetch(put, { method: "PUT", body: "by URL", headers })).status, 200);
    const get = await presign(client, (each) => each.send(new GetObjectCommand({ Bucket, Key })));
    const answer = await fetch(get);
    assert.deepEqual([await answer.text(), answer.headers.get("content-type")], ["by URL", "text/plain"]);

    const changed = await fetch(get.replace(".txt", ".csv"));
    assert.deepEqual(
      [changed.status, (await changed.text()).includes("<Code>SignatureDoesNotMatch</Code>")],
      [403, true],
    );
    const signingDate = new Date(Date.now() - 61_000);
    const old = await presign(client, (each) => each.send(new GetObjectCommand({ Bucket, Key })), { signingDate });
    assert.match(await (await fetch(old)).text(), /<Code>AccessDenied<\/Code><Message>Request has expired/);
  }),
);

test("what was kept is there again after a restart, and sequencers go on rising", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "s3-kept-"));
  const first = await serve(t, { directory });
  first.s3.createBucket(Bucket, { versioned: true });
  const put = (harness: Harness, Body: string) =>
    harness.client().send(new PutObjectCommand({ Bucket, Key: "a/b", Body }));
  const { VersionId } = await put(first, "1");
  await put(first, "2");
  await first.end();
  const second = await serve(t, { directory });
  second.s3.createBucket(Bucket, { versioned: true });
  const old = await second.client().send(new GetObjectCommand({ Bucket, Key: "a/b", VersionId }));
  assert.equal(await old.Body?.transformToString(), "1");
  await put(second, "3");
  const sequencers = [...first.events, ...second.events].map(({ sequencer }) => sequencer);
  assert.deepEqual(sequencers, sequencers.toSorted());
  assert.equal(new Set(sequencers).size, 3);
  await second.client().send(new DeleteObjectCommand({ Bucket, Key: "a/b" }));
  await second.end();
  rmSync(directory, { recursive: true });
});

test("a crash leaves no bytes that nothing points to, and the tree is mended", async (t) => {
  const harness = await serve(t);
  harness.s3.createBucket(Bucket, { versioned: false });
  await harness.client().send(new PutObjectCommand({ Bucket, Key: "a/b", Body: "1" }));
  const directory = mkdtempSync(join(tmpdir(), "s3-crashed-"));
  cpSync(harness.directory, directory, { recursive: true });
  writeFileSync(join(directory, ".store", "blobs", "half"), "half an upload");
  rmSync(join(directory, Bucket), { recursive: true });
  const again = await serve(t, { directory });
  assert.equal(existsSync(join(directory, ".store", "blobs", "half")), false);
  assert.equal(readFileSync(again.s3.pathOf(Bucket, "a/b") ?? "", "utf8"), "1");
  rmSync(directory, { recursive: true });
});

const byBytes = (keys: readonly string[]) => keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
