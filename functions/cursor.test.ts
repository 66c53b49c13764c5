import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cursorOf, type PositionType, positionOf } from "./cursor";

const types: readonly PositionType[] = ["date", "numeric", "bigint", "text", "time"];
const position = ["2026-03-01", "-12.5000", "9223372036854775807", "p'1 \u{1f6d2}", "2026-03-01T23:59:59.000001Z"];
const filters = ["day", { category: "toys" }];

test("a cursor gives back the position that it was made of", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"))), (texts) => {
      const found = positionOf(
        cursorOf(filters, texts),
        filters,
        texts.map(() => "text"),
      );
      assert.deepEqual(found, texts);
    }),
  );
  assert.deepEqual(positionOf(cursorOf(filters, position), filters, types), position);
});

test("a cursor of other filters is refused", () => {
  assert.throws(() => positionOf(cursorOf(filters, position), ["day", { category: "books" }], types), {
    code: "BadRequest",
    errors: [{ in: "query", field: "cursor", reason: "is none of this list with these filters" }],
  });
});

test("a cursor that is broken or was changed is refused", () => {
  const cursor = cursorOf(filters, position);
  const changed = Buffer.from(Buffer.from(cursor, "base64url").toString().replace("2026", "2027")).toString(
    "base64url",
  );
  const json = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  for (const bad of ["", "x", cursor.slice(0, -3), changed, json(null), json({}), json([1, 2]), json([["a"]]), "%00"])
    assert.throws(() => positionOf(bad, filters, types), { code: "BadRequest" }, bad);
});

test("a position that the database would refuse is refused, however well it is forged", () => {
  for (const [index, bad] of [
    [0, "2026-02-30"],
    [0, "0000-01-01"],
    [0, "tomorrow"],
    [1, "NaN"],
    [1, "1e400"],
    [1, "1'; drop table x; --"],
    [2, "9223372036854775808"],
    [2, "1.5"],
    [3, "a\0b"],
    [4, "2026-02-30T10:00:00.000000Z"],
    [4, "2026-03-01T24:00:00.000000Z"],
    [4, "2026-03-01"],
    [4, "now"],
  ] as const) {
    const forged = position.with(index, bad);
    assert.throws(() => positionOf(cursorOf(filters, forged), filters, types), { code: "BadRequest" }, bad);
  }
});

test("a cursor has characters that need no encoding in a URL", () => {
  assert.match(cursorOf(filters, position), /^[\w-]+$/);
});
