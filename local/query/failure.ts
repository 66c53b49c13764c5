// failure: why a query failed, with the line of it that Athena points at.
//
//   COLUMN_NOT_FOUND: line 2:8: Column 'revenu' cannot be resolved
//
//     2 | where revenu > 10
//       |       ^

import { stripVTControlCharacters } from "node:util";

export function failureText(reason: string, sql: string): string {
  const [, line, column] = /\bline (\d+):(\d+)/.exec(reason) ?? [];
  const text = line === undefined ? undefined : sql.split("\n")[Number(line) - 1];
  if (line === undefined || column === undefined || text === undefined) return reason;
  const place = Number(column) - 1;
  // A tab stays a tab, so that the mark stands below its letter.
  const before = text.slice(0, place).replaceAll(/[^\t]/g, " ").padEnd(place);
  const margin = " ".repeat(line.length);
  return `${reason}\n\n  ${line} | ${stripVTControlCharacters(text)}\n  ${margin} | ${before}^`;
}
