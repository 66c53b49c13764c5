// source: the database that is exported, as the rest of the export sees it.

import type { Readable } from "node:stream";
import { openMysql } from "./mysql-source";
import { openPostgresSource } from "./postgres-source";
import type { SourceAddress } from "./source-address";
import type { Range } from "./source-sql";
import type { SourceColumn, TablePlan } from "./table-plan";

/** A connection that only reads, and that sees the source as it is at one moment for as long as it is open. */
export interface Source {
  /** That moment by the source's clock, in UTC: `2026-05-01 10:00:00.123456`. */
  readonly now: string;
  /** None where there is no such table. */
  columns(table: string): Promise<SourceColumn[]>;
  fingerprint(plan: TablePlan, range: Range): Promise<string>;
  records(plan: TablePlan, range: Range): Promise<Records>;
  end(): Promise<void>;
}

/** Rows on their way: a chunk of the stream is a row, and `recordOf` makes the line of it that record.ts describes. */
export interface Records {
  readonly stream: Readable;
  recordOf(chunk: never): Buffer;
}

export const openSource = (address: SourceAddress): Promise<Source> =>
  address.kind === "postgres" ? openPostgresSource(address) : openMysql(address);
