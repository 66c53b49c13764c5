// temporary-directory: a directory of a test's own. It goes when the process exits, because until then a service may live in it.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const directories: string[] = [];

export function temporaryDirectory(): string {
  if (directories.length === 0) process.once("exit", removeAll);
  const directory = mkdtempSync(join(tmpdir(), "tributary-test-"));
  directories.push(directory);
  return directory;
}

function removeAll(): void {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
}
