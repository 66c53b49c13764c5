import assert from "node:assert/strict";
import { mkdirSync, readdirSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { temporaryDirectory } from "../temporary-directory";
import { announce, findStart, runningStarts } from "./whereabouts";

const { TMPDIR } = process.env;

beforeEach(() => {
  process.env.TMPDIR = temporaryDirectory();
});

after(() => {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
});

const folder = () => join(process.env.TMPDIR ?? "", `tributary-${process.getuid?.()}`);

test("a start is found until it takes its word back", () => {
  const directory = temporaryDirectory();
  assert.equal(findStart(), undefined);

  const silence = announce({ directory, outputs: { athenaDatabase: "lake" } });
  assert.deepEqual(findStart()?.outputs, { athenaDatabase: "lake" });
  assert.equal(findStart(directory)?.directory, realpathSync(directory));
  assert.equal(findStart(temporaryDirectory()), undefined, "another data directory");
  assert.equal(findStart("/nowhere/at/all"), undefined);

  silence();
  assert.equal(findStart(), undefined);
});

test("of several starts the newest is found, and none that was killed", () => {
  const silence = announce({ directory: temporaryDirectory(), outputs: { name: "running" } });
  const [own = ""] = readdirSync(folder());
  const written = {
    directory: "/elsewhere",
    pid: process.ppid,
    since: Date.now() + 60_000,
    outputs: { name: "newer" },
  };
  writeFileSync(join(folder(), "newer.json"), JSON.stringify(written));
  // No process has a number as high as this one (pid_max).
  const killed = { ...written, pid: 2 ** 22 + 1, since: Date.now() + 120_000, outputs: { name: "killed" } };
  writeFileSync(join(folder(), "killed.json"), JSON.stringify(killed));
  writeFileSync(join(folder(), "half.json"), '{"directory"');

  assert.deepEqual(findStart()?.outputs, { name: "newer" });
  assert.deepEqual(
    runningStarts().map(({ outputs }) => outputs.name),
    ["newer", "running"],
  );
  assert.equal(own, `${process.pid}.json`);
  silence();
});

test("what it says is for its owner alone", () => {
  const silence = announce({ directory: temporaryDirectory(), outputs: {} });
  assert.equal(statSync(folder()).mode & 0o777, 0o700);
  assert.equal(statSync(join(folder(), `${process.pid}.json`)).mode & 0o777, 0o600);
  silence();
});

test("a file in the folder's place is nobody's whereabouts", () => {
  mkdirSync(process.env.TMPDIR ?? "", { recursive: true });
  writeFileSync(folder(), "");
  assert.equal(findStart(), undefined);
});
