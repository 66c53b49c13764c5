// lock: one start at a time on a data directory.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { usageError } from "./options";

/** Takes the directory for this process; gives the way to leave it. Throws where another one that is alive has it. */
export function lock(directory: string): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, "lock");
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: "wx" });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const holder = Number(readFileSync(file, "utf8"));
      if (alive(holder)) {
        throw usageError(
          `Cannot start on "${directory}": process ${holder} is using it. Stop that one, or take another --data.`,
        );
      }
      // Left by a start that was killed.
      rmSync(file, { force: true });
    }
  }
}

function alive(pid: number): boolean {
  try {
    // Signal 0 only asks (kill(2)); EPERM means that it is there and somebody else's.
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
