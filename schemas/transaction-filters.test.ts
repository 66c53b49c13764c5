import assert from "node:assert/strict";
import { test } from "node:test";
import { endsAfterItBegins } from "./transaction-filters";

test("endsAfterItBegins() takes a day, days and an open end, and nothing that ends before", () => {
  for (const good of [
    {},
    { from: "2026-03-01" },
    { to: "0001-01-01" },
    { from: "2026-03-01", to: "2026-03-01" },
    { from: "0999-12-31", to: "1000-01-01" },
  ])
    assert.ok(endsAfterItBegins(good));
  assert.ok(!endsAfterItBegins({ from: "2026-03-01", to: "2026-02-28" }));
});
