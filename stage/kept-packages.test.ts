import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { keepPackage, keptPackage, takeKeptPackages } from "./kept-packages";

/** In a folder that looks like the program's own. */
function inProgram(t: { after(end: () => void): void }) {
  const [before, root] = [process.cwd(), mkdtempSync(join(tmpdir(), "kept-"))];
  process.chdir(root);
  t.after(() => {
    process.chdir(before);
    rmSync(root, { recursive: true });
  });
  for (const folder of ["functions/lake", "stage", "schemas"]) mkdirSync(folder, { recursive: true });
  for (const file of ["package-lock.json", "tsconfig.json", "functions/lake/a.ts"]) writeFileSync(file, "1");
}

/** What is kept of stage `a` for the sources as they are now. */
function kept(): string | undefined {
  const leave = takeKeptPackages();
  try {
    return keptPackage("a");
  } finally {
    leave();
  }
}

test("a package is kept for the sources that it was made of, and for no others", (t) => {
  inProgram(t);
  assert.equal(kept(), undefined);
  const leave = takeKeptPackages();
  keepPackage("a", "made");
  leave();
  assert.equal(kept(), "made");
  for (const file of ["functions/lake/a.ts", "schemas/0001.sql", "stage/b.ts", "package-lock.json"]) {
    writeFileSync(file, "2");
    assert.equal(kept(), undefined, file);
    rmSync(file);
    if (!file.startsWith("schemas") && !file.startsWith("stage")) writeFileSync(file, "1");
    assert.equal(kept(), "made", file);
  }
  writeFileSync("functions/lake/a.test.ts", "2");
  assert.equal(kept(), "made");
});

test("where no evaluation asks for it, nothing is taken and nothing kept: so it is for pulumi up", (t) => {
  inProgram(t);
  keepPackage("a", "made");
  assert.equal(keptPackage("a"), undefined);
  assert.equal(kept(), undefined);
});
