// table-layout: which folders are tables and which are partitions of one. Keys in, tables out.
//
//   sales_daily/dt=2026-03-01/a.parquet     table sales_daily, partition dt = 2026-03-01
//   sales_daily/2026/a.parquet              table sales_daily, partition partition_0 = 2026
//
// Glue Developer Guide, "How does a crawler determine when to create partitions?".

import { createHash } from "node:crypto";

export interface LaidOutTable<Item> {
  /** The table's folder in the bucket, `sales_daily/`; empty where the bucket itself is the table. */
  readonly root: string;
  readonly keys: readonly string[];
  /** One without values where there are no keys. */
  readonly partitions: readonly {
    readonly values: readonly string[];
    readonly folder: string;
    readonly items: readonly Item[];
  }[];
  /** Folders whose levels are others than those of the table. */
  readonly skipped: readonly string[];
}

export interface Target {
  /** What the keys begin with, ending with a slash where it is not empty. */
  readonly prefix: string;
  /** The level of the folders that are tables; 1 is the bucket. */
  readonly tableLevel?: number;
  /** The partition keys of the table that is already at `root`, if there is one. */
  readonly keysAt?: (root: string) => readonly string[] | undefined;
}

export function layOut<Item extends { readonly key: string }>(
  items: readonly Item[],
  { prefix, tableLevel, keysAt = () => undefined }: Target,
): LaidOutTable<Item>[] {
  const includeLevels = prefix.split("/").length - 1;
  const levels = Math.max(includeLevels, (tableLevel ?? 0) - 1);
  const roots = Map.groupBy(items, ({ key }) => folders(key).slice(0, levels).join("/"));
  return [...roots].map(([path, below]) => tableAt(path === "" ? "" : `${path}/`, below, keysAt));
}

function tableAt<Item extends { readonly key: string }>(
  root: string,
  items: readonly Item[],
  keysAt: (root: string) => readonly string[] | undefined,
): LaidOutTable<Item> {
  const byFolder = Map.groupBy(items, ({ key }) => key.slice(0, key.lastIndexOf("/") + 1));
  const levelsOf = (folder: string) => folder.slice(root.length).split("/").slice(0, -1).map(levelOf);
  const signature = (folder: string) =>
    levelsOf(folder)
      .map(({ name }) => name)
      .join("/");
  const wanted = keysAt(root)?.join("/") ?? mostCommon([...byFolder.keys()].map(signature));
  const [like, others] = [[...byFolder].filter(([folder]) => signature(folder) === wanted), [...byFolder.keys()]];
  return {
    root,
    keys: wanted === "" ? [] : wanted.split("/"),
    partitions: like.map(([folder, within]) => ({
      values: levelsOf(folder).map(({ value }) => value),
      folder,
      items: within,
    })),
    skipped: others.filter((folder) => signature(folder) !== wanted),
  };
}

/** `dt=2026-03-01` names its key; of another folder the key is named after its place. */
function levelOf(folder: string, place: number): { name: string; value: string } {
  const [, name, value] = /^([^=]+)=(.*)$/.exec(folder) ?? [];
  return name === undefined || value === undefined
    ? { name: `partition_${place}`, value: folder }
    : { name: sanitized(name), value };
}

/** The most frequent text; of two, the one that came first. */
function mostCommon(texts: readonly string[]): string {
  const counted = [...Map.groupBy(texts, (text) => text)].map(([text, all]) => ({ text, count: all.length }));
  return counted.sort((one, other) => other.count - one.count)[0]?.text ?? "";
}

const folders = (key: string): string[] => key.split("/").slice(0, -1);

/** The name that a crawler gives the table of a folder, behind the crawler's prefix. */
export function tableName(prefix: string, bucket: string, root: string): string {
  const last = root.split("/").at(-2) ?? bucket;
  return sanitized(`${prefix}${last}`).slice(0, 128);
}

/** Where a table of that name is already at another place. */
export const otherTableName = (name: string, location: string): string =>
  `${name.slice(0, 95)}_${createHash("md5").update(location).digest("hex")}`;

const sanitized = (name: string): string => name.toLowerCase().replace(/[^a-z0-9_]/g, "_");
