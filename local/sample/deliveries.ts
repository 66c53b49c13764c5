// deliveries: which row comes in which file, and in which state.
//
// One full export of every table holds the state of one evening; the file of each later day holds the rows that were new
// or had changed that day, as they were in its evening. So the late fate of a row comes in a later file than its start.

import type { TableName } from "../../schemas/tables";
import { type Calendar, day, isoDate } from "./calendar";
import type { Life } from "./rows";

export interface Delivery<Row> {
  /** Where the file lies below a bucket or directory: `raw/orders/full-20261024.parquet`, `raw/orders/2026-10-25.parquet`. */
  readonly key: string;
  readonly rows: readonly Row[];
}

interface Versioned {
  readonly created_at: number;
  readonly updated_at: number;
}

/** @param increments the number of last days that are delivered day by day */
export function deliveriesOf<Row extends Versioned>(
  table: TableName,
  lives: readonly Life<Row>[],
  calendar: Calendar,
  increments: number,
): Delivery<Row>[] {
  const cutoff = calendar.end - increments * day;
  const full: Row[] = [];
  const daily = Array.from({ length: increments }, (): Row[] => []);

  for (const life of lives) {
    let before: Row | undefined;
    life.forEach((row, index) => {
      if (row.updated_at >= calendar.end) return;
      if (row.updated_at < cutoff) before = row;
      else if (lastOfItsDay(life, index, calendar.end)) daily[Math.floor((row.updated_at - cutoff) / day)]?.push(row);
    });
    if (before) full.push(before);
  }

  const files = [
    { key: `raw/${table}/full-${isoDate(cutoff - day).replaceAll("-", "")}.parquet`, rows: full },
    ...daily.map((rows, index) => ({ key: `raw/${table}/${isoDate(cutoff + index * day)}.parquet`, rows })),
  ];
  return files.filter(({ rows }) => rows.length > 0);
}

/** The state of a row on the last evening; nothing when it came later. */
export function latest<Row extends Versioned>(life: Life<Row>, { end }: Calendar): Row | undefined {
  return life.findLast(({ updated_at }) => updated_at < end);
}

function lastOfItsDay<Row extends Versioned>(life: Life<Row>, index: number, end: number): boolean {
  const row = life[index];
  const next = life[index + 1];
  if (row === undefined || next === undefined || next.updated_at >= end) return true;
  return Math.floor(next.updated_at / day) > Math.floor(row.updated_at / day);
}
