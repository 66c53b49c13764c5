import assert from "node:assert/strict";
import { test } from "node:test";
import { isPassing } from "./passing";

const error = (more: object) => Object.assign(new Error("x"), more);

test("isPassing() knows what another try may mend, and nothing else", () => {
  for (const more of [
    { code: "ECONNREFUSED" },
    { code: "CONNECTION_CLOSED" },
    { code: "57P03" },
    { $metadata: { httpStatusCode: 503 } },
    { $metadata: { httpStatusCode: 400 }, $retryable: { throttling: true } },
  ]) {
    assert.equal(isPassing(error(more)), true, JSON.stringify(more));
  }
  for (const more of [{}, { code: "42P01" }, { code: "ENOENT" }, { $metadata: { httpStatusCode: 403 } }]) {
    assert.equal(isPassing(error(more)), false, JSON.stringify(more));
  }
  assert.equal(isPassing("ECONNREFUSED"), false);
});
