// rejected-rows: the rows of a feed that were rejected, as a CSV that its seller corrects and sends again (RFC 4180,
// UTF-8).
//
//   error_row,error_fields,error_reasons,error_other,transaction_id,occurred_at,...
//
// The columns that begin with error_ are ours, and ignored when it comes back; the others are the feed's own. It is
// meant for spreadsheets: it begins with a byte order mark, without which Excel takes it for Windows-1252, and no cell
// of it runs as a formula.

import { columnName, feedColumns } from "../../../schemas/feed";
import { withPrefix } from "./formula-prefix";
import type { RejectedRow } from "./read-feed";
import { isErrorColumn } from "./source-row";

export interface RejectedCsv {
  readonly header: string;
  line(row: RejectedRow): string;
}

/** `columns` are the feed's own; the columns that a feed may have and this one has not are put behind them. */
export function rejectedCsv(columns: readonly string[]): RejectedCsv {
  const own = columns.filter((name) => !isErrorColumn(name));
  const places = new Map(own.map((name, index) => [columnName(name), index]));
  const added = Object.keys(feedColumns).filter((name) => !places.has(name));
  for (const name of added) places.set(name, places.size);
  const header = [...ours, ...own, ...added];

  return {
    header: `\ufeff${record(header)}`,
    line: ({ row, line, problems, source }) => {
      const cells: string[] = header.slice(ours.length).map(() => "");
      const other: Record<string, string> = {};
      const taken = new Set<number>();
      for (const [name, text] of Object.entries(source)) {
        const place = places.get(columnName(name));
        if (place === undefined || taken.has(place)) other[name] = text;
        else cells[place] = columnName(name) === "occurred_at" ? untouched(text) : text;
        if (place !== undefined) taken.add(place);
      }
      const reasons = problems.map(({ field, reason }) => `${field} ${reason}`).join("; ");
      const told = [
        line === undefined ? `${row}` : `${row} (line ${line})`,
        problems.map(({ field }) => field).join(" "),
        reasons,
        Object.keys(other).length === 0 ? "" : JSON.stringify(other),
      ];
      return record([...told, ...cells]);
    },
  };
}

/** A day with its time, which is the same (schemas/feed.ts): spreadsheets write days alone in their own way. */
const untouched = (text: string): string => (/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);

const ours = ["error_row", "error_fields", "error_reasons", "error_other"];

const record = (cells: readonly string[]): string => `${cells.map(cellOf).join(",")}\r\n`;

function cellOf(text: string): string {
  const cell = withPrefix(text);
  return /[",\r\n]|^\s|\s$|^'/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
