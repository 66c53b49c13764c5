import assert from "node:assert/strict";
import { test } from "node:test";
import { notificationOf, type Told } from "./notification";

const upload = {
  outcome: "processed_with_rejects",
  rowsIn: 5,
  rowsAccepted: 2,
  rowsDuplicate: 1,
  rowsRejected: 2,
  errorId: "e-1",
  processedAt: "2026-03-01T10:00:00.000Z",
  notified: false,
} as const;
const told: Told = {
  api: "https://api.example",
  seller: "acme",
  uploadId: "u-1",
  file: "march.csv",
  upload,
  rejected: "s3://rejected/rows/e-1.csv",
};

const texts = (of: Told) => JSON.parse(notificationOf(of).Message) as { default: string; email: string };

test("notificationOf() tells a program the counts and where the rejected rows lie", () => {
  assert.deepEqual(JSON.parse(texts(told).default), {
    outcome: "processed_with_rejects",
    seller: "acme",
    uploadId: "u-1",
    file: "march.csv",
    rows: { in: 5, accepted: 2, duplicate: 1, rejected: 2 },
    errorId: "e-1",
    rejected: "s3://rejected/rows/e-1.csv",
    processedAt: "2026-03-01T10:00:00.000Z",
  });
  assert.deepEqual(notificationOf(told).MessageAttributes, {
    outcome: { DataType: "String", StringValue: "processed_with_rejects" },
    seller: { DataType: "String", StringValue: "acme" },
  });
});

test("notificationOf() tells a person what to do next", () => {
  const { email } = texts(told);
  assert.match(email, /5 rows: 2 taken, 1 there already, 2 rejected\./);
  assert.match(
    email,
    /GET https:\/\/api\.example\/api\/errors\/e-1\n.*POST https:\/\/api\.example\/api\/errors\/e-1\/reprocess$/,
  );
});

test("notificationOf() tells why a feed failed", () => {
  const error = { code: "ZipBomb", message: "Cannot read it" };
  const { email } = texts({ ...told, upload: { ...upload, outcome: "failed", error } });
  assert.match(email, /was failed\.|failed/);
  assert.match(email, /Cannot read it \(ZipBomb\)/);
});

test("a subject is one line of fewer than 100 ASCII characters, whatever the file is called", () => {
  for (const file of ["ü.csv", "a\nb.csv", "x".repeat(500), "日本語.csv"]) {
    const { Subject } = notificationOf({ ...told, file });
    assert.match(Subject, /^[\x20-\x7e]{1,99}$/, file);
  }
});
