import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import type { S3Event } from "aws-lambda";
import fc from "fast-check";
import { factory, rawObjects, tableOf } from "./raw-to-curated";

/** The part of S3's event that is read; the key as S3 encodes it. */
const event = (...objects: { key: string; versionId?: string }[]) =>
  ({
    Records: objects.map((object) => ({ s3: { bucket: { name: "raw" }, object: { ...object, size: 7 } } })),
  }) as S3Event;

/** As in an HTML form, per the S3 user guide, "Event message structure": a space is a plus. */
const encoded = (key: string) => new URLSearchParams([["", key]]).toString().slice(1);

test("rawObjects() gives keys as they are, versions and sizes", () => {
  for (const [key, plain] of [
    ["raw/orders/a.parquet", "raw/orders/a.parquet"],
    ["raw/orders/a+b.parquet", "raw/orders/a b.parquet"],
    ["raw/orders/a%2Bb.parquet", "raw/orders/a+b.parquet"],
    ["raw/orders/100%25.parquet", "raw/orders/100%.parquet"],
    ["raw/orders/%252F.parquet", "raw/orders/%2F.parquet"],
    ["raw/orders/Stra%C3%9Fe+%E2%82%AC+%F0%9F%98%80.parquet", "raw/orders/Straße € 😀.parquet"],
    ["raw/orders/dt%3D2026-01-01/a.parquet", "raw/orders/dt=2026-01-01/a.parquet"],
  ] as const) {
    assert.deepEqual(rawObjects(event({ key, versionId: "v1" })), [
      { bucket: "raw", key: plain, version: "v1", size: 7 },
    ]);
  }
});

test("rawObjects() gives back any key that S3 encodes, also 300 characters of the worst", () => {
  const worst = `raw/orders/${"+ %ü".repeat(80).slice(0, 289)}`;
  assert.equal(worst.length, 300);
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), (key) => {
      assert.equal(rawObjects(event({ key: encoded(key) }))[0]?.key, key);
    }),
    { examples: [[worst]] },
  );
});

test("rawObjects() gives every object of an event, one from before versioning too", () => {
  assert.deepEqual(rawObjects(event({ key: "a", versionId: "v" }, { key: "b" })), [
    { bucket: "raw", key: "a", version: "v", size: 7 },
    { bucket: "raw", key: "b", version: "null", size: 7 },
  ]);
});

test("tableOf() gives the folder below raw/ of an object that lies in one", () => {
  for (const [key, table] of [
    ["raw/orders/a.parquet", "orders"],
    ["raw/orders/2026/01/a.parquet", "orders"],
    ["raw/a b/ü.parquet", "a b"],
    ["raw/orders/ ", "orders"],
    ["raw/orders/\n", "orders"],
    ["raw/orders/", ""],
    ["raw/orders.parquet", ""],
    ["raw//a.parquet", ""],
    ["Raw/orders/a.parquet", ""],
    ["/raw/orders/a.parquet", ""],
    ["landing/raw/orders/a.parquet", ""],
    ["", ""],
  ] as const) {
    assert.equal(tableOf(key), table, JSON.stringify(key));
  }
});

test("The factory names the settings that are missing, and none of the values that are there", () => {
  const settings = ["CURATED_BUCKET", "QUARANTINE_BUCKET", "AUDIT_TABLE", "CARD_TOKEN_SECRET"];
  const before = settings.map((name) => process.env[name]);
  for (const name of settings) delete process.env[name];
  process.env.AUDIT_TABLE = "a-value-that-no-log-may-hold";
  try {
    assert.throws(factory, (error: Error) => {
      assert.equal(error.name, "MissingSetting");
      for (const name of settings) assert.equal(error.message.includes(`"${name}"`), name !== "AUDIT_TABLE", name);
      return !inspect(error, { depth: Infinity, showHidden: true }).includes("a-value-that-no-log-may-hold");
    });
  } finally {
    delete process.env.AUDIT_TABLE;
    for (const [index, name] of settings.entries()) {
      if (before[index] !== undefined) process.env[name] = before[index];
    }
  }
});
