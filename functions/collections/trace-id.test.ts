import assert from "node:assert/strict";
import { test } from "node:test";
import { traceId } from "./trace-id";

test("traceId() is the root of X-Ray's header, and nothing where there is none", () => {
  for (const [header, id] of [
    [
      "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
      "1-5759e988-bd862e3fe1be46a994272793",
    ],
    [
      "Self=1-67891234-12456789abcdef012345678;Root=1-67891233-abcdef012345678912345678",
      "1-67891233-abcdef012345678912345678",
    ],
    ["Sampled=0", null],
    ["", null],
  ] as const) {
    assert.equal(traceId(header), id);
  }
});
