// natives-of-text: see natives.ts. Characters are code points, as Trino counts them.
// io.trino.operator.scalar.StringFunctions, https://trino.io/docs/current/functions/string.html

import { type DuckDBBlobValue, type DuckDBListValue, listValue } from "@duckdb/node-api";
import { queryError } from "../query-error";
import type { Native } from "./natives";

const invalid = (message: string) => queryError("INVALID_FUNCTION_ARGUMENT", message);

/** The longest text that padding makes (StringFunctions.PAD) */
const longest = 2_147_483_647n;

export const textNatives = {
  trino_codepoint: {
    takes: ["varchar"],
    gives: "integer",
    compute(text: string) {
      const [first, ...more] = text;
      if (first === undefined || more.length > 0) throw invalid("Input string must be a single character string");
      return first.codePointAt(0) ?? 0;
    },
  },
  trino_from_utf8: {
    takes: ["blob"],
    gives: "varchar",
    compute: (bytes: DuckDBBlobValue) => new TextDecoder().decode(bytes.bytes),
  },
  trino_join: {
    takes: ["varchars", "varchar"],
    gives: "varchar",
    compute: ({ items }: DuckDBListValue, separator: string) => items.filter((item) => item !== null).join(separator),
  },
  trino_levenshtein: {
    takes: ["varchar", "varchar"],
    gives: "bigint",
    compute: (one: string, other: string) => BigInt(levenshtein([...one], [...other])),
  },
  trino_pad: {
    takes: ["varchar", "bigint", "varchar", "boolean"],
    gives: "varchar",
    compute(text: string, size: bigint, padding: string, left: boolean) {
      if (size < 0n || size > longest) throw invalid(`Target length must be in the range [0..${longest}]`);
      if (padding === "") throw invalid("Padding string must not be empty");
      const [letters, filling] = [[...text], [...padding]];
      if (letters.length >= Number(size)) return letters.slice(0, Number(size)).join("");
      const missing = Number(size) - letters.length;
      const added = Array.from({ length: missing }, (_, index) => filling[index % filling.length]).join("");
      return left ? added + text : text + added;
    },
  },
  trino_replace: {
    takes: ["varchar", "varchar", "varchar"],
    gives: "varchar",
    // An empty search finds every place between two characters.
    compute: (text: string, search: string, by: string) =>
      search === "" ? by + [...text].map((letter) => letter + by).join("") : text.split(search).join(by),
  },
  trino_reverse: {
    takes: ["varchar"],
    gives: "varchar",
    compute: (text: string) => [...text].reverse().join(""),
  },
  trino_split: {
    takes: ["varchar", "varchar", "bigint"],
    gives: "varchars",
    compute(text: string, delimiter: string, limit: bigint) {
      if (limit <= 0n) throw invalid("Limit must be positive");
      if (delimiter === "") throw invalid("The delimiter may not be the empty string");
      const parts = text.split(delimiter);
      if (BigInt(parts.length) <= limit) return listValue(parts);
      const kept = parts.slice(0, Number(limit) - 1);
      return listValue([...kept, parts.slice(kept.length).join(delimiter)]);
    },
  },
  trino_split_part: {
    takes: ["varchar", "varchar", "bigint"],
    gives: "varchar",
    compute(text: string, delimiter: string, index: bigint) {
      if (index <= 0n) throw invalid("Index must be greater than zero");
      // An empty delimiter parts the characters.
      const parts = delimiter === "" ? [...text] : text.split(delimiter);
      return parts[Number(index) - 1] ?? null;
    },
  },
  trino_strpos: {
    takes: ["varchar", "varchar", "bigint"],
    gives: "bigint",
    compute(text: string, search: string, instance: bigint) {
      if (instance === 0n) throw invalid("'instance' must be a positive or negative number.");
      if (search === "") return 1n;
      let at = instance > 0n ? -1 : text.length;
      for (let found = 0n; found < (instance > 0n ? instance : -instance); found += 1n) {
        if (at === 0 && instance < 0n) return 0n;
        at = instance > 0n ? text.indexOf(search, at + 1) : text.lastIndexOf(search, at - 1);
        if (at === -1) return 0n;
      }
      return BigInt([...text.slice(0, at)].length + 1);
    },
  },
  trino_substr: {
    takes: ["varchar", "bigint", "bigint"],
    gives: "varchar",
    compute(text: string, start: bigint, length: bigint) {
      if (start === 0n || length <= 0n) return "";
      const letters = [...text];
      const from = start > 0n ? Number(start) - 1 : letters.length + Number(start);
      return from < 0 ? "" : letters.slice(from, from + Number(length)).join("");
    },
  },
  /** Character by character: what becomes of two, as the German sharp s, stays as it is. */
  trino_upper: {
    takes: ["varchar"],
    gives: "varchar",
    compute: (text: string) =>
      [...text]
        .map((letter) => {
          const upper = letter.toUpperCase();
          return [...upper].length === 1 ? upper : letter;
        })
        .join(""),
  },
} satisfies Readonly<Record<string, Native>>;

/** Wagner and Fischer 1974, a row at a time. */
function levenshtein(one: readonly string[], other: readonly string[]): number {
  let row = other.map((_, index) => index + 1);
  for (const [place, letter] of one.entries()) {
    let [diagonal, left] = [place, place + 1];
    row = row.map((above, index) => {
      const cost = Math.min(above + 1, left + 1, diagonal + (other[index] === letter ? 0 : 1));
      [diagonal, left] = [above, cost];
      return cost;
    });
  }
  return row.at(-1) ?? one.length;
}
