import assert from "node:assert/strict";
import { join, normalize, sep } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { hashedPath, readablePath } from "./path";

test("a plain key is its own path", () => {
  for (const key of ["a", "raw/orders/dt=2026-01-01/part-0.parquet", "100% sure.txt", "ünïcödé/日本語", ".hidden/x"])
    assert.equal(readablePath("bucket", key), join("bucket", key));
});

test("a segment that a file system takes for something else is percent-encoded", () => {
  for (const [key, path] of [
    ["a/../b", "a/%2E%2E/b"],
    ["./b", "%2E/b"],
    ["a//b", "a/%2F/b"],
    ["a/", "a/%2F"],
    [" a /b.", "%20a%20/b%2E"],
    ["a\u0000b\n", "a%00b%0A"],
    ["C:\\x", "C%3A%5Cx"],
  ] as const)
    assert.equal(readablePath("bucket", key), join("bucket", path));
});

test("no path leaves its bucket or has a segment that is too long for a file name", () => {
  const nasty = fc.array(fc.constantFrom("..", ".", "", "/", "\\", "a", " ", "\0", "%2E", "ü".repeat(200)));
  fc.assert(
    fc.property(
      fc.oneof(
        nasty.map((parts) => parts.join("/")),
        nasty.map((parts) => parts.join("")),
        fc.string(),
      ),
      (key) => {
        for (const path of [readablePath("bucket", key), hashedPath("bucket", key)]) {
          assert.equal(normalize(path), path);
          assert.ok(path.startsWith(`bucket${sep}`), path);
          for (const segment of path.split(sep)) assert.ok(Buffer.byteLength(segment) <= 255, segment);
        }
      },
    ),
  );
});
