import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { ownColumns } from "../../../schemas/feed";
import { csv, read, refusal, sample, told } from "./feed-samples";
import { inflate } from "./inflate";
import { limits } from "./limits";
import { utf8 } from "./utf8";

const mebibyte = 1_024 * 1_024;

/** What is given out, and how many bytes of it were. */
function counted(begin: string, filler: string | Buffer, bytes: number) {
  let given = 0;
  const piece = Buffer.isBuffer(filler) ? filler : Buffer.from(filler.repeat(mebibyte / 16 / filler.length));
  const feed = (function* () {
    yield Buffer.from(begin);
    while (given < bytes) {
      given += piece.length;
      yield piece;
    }
  })();
  return { feed: feed as Iterable<Uint8Array>, given: () => given };
}

test("a record of 100 MB is refused after a few megabytes of it, whatever it is made of", async () => {
  const header = `${ownColumns.join(",")}\n`;
  const row = JSON.stringify(sample());
  const samples: readonly [begin: string, filler: string, code: string][] = [
    ["", "x", "RecordTooLong"],
    ["", " ", "Empty"],
    [header, "x", "RecordTooLong"],
    [header, ",", "RecordTooLong"],
    [header, '"', "RecordTooLong"],
    [`${header}"`, "x", "RecordTooLong"],
    [`${header}"`, "x\n", "UnclosedQuote"],
    ["[", " ", "RecordTooLong"],
    [`[${row},`, " ", "RecordTooLong"],
    ['[{"a":"', "x", "RecordTooLong"],
    ['[{"a":', "1", "RecordTooLong"],
    ['[{"a":[', "0,", "RecordTooLong"],
    ["[", "[", "BrokenJson"],
    [`${row}\n`, " ", "RecordTooLong"],
    ['{"a":"', "x", "RecordTooLong"],
  ];
  for (const [begin, filler, code] of samples) {
    const { feed, given } = counted(begin, filler, 100 * mebibyte);
    const error = await refusal(feed);
    assert.equal(error.code, code, `${begin}${filler}: ${error.message}`);
    assert.ok(given() <= 2 * mebibyte, `${begin}${filler}: ${given()} bytes were read`);
  }
});

test("a record may have a mebibyte and not a byte more, however it comes", async () => {
  const [header, row = ""] = csv(sample({ product_name: "*" }))
    .trim()
    .split("\n");
  const json = JSON.stringify(sample({ product_name: "*" }));
  const filled = (text: string, bytes: number) => text.replace("*", "x".repeat(bytes - text.length + 1));
  const formats: readonly ((bytes: number) => string)[] = [
    (bytes) => `${header}\n${filled(row, bytes - 1)}\n${row}\n`,
    (bytes) => `${json}\n${filled(json, bytes)}\n${json}`,
    (bytes) => `[${json}${filled(`,${json}`, bytes)},${json}]`,
  ];
  for (const format of formats) {
    for (const chunk of [1_000, 65_536, 3 * mebibyte]) {
      const feed = (text: string) =>
        (function* () {
          const bytes = Buffer.from(text);
          for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
        })();
      const { accepted, rejected } = await read(feed(format(limits.record)));
      assert.equal(rejected.length, 1);
      assert.ok(accepted.length >= 1);
      assert.equal((await refusal(feed(format(limits.record + 1)))).code, "RecordTooLong");
    }
  }
});

test("a header of a million columns is refused by its beginning", async () => {
  for (const filler of [",", "a;", '"b"\t', "'c'|"]) {
    const { feed, given } = counted(filler, filler, 8 * mebibyte);
    assert.equal((await refusal(feed)).code, "TooManyColumns", filler);
    assert.ok(given() <= mebibyte, `${given()} bytes were read`);
  }
  const extra = (count: number) =>
    csv(sample()).replace("\n", `${Array.from({ length: count }, (_, it) => `,c${it}`).join("")}\n`);
  assert.deepEqual(told(await read(extra(190))), ["1 row has fewer cells than the header: 10 and not 200"]);
  assert.equal((await refusal(extra(191))).code, "TooManyColumns");
});

test("a row of half a million cells is a row with too many", async () => {
  const feed = await read(`${csv(sample())}${",x".repeat(mebibyte / 2 - 1)}\n${csv(sample()).split("\n")[1]}`);
  assert.deepEqual([feed.accepted.length, feed.rejected.length], [2, 1]);
  assert.ok((feed.rejected[0]?.problems[0]?.found.length ?? 0) < 300);
});

test("a cell of an unknown column has at most 1,000 characters", async () => {
  const feed = (text: string) => csv(sample()).replace("\n", ",notes\n").replace(/\n$/, `,${text}\n`);
  assert.equal((await read(feed("x".repeat(1_000)))).accepted.length, 1);
  assert.deepEqual(told(await read(feed("x".repeat(1_001)))), [
    "1 notes must have at most 1000 characters: it has 1001",
  ]);
});

test("gzip that holds 200 times its size is refused while it is unpacked", async () => {
  const packed = gzipSync(Buffer.alloc(256 * mebibyte, csv(sample())));
  let pulled = 0;
  const bytes = (async function* () {
    for (let at = 0; at < packed.length; at += 1_024) {
      pulled += 1_024;
      yield packed.subarray(at, at + 1_024);
    }
  })();
  let given = 0;
  const unpacking = async () => {
    for await (const chunk of inflate(bytes)) given += chunk.length;
  };
  await assert.rejects(unpacking, { name: "BadFeed", code: "ZipBomb" });
  assert.ok(pulled < packed.length / 4, `${pulled} bytes of ${packed.length} were read`);
  assert.ok(given < 64 * mebibyte, `${given} bytes were given`);
});

test("a small feed may be packed as tightly as it can", async () => {
  const { accepted } = await read(gzipSync(`${csv(sample())}${"\n".repeat(limits.record)}`));
  assert.equal(accepted.length, 1);
});

test("a feed of more than a gibibyte is refused", async () => {
  const { feed, given } = counted("x", "y", 1_100 * mebibyte);
  const reading = async () => {
    for await (const _ of utf8(Readable.from(feed)));
  };
  await assert.rejects(reading, { name: "BadFeed", code: "TooLarge" });
  assert.ok(given() <= 1_025 * mebibyte, `${given()} bytes were read`);
});
