import assert from "node:assert/strict";
import { test } from "node:test";
import { operations } from "../../stacks/operations";
import { readSettings } from "../../stacks/settings";
import { stage } from "../stage";
import { evaluate } from "./evaluate";

// A URL has native getters, which Pulumi cannot put into text.
const address = new URL("https://example.com");

const program = async () => {
  const platform = { ...operations(readSettings()), pipeline: "fixtures" };
  stage(platform, "unserializable", () => async () => address.host, { on: [], may: [], memory: 128, timeout: 3 });
  return {};
};

test("evaluate() rejects with the reason when a handler cannot be serialized", async () => {
  const settings = { "tributary:nativePlatform": process.platform };
  await assert.rejects(evaluate({ stack: "dev", program, settings }), /native code/);
});
