// kept-secrets: the secrets in one file, for its owner alone. It is replaced as a whole: a start that is killed while it writes
// leaves the old one or the new one.

import { readFileSync, renameSync, writeFileSync } from "node:fs";

export interface Kept {
  readonly name: string;
  /** The current one; a secret may have none yet. */
  readonly value?: string;
  /** Of what the program said last, which somebody may have changed by hand since. */
  readonly version?: string;
  /** AWS's name for the current value. */
  readonly versionId?: string;
  /** Milliseconds. */
  readonly changedAt?: number;
}

export function keptSecrets(file: string) {
  const kept = new Map<string, Kept>(read(file));

  return {
    get: (arn: string): Kept | undefined => kept.get(arn),
    /** By its ARN or its name. */
    find(id: string): { arn: string; kept: Kept } | undefined {
      const [arn, found] = [...kept].find(([key, { name }]) => id === key || id === name) ?? [];
      return arn === undefined || found === undefined ? undefined : { arn, kept: found };
    },
    set(arn: string, secret: Kept): void {
      kept.set(arn, secret);
      writeFileSync(`${file}.new`, JSON.stringify([...kept]), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
  };
}

function read(file: string): [string, Kept][] {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as [string, Kept][];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
