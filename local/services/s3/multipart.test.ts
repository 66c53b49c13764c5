import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { type Harness, serve } from "./harness";

const Bucket = "bucket";
const Key = "large/object.bin";
const MiB = 1024 * 1024;

test(
  "parts that come in any order make one object, with the tag of its parts",
  withBucket(async (harness, client) => {
    const contents = [randomBytes(5 * MiB), randomBytes(6 * MiB), randomBytes(100)];
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ Bucket, Key, Metadata: { a: "1" }, ContentType: "text/csv" }),
    );
    const parts: CompletedPart[] = [];
    for (const number of [3, 1, 2]) parts.push(await upload(client, UploadId, number, contents[number - 1]));
    parts.sort((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0));
    const listed = await client.send(new ListPartsCommand({ Bucket, Key, UploadId, MaxParts: 2 }));
    assert.deepEqual(
      listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size]),
      [
        [1, 5 * MiB],
        [2, 6 * MiB],
      ],
    );
    assert.deepEqual([listed.IsTruncated, listed.NextPartNumberMarker], [true, "2"]);

    const done = await complete(client, UploadId, parts);
    const md5s = contents.map((content) => createHash("md5").update(content).digest());
    assert.equal(done.ETag, `"${createHash("md5").update(Buffer.concat(md5s)).digest("hex")}-3"`);
    const got = await client.send(new GetObjectCommand({ Bucket, Key }));
    assert.ok(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(Buffer.concat(contents)));
    assert.deepEqual([got.Metadata, got.ContentType], [{ a: "1" }, "text/csv"]);
    assert.deepEqual(
      harness.events.map(({ eventName, size }) => [eventName, size]),
      [["ObjectCreated:CompleteMultipartUpload", 11 * MiB + 100]],
    );
    assert.equal(readdirSync(join(harness.directory, ".store", "blobs")).length, 1);
    await assert.rejects(complete(client, UploadId, parts), { name: "NoSuchUpload" });
  }),
);

test(
  "a completion that lists other parts than were uploaded is refused",
  withBucket(async (_, client) => {
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const one = await upload(client, UploadId, 1, Buffer.from("small"));
    const two = await upload(client, UploadId, 2, Buffer.from("last"));
    await assert.rejects(complete(client, UploadId, [one, two]), { name: "EntityTooSmall" });
    await assert.rejects(complete(client, UploadId, [two, one]), { name: "InvalidPartOrder" });
    await assert.rejects(complete(client, UploadId, [{ ...one, ETag: two.ETag }]), { name: "InvalidPart" });
    await assert.rejects(complete(client, UploadId, [{ ...one, PartNumber: 3 }]), { name: "InvalidPart" });
    await assert.rejects(complete(client, UploadId, []), { name: "MalformedXML" });
    await assert.rejects(upload(client, UploadId, 10_001, Buffer.from("x")), { name: "InvalidArgument" });
    await assert.rejects(upload(client, "nothing", 1, Buffer.from("x")), { name: "NoSuchUpload" });
    await complete(client, UploadId, [two]);
  }),
);

test(
  "a part that is uploaded again replaces the one before",
  withBucket(async (harness, client) => {
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    await upload(client, UploadId, 1, Buffer.from("old"));
    await complete(client, UploadId, [await upload(client, UploadId, 1, Buffer.from("new"))]);
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    assert.equal(await Body?.transformToString(), "new");
    assert.equal(readdirSync(join(harness.directory, ".store", "blobs")).length, 1);
  }),
);

test(
  "the checksum of an upload is composite or full, as its algorithm has it",
  withBucket(async (_, client) => {
    for (const [ChecksumAlgorithm, type, ending] of [
      ["CRC32", "COMPOSITE", "-1"],
      ["SHA256", "COMPOSITE", "-1"],
      ["CRC64NVME", "FULL_OBJECT", "="],
    ] as const) {
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm }));
      const part = await upload(client, UploadId, 1, Buffer.from("content"), ChecksumAlgorithm);
      await complete(client, UploadId, [part]);
      const head = await client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }));
      assert.equal(head.ChecksumType, type);
      assert.ok(head[`Checksum${ChecksumAlgorithm}`]?.endsWith(ending), head[`Checksum${ChecksumAlgorithm}`]);
    }
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: "SHA1" }),
    );
    await assert.rejects(upload(client, UploadId, 1, Buffer.from("x"), "CRC32"), { name: "InvalidRequest" });
  }),
);

test(
  "an upload that is aborted leaves nothing",
  withBucket(async (harness, client) => {
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    await upload(client, UploadId, 1, Buffer.from("x"));
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    assert.deepEqual(readdirSync(join(harness.directory, ".store", "blobs")), []);
    await assert.rejects(client.send(new ListPartsCommand({ Bucket, Key, UploadId })), { name: "NoSuchUpload" });
  }),
);

test(
  "uploads under way are listed by key and beginning, page by page",
  withBucket(async (_, client) => {
    const begun: unknown[] = [];
    for (const each of ["a", "b/1", "b/1", "b/2", "c"]) {
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: each }));
      begun.push([each, UploadId]);
    }
    const seen: unknown[] = [];
    let markers: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {};
    for (;;) {
      const page = await client.send(new ListMultipartUploadsCommand({ Bucket, MaxUploads: 2, ...markers }));
      seen.push(...(page.Uploads ?? []).map((each) => [each.Key, each.UploadId]));
      if (!page.IsTruncated) break;
      markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
    }
    assert.deepEqual(seen, begun);
    const folders = await client.send(new ListMultipartUploadsCommand({ Bucket, Delimiter: "/" }));
    assert.deepEqual(folders.CommonPrefixes, [{ Prefix: "b/" }]);
    assert.deepEqual(
      folders.Uploads?.map((each) => each.Key),
      ["a", "c"],
    );
  }),
);

test(
  "a completion with If-None-Match does not overwrite what came meanwhile",
  withBucket(async (_, client) => {
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const part = await upload(client, UploadId, 1, Buffer.from("x"));
    await client.send(new PutObjectCommand({ Bucket, Key, Body: "first" }));
    await assert.rejects(complete(client, UploadId, [part], { IfNoneMatch: "*" }), { name: "PreconditionFailed" });
    await complete(client, UploadId, [part]);
  }),
);

async function upload(
  client: S3Client,
  UploadId: string | undefined,
  PartNumber: number,
  Body: Buffer | undefined,
  ChecksumAlgorithm?: "CRC32" | "SHA256" | "CRC64NVME",
) {
  const { $metadata: _, ...part } = await client.send(
    new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ChecksumAlgorithm }),
  );
  return { PartNumber, ETag: part.ETag };
}

const complete = (client: S3Client, UploadId: string | undefined, Parts: CompletedPart[], more: object = {}) =>
  client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }));

function withBucket(use: (harness: Harness, client: S3Client) => Promise<void>) {
  return async (t: TestContext) => {
    const harness = await serve(t);
    harness.s3.createBucket(Bucket, { versioned: false });
    await use(harness, harness.client());
  };
}
