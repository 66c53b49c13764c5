// usage: how much memory a process holds, and how much a directory.

import { execFile } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const mebibyte = 1024 * 1024;

/** The resident memory of a process: now, and the most it ever was. Nothing, when the process has ended. */
export async function memoryMb(pid: number): Promise<{ now: number; peak: number } | undefined> {
  try {
    if (process.platform !== "linux") {
      const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", String(pid)]);
      return { now: Number(stdout) / 1024, peak: Number(stdout) / 1024 };
    }
    const status = await readFile(`/proc/${pid}/status`, "utf8");
    const now = /^VmRSS:\s+(\d+)/m.exec(status)?.[1];
    const peak = /^VmHWM:\s+(\d+)/m.exec(status)?.[1];
    return now === undefined ? undefined : { now: Number(now) / 1024, peak: Number(peak ?? now) / 1024 };
  } catch {
    return undefined;
  }
}

/** What the files of a directory take on the disk; files that vanish meanwhile take nothing. */
export async function diskMb(directory: string): Promise<number> {
  const files = await readdir(directory, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(files.map((file) => stat(join(directory, file)).catch(() => ({ blocks: 0 }))));
  return (sizes.reduce((sum, { blocks }) => sum + blocks, 0) * 512) / mebibyte;
}
