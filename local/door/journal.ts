// journal: the one record of everything that happened. Progress, tests and benchmarks all read it.

import { createWriteStream, type WriteStream } from "node:fs";

/** One thing that happened: an operation at the door, a delivery, an invocation. */
export interface Entry {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** `s3`, `sqs`, `lambda`, ... */
  readonly service: string;
  /** AWS's name of the operation (`PutObject`), or what the platform did by itself (`Deliver`, `Invoke`, `Retry`). */
  readonly operation: string;
  /** Who did it: a stage's name, `operator`, or a service principal such as `s3.amazonaws.com`. */
  readonly principal: string;
  readonly resource: string;
  /** `ok`, or the error's code as AWS words it. */
  readonly outcome: string;
  readonly ms: number;
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface Journal {
  readonly entries: readonly Entry[];
  add(entry: Omit<Entry, "at">): void;
  /** Calls `listener` for every entry from now on; returns the way to stop it. */
  listen(listener: (entry: Entry) => void): () => void;
  end(): Promise<void>;
}

/** Keeps the last `keep` entries in memory, and every entry as a line of JSON in `file` where one is given. */
export function journal({ file, keep = 100_000 }: { file?: string; keep?: number } = {}): Journal {
  const entries: Entry[] = [];
  const listeners = new Set<(entry: Entry) => void>();
  const lines: WriteStream | undefined = file === undefined ? undefined : createWriteStream(file, { flags: "a" });

  return {
    entries,
    add(partial) {
      const entry = { at: new Date().toISOString(), ...partial };
      entries.push(entry);
      if (entries.length > keep) entries.splice(0, entries.length - keep);
      lines?.write(`${JSON.stringify(entry)}\n`);
      for (const listener of listeners) listener(entry);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    end: () => new Promise((resolve) => (lines === undefined ? resolve() : lines.end(() => resolve()))),
  };
}
