// whereabouts: where a running start is to be found by those who would ask it something, such as `npm run query`.
//
//   <temporary directory>/tributary-<uid>/<pid>.json    one for each start that runs, for its owner alone
//
// The credentials are not in it: they lie in the start's own directory, in operator.env.

import { lstatSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Whereabouts {
  /** The data directory. */
  readonly directory: string;
  /** Of the program: names of buckets, the workgroup, the database. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

interface Written extends Whereabouts {
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** Tells where this start is; gives the way to take it back. */
export function announce({ directory, outputs }: Whereabouts): () => void {
  const folder = folderOfUser();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!isOwn(folder)) throw new Error(`Cannot tell where this start is: "${folder}" belongs to somebody else`);
  const file = join(folder, `${process.pid}.json`);
  const written: Written = { directory: realpathSync(directory), outputs, pid: process.pid, since: Date.now() };
  writeFileSync(file, JSON.stringify(written), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/** The newest start that runs, or the one on that data directory. */
export function findStart(data?: string): Whereabouts | undefined {
  const running = runningStarts();
  if (data === undefined) return running[0];
  const wanted = realPath(data);
  return running.find(({ directory }) => directory === wanted);
}

/** The newest first. */
export function runningStarts(): readonly Whereabouts[] {
  const folder = folderOfUser();
  if (!isOwn(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => read(join(folder, name)) ?? [])
    .filter(({ pid }) => isAlive(pid))
    .sort((one, other) => other.since - one.since);
}

const folderOfUser = (): string => join(tmpdir(), `tributary-${process.getuid?.() ?? "user"}`);

/** The temporary directory is everybody's: a folder that somebody else has put there tells nothing. */
function isOwn(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() === true && (process.getuid === undefined || found.uid === process.getuid());
}

function read(file: string): Written | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Written;
  } catch {
    // Just being written, or just gone.
    return undefined;
  }
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    // Signal 0 only asks (kill(2)).
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
