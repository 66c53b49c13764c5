import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { quarantineKey } from "./quarantine";

test("quarantineKey() leaves what S3 takes as it is", () => {
  assert.equal(quarantineKey("files/raw/orders/a.parquet", "/v1"), "files/raw/orders/a.parquet/v1");
  assert.equal(quarantineKey("rows/raw/orders/a", "/v1.ndjson"), "rows/raw/orders/a/v1.ndjson");
  assert.equal(quarantineKey("k".repeat(1_022), "/v"), `${"k".repeat(1_022)}/v`);
});

/** Long keys, in one to four bytes a character, some of them equal but for their end. */
const longKey = fc
  .tuple(fc.constantFrom("k", "ü", "€", "😀", "/"), fc.integer({ min: 0, max: 1_024 }), fc.string({ unit: "binary" }))
  .map(([character, count, end]) => `${character.repeat(count)}${end}`);

test("quarantineKey() is never longer than S3 takes, always the same, and different for different keys", () => {
  const suffix = fc.constantFrom("", "/v.problem.json", `/${"v".repeat(100)}.ndjson`);
  fc.assert(
    fc.property(longKey, longKey, suffix, (one, other, suffix) => {
      const key = quarantineKey(one, suffix);
      assert.ok(Buffer.byteLength(key) <= 1_024);
      assert.ok(key.endsWith(suffix) && (one.includes("\uFFFD") || !key.includes("\uFFFD")));
      assert.equal(quarantineKey(one, suffix), key);
      assert.equal(quarantineKey(other, suffix) === key, one === other);
    }),
    { examples: [[`${"k".repeat(1_500)}1`, `${"k".repeat(1_500)}2`, ""]] },
  );
});
