import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { refuseLostBytes } from "./lost-bytes";

test("refuseLostBytes() refuses gzip that was read as a text, and nothing else", () => {
  const gzip = gzipSync("transaction_id");
  assert.throws(() => refuseLostBytes(Buffer.from(gzip.toString("utf8"))), {
    code: "BadRequest",
    message: /application\/gzip$/,
  });
  for (const body of [gzip, Buffer.from("transaction_id"), Buffer.from("\uFFFD"), Buffer.alloc(0)])
    refuseLostBytes(body);
});
