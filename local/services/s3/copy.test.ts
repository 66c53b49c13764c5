import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { mayOnly, operator, serve } from "./harness";

const Bucket = "bucket";

test("a copy has the source's content and metadata, or those of the request", async (t) => {
  const harness = await serve(t);
  harness.s3.createBucket(Bucket, { versioned: true });
  const client = harness.client();
  const Key = "from a+b/ü%?.txt";
  const CopySource = `${Bucket}/${encodeURIComponent(Key)}`;
  const one = await client.send(
    new PutObjectCommand({ Bucket, Key, Body: "1", Metadata: { a: "1" }, ContentType: "text/csv" }),
  );
  await client.send(new PutObjectCommand({ Bucket, Key, Body: "2", Metadata: { a: "2" }, ContentType: "text/csv" }));
  const copied = async (more: object) => {
    await client.send(new CopyObjectCommand({ Bucket, Key: "to", CopySource, ...more }));
    const { Body, Metadata, ContentType } = await client.send(new GetObjectCommand({ Bucket, Key: "to" }));
    return [await Body?.transformToString(), Metadata?.a, ContentType];
  };
  assert.deepEqual(await copied({}), ["2", "2", "text/csv"]);
  assert.deepEqual(await copied({ CopySource: `/${CopySource}?versionId=${one.VersionId}` }), ["1", "1", "text/csv"]);
  const replaced = { MetadataDirective: "REPLACE", Metadata: { a: "3" }, ContentType: "text/plain" } as const;
  assert.deepEqual(await copied(replaced), ["2", "3", "text/plain"]);
  assert.equal(harness.events.at(-1)?.eventName, "ObjectCreated:Copy");

  for (const [more, name] of [
    [{ Key }, "InvalidRequest"],
    [{ CopySource: "nothing" }, "InvalidArgument"],
    [{ CopySource: `${Bucket}/missing` }, "NoSuchKey"],
    [{ CopySource: "nowhere/key" }, "NoSuchBucket"],
    [{ CopySourceIfMatch: '"other"' }, "PreconditionFailed"],
    [{ TaggingDirective: "MERGE" as "COPY" }, "InvalidArgument"],
  ] as const)
    await assert.rejects(copied(more), { name }, JSON.stringify(more));
  await client.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${CopySource}?versionId=${one.VersionId}` }));
});

test("a copy asks for the right to read its source and to write its target", async (t) => {
  const principals = ["s3:GetObject", "s3:PutObject"].map((action, index) => ({
    ...mayOnly(action),
    accessKeyId: `ASIA${index}`,
  }));
  const both = { ...mayOnly("s3:GetObject", "s3:PutObject"), accessKeyId: "ASIABOTH" };
  const harness = await serve(t, { principals: [operator, both, ...principals] });
  harness.s3.createBucket(Bucket, { versioned: false });
  await harness.client().send(new PutObjectCommand({ Bucket, Key: "a", Body: "1" }));
  const copy = new CopyObjectCommand({ Bucket, Key: "b", CopySource: `${Bucket}/a` });
  for (const principal of principals)
    await assert.rejects(harness.client(principal).send(copy), { name: "AccessDenied" });
  await harness.client(both).send(copy);
});

test("a source that is deleted while it is copied is copied whole", async (t) => {
  const harness = await serve(t);
  harness.s3.createBucket(Bucket, { versioned: false });
  const client = harness.client();
  await client.send(new PutObjectCommand({ Bucket, Key: "a", Body: Buffer.alloc(8_000_000, 7) }));
  const copying = client.send(new CopyObjectCommand({ Bucket, Key: "b", CopySource: `${Bucket}/a` }));
  const deleting = client.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
  const [copied] = await Promise.allSettled([copying, deleting]);
  if (copied.status === "rejected") assert.equal(copied.reason.name, "NoSuchKey");
  else {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: "b" }));
    assert.ok(Buffer.alloc(8_000_000, 7).equals((await Body?.transformToByteArray()) ?? Buffer.alloc(0)));
  }
});

test("a part can be copied from a range of another object", async (t) => {
  const harness = await serve(t);
  harness.s3.createBucket(Bucket, { versioned: false });
  const client = harness.client();
  await client.send(new PutObjectCommand({ Bucket, Key: "digits", Body: "0123456789" }));
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: "to" }));
  const part = { Bucket, Key: "to", UploadId, PartNumber: 1, CopySource: `${Bucket}/digits` };
  const { CopyPartResult } = await client.send(new UploadPartCopyCommand({ ...part, CopySourceRange: "bytes=3-5" }));
  await assert.rejects(client.send(new UploadPartCopyCommand({ ...part, CopySourceRange: "bytes=3-10" })), {
    name: "InvalidArgument",
  });
  const Parts = [{ PartNumber: 1, ETag: CopyPartResult?.ETag }];
  await client.send(new CompleteMultipartUploadCommand({ Bucket, Key: "to", UploadId, MultipartUpload: { Parts } }));
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: "to" }));
  assert.equal(await Body?.transformToString(), "345");
});
