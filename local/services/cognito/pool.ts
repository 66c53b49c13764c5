// pool: one user pool - what the program says of it, what it keeps, its key and its clock - and who is meant by a name.

import type { Clock } from "../../clock";
import { awsError } from "../../door/service";
import type { ClientConfig, GroupConfig, PoolConfig } from "./pool-config";
import type { PoolKey } from "./pool-key";
import type { PoolStore, User } from "./pool-store";

export interface Pool {
  readonly config: PoolConfig;
  readonly store: PoolStore;
  readonly key: PoolKey;
  readonly clock: Clock;
}

/** By their name, or by their e-mail address where the pool calls them by it. */
export function findUser({ config, store }: Pool, name: string): User | undefined {
  const same = (given: string | undefined) => given !== undefined && folded(config, given) === folded(config, name);
  return store
    .users()
    .find(({ username, attributes }) => same(username) || (config.emailAsUsername && same(attributes.email)));
}

export function theUser(pool: Pool, name: unknown): User {
  const user = findUser(pool, String(name));
  if (user === undefined) throw awsError("UserNotFoundException", "User does not exist.");
  return user;
}

export function theClient({ config }: Pool, id: string): ClientConfig {
  const client = config.clients.find((each) => each.id === id);
  if (client === undefined) throw noClient(id);
  return client;
}

export const noClient = (id: string): Error =>
  awsError("ResourceNotFoundException", `User pool client ${id} does not exist.`);

/** The program's, or one that somebody has created. */
export const findGroup = ({ config, store }: Pool, name: string): GroupConfig | undefined =>
  config.groups.find((each) => each.name === name) ?? store.group(name);

/** The groups of a user that there still are, the lowest precedence first. */
export const groupsOf = (pool: Pool, { groups }: User): string[] =>
  groups
    .flatMap((name) => findGroup(pool, name) ?? [])
    .sort((a, b) => (a.precedence ?? Number.POSITIVE_INFINITY) - (b.precedence ?? Number.POSITIVE_INFINITY) || 0)
    .map(({ name }) => name);

const folded = ({ caseSensitive }: PoolConfig, name: string): string => (caseSensitive ? name : name.toLowerCase());
