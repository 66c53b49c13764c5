// kept-packages: the packages of handlers as an earlier evaluation of the same sources has made them.
//
// To serialize thirty handlers takes Pulumi half a minute, and a package is made of nothing but the sources and the packages of npm.
// So an evaluation that asks for it (stage/evaluation/evaluate.ts) takes what lies under their fingerprint, and leaves there what
// it had to make. `pulumi up` never does: what is deployed is serialized then and there.

import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What handlers are made of. */
const sources = ["functions", "stage", "schemas"];

/** Set by an evaluation for as long as it takes. */
const variable = "TRIBUTARY_KEPT_PACKAGES";

/** Has the stages that are declared from now on take packages that are kept; gives the way to end that. */
export function takeKeptPackages(): () => void {
  process.env[variable] = join("node_modules", ".cache", "tributary", "packages", fingerprint());
  return () => {
    delete process.env[variable];
  };
}

/** Nothing where none is kept, or none is asked for. */
export function keptPackage(stage: string): string | undefined {
  const directory = process.env[variable];
  if (directory === undefined) return undefined;
  try {
    return readFileSync(join(directory, `${stage}.js`), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

export function keepPackage(stage: string, text: string): void {
  const directory = process.env[variable];
  if (directory !== undefined) writeWhole(directory, `${stage}.js`, text);
}

/** Renamed into place, so that nobody reads half a file: another program, or another stage that comes to the same. */
export function writeWhole(directory: string, file: string, text: string): void {
  mkdirSync(directory, { recursive: true });
  const own = join(directory, `${file}.${randomUUID()}`);
  writeFileSync(own, text);
  renameSync(own, join(directory, file));
}

/** Of all that a package can hold. Tests are in no package. */
function fingerprint(): string {
  const hash = createHash("sha256");
  const files = sources.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts"))
      .map(({ parentPath, name }) => join(parentPath, name)),
  );
  for (const file of [...files.sort(), "package-lock.json", "tsconfig.json"]) {
    hash.update(file).update("\0").update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}
