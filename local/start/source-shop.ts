// source-shop: the sample shop as the database that it would have, in schema `shop` of the embedded PostgreSQL.
//
// The tables hold what the shop wrote, mistakes and all: no key, no check, because a row that breaks a rule must come as far as
// raw-to-curated to be refused there.

import { pipeline } from "node:stream/promises";

import postgres = require("postgres");

import { quoted } from "../../schemas/sql-text";
import { type Column, type ColumnType, type TableName, tableNames, tables } from "../../schemas/tables";
import type { RawRow } from "../sample/rows";
import type { ShopFile } from "../sample/shop";

export interface SourceShop {
  /** The connection string for export-tables. */
  readonly url: string;
  /** Whether `done` was called with that name, by this start or an earlier one. */
  isDone(name: string): Promise<boolean>;
  done(name: string): Promise<void>;
  /** Writes the rows, each unless its key is there in a newer version; gives how many there are in all then. */
  write(files: readonly ShopFile[]): Promise<number>;
  end(): Promise<void>;
}

/** In the database at `url`, which may hold the shop of an earlier start. */
export async function sourceShop(url: string): Promise<SourceShop> {
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => undefined });
  await sql.unsafe(`create schema if not exists shop`);
  await sql.unsafe(`create table if not exists shop.done (name text primary key)`);
  for (const table of tableNames) {
    const columns = columnsOf(table).map(([name, { type }]) => `${quoted(name)} ${postgresType(type)}`);
    await sql.unsafe(`create table if not exists shop.${table} (${columns.join(", ")})`);
    await sql.unsafe(`create index if not exists ${table}_updated_at on shop.${table} (updated_at)`);
  }

  return {
    url: `${url}?schema=shop`,
    isDone: async (name) => (await sql`select from shop.done where name = ${name}`).length > 0,
    async done(name) {
      await sql`insert into shop.done values (${name}) on conflict do nothing`;
    },
    async write(files) {
      for (const { table, rows } of files) await writeRows(sql, table, rows);
      const [counts] = await sql.unsafe(
        `select ${tableNames.map((table) => `(select count(*) from shop.${table})`).join(" + ")} as rows`,
      );
      return Number(counts?.rows);
    },
    end: () => sql.end(),
  };
}

async function writeRows(sql: postgres.Sql, table: TableName, rows: readonly RawRow[]): Promise<void> {
  const columns = columnsOf(table);
  await sql.begin(async (transaction) => {
    await transaction.unsafe(`create temporary table arriving (like shop.${table}) on commit drop`);
    const lines = await transaction`copy arriving from stdin (format csv)`.writable();
    await pipeline(csv(rows, columns), lines);
    const same = tables[table].primaryKey.map((key) => `kept.${quoted(key)} = arriving.${quoted(key)}`).join(" and ");
    await transaction.unsafe(
      `delete from shop.${table} kept using arriving where ${same} and kept.updated_at < arriving.updated_at`,
    );
    await transaction.unsafe(
      `insert into shop.${table} select * from arriving where not exists (select from shop.${table} kept where ${same})`,
    );
  });
}

const columnsOf = (table: TableName): [string, Column][] => Object.entries(tables[table].columns);

const postgresType = (type: ColumnType): string =>
  type === "varchar" ? "text" : type === "timestamp" ? "timestamp(3)" : type === "double" ? "double precision" : type;

function* csv(rows: readonly RawRow[], columns: readonly [string, Column][]): Generator<string> {
  for (let start = 0; start < rows.length; start += 1_000) {
    const part = rows.slice(start, start + 1_000);
    yield part.map((row) => `${columns.map(([name, { type }]) => field(row[name], type)).join(",")}\n`).join("");
  }
}

/** Nothing is NULL, and an empty text is quoted, as PostgreSQL tells the two apart. */
function field(value: RawRow[string] | undefined, type: ColumnType): string {
  if (value === null || value === undefined) return "";
  if (type === "timestamp") return new Date(Number(value)).toISOString().replace("Z", "");
  if (type.startsWith("decimal")) return decimal(Number(value));
  return typeof value === "string" ? `"${value.replaceAll('"', '""')}"` : String(value);
}

/** Cents as units, exactly. */
function decimal(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, "0");
  return `${cents < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
