// scan: walks the index in S3's order, from any key on, and steps over everything below a common prefix at once.

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type Row, type Version, versionOf } from "./version";

export interface Walk {
  readonly bucket: string;
  readonly prefix: string;
  /** Empty for none. */
  readonly delimiter: string;
  /** Where to begin; that key included. */
  readonly from: string;
}

/** A version, or the common prefix of all the keys that it stands for. */
export type Found = { readonly version: Version } | { readonly prefix: string };

export interface Scan {
  /** The latest versions that are no delete markers. The walk must end before anything else is awaited. */
  objects(walk: Walk): Generator<Found>;
  /** All versions, of one key the newest first. */
  versions(walk: Walk): Generator<Found>;
}

export function scan(sql: DatabaseSync): Scan {
  const objects = sql.prepare(
    "SELECT * FROM version WHERE bucket = ? AND latest = 1 AND marker = 0 AND key >= ? AND key < ? ORDER BY key",
  );
  const versions = sql.prepare(
    "SELECT * FROM version WHERE bucket = ? AND key >= ? AND key < ? ORDER BY key, sequence DESC",
  );
  return { objects: (each) => walk(objects, each), versions: (each) => walk(versions, each) };
}

function* walk(rows: StatementSync, { bucket, prefix, delimiter, from }: Walk): Generator<Found> {
  const end = after(prefix) ?? everything;
  let start: string | undefined = later(from, prefix);
  while (start !== undefined) {
    const begin: string = start;
    start = undefined;
    for (const each of rows.iterate(bucket, begin, end)) {
      const row = each as unknown as Row;
      const common = commonPrefix(row.key, prefix, delimiter);
      if (common === undefined) {
        yield { version: versionOf(row) };
        continue;
      }
      yield { prefix: common };
      start = after(common);
      break;
    }
  }
}

export function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  const at = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

/** The least string that is greater than all that begin with `prefix`, as UTF-8 orders them; nothing is greater than "". */
export function after(prefix: string): string | undefined {
  const points = Array.from(prefix, (char) => char.codePointAt(0) ?? 0);
  while (points.at(-1) === 0x10ffff) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
}

/** The least string that is greater than `key` itself. */
export const behind = (key: string) => `${key}\0`;

export const later = (a: string, b: string) => (Buffer.compare(Buffer.from(a), Buffer.from(b)) > 0 ? a : b);

// In SQLite every TEXT is less than any BLOB: https://sqlite.org/datatype3.html#sort_order
const everything = Buffer.alloc(0);
