// pool-store: the users, groups and sign-ins of one pool in one file, for its owner alone. It is replaced as a whole: a
// start that is killed while it writes leaves the old one or the new one.

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { GroupConfig } from "./pool-config";

/** Times are milliseconds. */
export interface User {
  readonly username: string;
  readonly sub: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** As `passwords.ts` hashes it; a user may have none yet. */
  readonly password?: string;
  readonly status: "FORCE_CHANGE_PASSWORD" | "CONFIRMED";
  /** Of a temporary password. */
  readonly passwordUntil?: number;
  readonly enabled: boolean;
  readonly groups: readonly string[];
  readonly createdAt: number;
  readonly changedAt: number;
}

/** What a refresh token stands for. */
export interface SignIn {
  /** The `origin_jti` of every token that comes of it. */
  readonly origin: string;
  /** The SHA-256 of the refresh token: whoever reads the file can sign in as nobody. */
  readonly refreshHash: string;
  readonly username: string;
  readonly clientId: string;
  readonly at: number;
  readonly until: number;
  readonly revoked: boolean;
}

interface State {
  readonly users: User[];
  readonly groups: GroupConfig[];
  readonly signIns: SignIn[];
}

export type PoolStore = ReturnType<typeof poolStore>;

export function poolStore(file: string) {
  const kept = read(file);
  const users = new Map(kept.users.map((user) => [user.username, user]));
  const groups = new Map(kept.groups.map((group) => [group.name, group]));
  const signIns = new Map(kept.signIns.map((signIn) => [signIn.origin, signIn]));

  return {
    /** In the order in which they were created. */
    users: (): User[] => [...users.values()],
    user: (username: string): User | undefined => users.get(username),
    putUser(user: User): void {
      users.set(user.username, user);
      save();
    },
    deleteUser(username: string): void {
      users.delete(username);
      for (const { origin } of signInsOf(username)) signIns.delete(origin);
      save();
    },
    group: (name: string): GroupConfig | undefined => groups.get(name),
    putGroup(group: GroupConfig): void {
      groups.set(group.name, group);
      save();
    },
    signIn: (origin: string): SignIn | undefined => signIns.get(origin),
    signInOf: (refreshHash: string): SignIn | undefined =>
      [...signIns.values()].find((each) => each.refreshHash === refreshHash),
    signInsOf,
    /** Those that ended before `now` are forgotten. */
    putSignIn(signIn: SignIn, now: number): void {
      for (const { origin, until } of signIns.values()) if (until < now) signIns.delete(origin);
      signIns.set(signIn.origin, signIn);
      save();
    },
  };

  function signInsOf(username: string): SignIn[] {
    return [...signIns.values()].filter((each) => each.username === username);
  }

  function save(): void {
    const state: State = { users: [...users.values()], groups: [...groups.values()], signIns: [...signIns.values()] };
    writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}

function read(file: string): State {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as State;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { users: [], groups: [], signIns: [] };
    throw error;
  }
}
