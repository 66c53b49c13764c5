import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";

/** A program of its own process: Pulumi evaluates one, and the test runner would take its stray rejections for ours. */
const stderrOf = (program: string): Promise<string> =>
  new Promise((ended) => {
    const script = `
      const { evaluate } = require("./stage/evaluation/evaluate");
      const { fixtures } = require("./stage/serialization-fixtures/program");
      evaluate({ stack: "dev", program: async () => { ${program} } }).catch((error) => {
        console.error("REJECTED", error.message);
        process.exit(1);
      });`;
    execFile(process.execPath, ["--import", "tsx", "--eval", script], (_error, _stdout, stderr) => ended(stderr));
  });

test("evaluate() rejects with the reason when a handler cannot be serialized", async () => {
  // A URL has native getters, which Pulumi cannot put into text.
  const stderr = await stderrOf(`
    const address = new URL("https://example.com");
    return fixtures({ unserializable: () => async () => address.host });`);
  assert.match(stderr, /^REJECTED .*native code function/ms);
});

test("evaluate() stops at a resource type of which nobody has said what it answers", async () => {
  const stderr = await stderrOf(`
    new (require("@pulumi/aws").ecs.Cluster)("cluster");
    return {};`);
  assert.match(
    stderr,
    /^REJECTED .*Cannot evaluate "cluster": nobody has said what a aws:ecs\/cluster:Cluster answers/m,
  );
});
