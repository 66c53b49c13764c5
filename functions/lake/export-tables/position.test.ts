import assert from "node:assert/strict";
import { test } from "node:test";
import { beginning, earlier, moment, type Position, rangesFrom, reached } from "./position";

const now = "2026-05-01 12:00:00.000000";

test("rangesFrom() begins an overlap before the watermark, or where there is none with everything", () => {
  assert.deepEqual(rangesFrom(beginning, false), [{ rows: "dated" }, { rows: "undated" }]);
  const kept = { revision: 3, watermark: "2026-05-01 00:10:00.123456" };
  assert.deepEqual(rangesFrom(kept, false), [
    { rows: "dated", from: "2026-04-30 23:55:00.123456" },
    { rows: "undated" },
  ]);
});

test("rangesFrom() goes on behind the last row of an export that was cut short, and forgets it where everything is asked for", () => {
  const kept = { revision: 3, watermark: now, behind: ["2026-01-01 00:00:00", "7"] };
  assert.deepEqual(rangesFrom(kept, false), [{ rows: "dated", behind: kept.behind }, { rows: "undated" }]);
  assert.deepEqual(rangesFrom({ ...kept, behind: [null, "7"] }, false), [{ rows: "undated", behind: [null, "7"] }]);
  assert.deepEqual(rangesFrom(kept, true), [{ rows: "dated" }, { rows: "undated" }]);
});

test("reached() moves the watermark on, never back and never beyond now", () => {
  const watermark = (position: Position, rows: "dated" | "undated", version: string | null) =>
    reached(position, rows, [version, "1"], now).watermark;
  const kept = { revision: 3, watermark: "2026-05-01 00:00:00.000000" };
  for (const [version, expected] of [
    ["2026-05-01 10:00:00.5", "2026-05-01 10:00:00.500000"],
    ["2026-05-01 10:00:00+00", "2026-05-01 10:00:00.000000"],
    ["2026-04-01 10:00:00", kept.watermark],
    ["2099-01-01 00:00:00", now],
    ["10000-01-01 00:00:00", now],
    ["0044-03-15 00:00:00 BC", kept.watermark],
    ["2026-00-15 00:00:00", kept.watermark],
  ] as const) {
    assert.equal(watermark(kept, "dated", version), expected, version);
  }
  assert.equal(watermark(kept, "undated", null), kept.watermark);
  assert.equal(watermark(beginning, "undated", "0000-00-00 00:00:00"), undefined);
});

test("reached() keeps the place of a row that is older than the overlap, and of one without a version", () => {
  const behind = (rows: "dated" | "undated", version: string | null) =>
    reached(beginning, rows, [version, "1"], now).behind;
  assert.deepEqual(behind("dated", "2026-05-01 11:44:59"), ["2026-05-01 11:44:59", "1"]);
  assert.equal(behind("dated", "2026-05-01 11:45:00"), undefined);
  assert.equal(behind("dated", "2099-01-01 00:00:00"), undefined);
  assert.deepEqual(behind("undated", "0000-00-00 00:00:00"), [null, "1"]);
});

test("moment() reads what PostgreSQL and MySQL write, and nothing else", () => {
  assert.equal(moment("1969-12-31 23:59:59.9"), "1969-12-31 23:59:59.900000");
  for (const text of ["infinity", "2026-05-01", "2026-05-01 10:00:00+02", "2026-13-01 00:00:00", "", null, undefined])
    assert.equal(moment(text), undefined, String(text));
});

test("earlier() keeps microseconds and stops at the year 1", () => {
  assert.equal(earlier("2026-03-01 00:00:00.000001", 1), "2026-02-28 23:59:00.000001");
  assert.equal(earlier("0001-01-01 00:05:00.000000", 15), "0001-01-01 00:00:00.000000");
});
