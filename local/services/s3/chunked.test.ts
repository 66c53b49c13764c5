import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import fc from "fast-check";
import { type ChunkSeed, signingKey } from "../../door/signature";
import { unchunk } from "./chunked";
import { operator, serve } from "./harness";
import { presign } from "./presign";

// The example of https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
const seed: ChunkSeed = {
  key: signingKey("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", { day: "20130524", region: "us-east-1", service: "s3" }),
  time: "20130524T000000Z",
  scope: "20130524/us-east-1/s3/aws4_request",
  signature: "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
};
const signed = [
  `10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n${"a".repeat(65536)}\r\n`,
  `400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n${"a".repeat(1024)}\r\n`,
  "0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n",
].join("");

test("the signed chunks of AWS's own example are verified, in whatever pieces they come", async () => {
  for (const size of [1, 7, 65536, 100_000]) {
    const { content } = await read(signed, size, seed);
    assert.equal(content, "a".repeat(66560));
  }
});

test("a signed chunk that was changed is refused", async () => {
  for (const changed of [
    signed.replace("aaaa\r\n400", "aaab\r\n400"),
    signed.replace("b6c6", "b6c7"),
    signed.replace(/;chunk-signature=0055\w+/, ""),
  ])
    await assert.rejects(read(changed, 1000, seed), { code: "SignatureDoesNotMatch" });
});

test("the signed trailer of AWS's own example is verified", async () => {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
  const trailing = { ...seed, signature: "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e" };
  const body = [
    `10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n${"a".repeat(65536)}\r\n`,
    `400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n${"a".repeat(1024)}\r\n`,
    "0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n",
    "x-amz-checksum-crc32c:sOO8/Q==\r\n",
    "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n",
  ].join("");
  const { trailers } = await read(body, 5000, trailing);
  assert.equal(trailers.get("x-amz-checksum-crc32c"), "sOO8/Q==");
  await assert.rejects(read(body.replace("sOO8", "sOO9"), 5000, trailing), { code: "SignatureDoesNotMatch" });
});

test("unchunk() gives back what was framed, in whatever pieces it comes", () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.string({ minLength: 1 })), fc.integer({ min: 1, max: 9 }), async (chunks, size) => {
      const framed = chunks.map((each) => `${Buffer.byteLength(each).toString(16)}\r\n${each}\r\n`).join("");
      const { content, trailers } = await read(`${framed}0\r\nname: value\r\n\r\n`, size);
      assert.equal(content, chunks.join(""));
      assert.equal(trailers.get("name"), "value");
    }),
  ));

test("a framing that breaks off or is none is refused", async () => {
  for (const broken of [
    "",
    "5\r\nabc",
    "5\r\nabcde",
    "5\r\nabcde\r\n",
    "x\r\n",
    "5\r\nabcdeX\r\n0\r\n\r\n",
    "0\r\n",
    `${"1".repeat(9000)}`,
  ])
    await assert.rejects(read(broken, 3), { code: "IncompleteBody" }, JSON.stringify(broken));
  await assert.rejects(read("0\r\nno trailer\r\n\r\n", 3), { code: "MalformedTrailerError" });
});

test("a streamed body is kept without its framing, and refused where its trailing checksum is wrong", async (t) => {
  const harness = await serve(t);
  harness.s3.createBucket("bucket", { versioned: false });
  const client = harness.client(operator, { requestChecksumCalculation: "WHEN_REQUIRED" });
  const put = (checksum: string) =>
    presign(client, (each) => each.send(new PutObjectCommand({ Bucket: "bucket", Key: "key" })), {
      headers: {
        "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "x-amz-decoded-content-length": "5",
        "x-amz-trailer": "x-amz-checksum-crc32",
      },
    }).then((url) => send(url, `5\r\nhello\r\n0\r\nx-amz-checksum-crc32:${checksum}\r\n\r\n`));
  assert.match(await put("AAAAAA=="), /BadDigest/);
  assert.equal(await put("NhCmhg=="), "");
  const { Body } = await client.send(new GetObjectCommand({ Bucket: "bucket", Key: "key" }));
  assert.equal(await Body?.transformToString(), "hello");
});

const send = (url: string, body: string) =>
  new Promise<string>((resolve, reject) => {
    const headers = { "content-type": "application/octet-stream", "content-length": body.length };
    const sent = request(url, { method: "PUT", headers }, async (response) => {
      let text = "";
      for await (const piece of response) text += piece;
      resolve(text);
    });
    sent.on("error", reject).end(body);
  });

async function read(body: string, size: number, signing?: ChunkSeed) {
  const bytes = Buffer.from(body);
  const trailers = new Map<string, string>();
  const content: Buffer[] = [];
  for await (const piece of unchunk(inPieces(bytes, size), trailers, signing)) content.push(piece);
  return { content: Buffer.concat(content).toString(), trailers };
}

async function* inPieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
