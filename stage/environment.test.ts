import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { environment } from "./environment";

const names = ["TEST_BUCKET", "TEST_TABLE", "TEST_ABSENT"] as const;

/** Runs with only these of the settings above; what else is in the environment stays. */
function inside<T>(settings: Partial<Record<(typeof names)[number], string>>, run: () => T): T {
  for (const name of names) delete process.env[name];
  Object.assign(process.env, settings);
  try {
    return run();
  } finally {
    for (const name of names) delete process.env[name];
  }
}

test("environment() gives the named settings and no others", () => {
  const settings = inside({ TEST_BUCKET: "raw", TEST_TABLE: "audit" }, () => environment("TEST_BUCKET"));
  assert.deepEqual(settings, { TEST_BUCKET: "raw" });
  assert.deepEqual(environment(), {});
});

test("environment() names every setting that is missing or empty", () => {
  assert.throws(() => inside({ TEST_BUCKET: "raw", TEST_TABLE: "" }, () => environment(...names)), {
    name: "MissingSetting",
    message: `Cannot start: the function's environment lacks "TEST_TABLE", "TEST_ABSENT"`,
  });
});

test("environment() puts no value of the environment into its error", () => {
  const secret = "a-value-that-no-log-may-hold";
  inside({ TEST_BUCKET: secret }, () => {
    assert.throws(
      () => environment(...names),
      (error) => !inspect(error, { depth: Infinity, showHidden: true }).includes(secret),
    );
  });
});
