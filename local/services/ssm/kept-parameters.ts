// kept-parameters: the parameters in one file, for its owner alone. It is replaced as a whole: a start that is killed while it
// writes leaves the old one or the new one.

import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";

export const types = ["String", "StringList", "SecureString"] as const;

export type ParameterType = (typeof types)[number];

export interface Kept {
  readonly name: string;
  readonly type: ParameterType;
  /** Oldest first; the last is the current one. */
  readonly versions: readonly Version[];
  /** Of what the program said last, which somebody may have changed by hand since. */
  readonly said?: string;
}

export interface Version {
  readonly number: number;
  readonly value: string;
  /** What who does not ask for decryption is shown: it tells nothing of the value. */
  readonly ciphertext: string;
  /** Milliseconds. */
  readonly changedAt: number;
}

/** How many AWS keeps. https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html */
const mostVersions = 100;

export type KeptParameters = ReturnType<typeof keptParameters>;

export function keptParameters(file: string) {
  const kept = new Map(read(file).map((each) => [each.name, each]));

  return {
    get: (name: string): Kept | undefined => kept.get(name),
    all: (): Kept[] => [...kept.values()],
    /** One more version of the parameter, which may be its first; returns its number. */
    add({ name, type, said }: Omit<Kept, "versions">, value: string): number {
      const before = kept.get(name)?.versions ?? [];
      const number = (before.at(-1)?.number ?? 0) + 1;
      const version = {
        number,
        value,
        ciphertext: `AQICAH${randomBytes(96).toString("base64")}`,
        changedAt: Date.now(),
      };
      const versions = [...before, version].slice(-mostVersions);
      kept.set(name, { name, type, versions, ...(said === undefined ? {} : { said }) });
      writeFileSync(`${file}.new`, JSON.stringify([...kept.values()]), { mode: 0o600 });
      renameSync(`${file}.new`, file);
      return number;
    },
  };
}

function read(file: string): Kept[] {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Kept[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
