// What is put into S3 and read again is tried on the embedded AWS (local/transactions.test.ts).

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { S3Client } from "@aws-sdk/client-s3";
import type { RejectedRow } from "../feed/read-feed";
import { rejectedFile } from "./rejected-file";

const rejected = (row: number): RejectedRow => ({
  row,
  problems: [{ field: "quantity", reason: "must not be 0", found: "0" }],
  source: { transaction_id: `T-${row}`, quantity: "0" },
});
const rows = (count: number) => Array.from({ length: count }, (_, index) => rejected(index + 1));

const open = () => rejectedFile(new S3Client({}), { Bucket: "rejected", Key: "rows/acme/e.csv" });
const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith("rejected-"));

test("rejectedFile() counts all rows and remembers the first, and leaves nothing on /tmp", async () => {
  const before = leftovers();
  const file = open();
  for (let batch = 0; batch < 10; batch++) await file.add(rows(5_000));
  assert.equal(file.count(), 50_000);
  assert.deepEqual(file.sample(), rows(20));
  assert.equal(leftovers().length, before.length + 1);
  await file.end();
  assert.deepEqual(leftovers(), before);
});

test("rejectedFile() makes nothing where no row is rejected", async () => {
  const before = leftovers();
  const file = open();
  await file.add([]);
  await file.keep();
  assert.deepEqual([file.count(), leftovers()], [0, before]);
});

test("more rejected rows than somebody corrects fail the feed, with the reason of the first", async () => {
  const file = open();
  await file.add(rows(100_000));
  await assert.rejects(file.add(rows(1)), {
    name: "BadFeed",
    code: "TooManyRejects",
    message: /^Cannot keep 100001 rows that break a rule, as the first: quantity must not be 0$/,
  });
  await file.end();
});
