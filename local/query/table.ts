// table: rows for a person: names above, columns aligned, NULL told from an empty text.

import Table from "cli-table3";
import { styled } from "../start/styled";

const sides = ["top", "bottom", "left", "right", "mid"];
const lines = [...sides, "middle", ...sides.flatMap((side) => ["mid", "left", "right"].map((end) => `${side}-${end}`))];
const noBorders = { ...Object.fromEntries(lines.map((line) => [line, ""])), middle: "  " };

export function drawTable(
  head: readonly string[],
  rows: readonly (readonly (string | undefined)[])[],
  colAligns: readonly ("left" | "right")[],
): string {
  const drawn = new Table({
    head: head.map((name) => styled("bold", shown(name))),
    colAligns: [...colAligns],
    chars: noBorders,
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 0 },
  });
  drawn.push(...rows.map((row) => row.map((value) => (value === undefined ? styled("dim", "NULL") : shown(value)))));
  return drawn.toString().replaceAll(/ +$/gm, "");
}

/** What would move a terminal's cursor, or give it orders, is written out. */
const shown = (text: string): string =>
  text.replaceAll(
    /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (letter) => `\\u${(letter.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
