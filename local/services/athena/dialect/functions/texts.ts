// texts: functions of text. https://trino.io/docs/current/functions/string.html, regexp.html, url.html, binary.html
// What begins with trino_ is ours (engine/natives.ts): DuckDB's own function has another meaning, or there is none.

import { literal } from "../../../../../schemas/sql-text";
import type { Value } from "../value";
import { type Lines, line } from "./line";
import { pattern, replacement } from "./regexp";

/** Java's Character.isWhitespace, which Trino trims; DuckDB trims the space alone. */
const spaces = literal(
  "\t\n\v\f\r\u001c\u001d\u001e\u001f \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u2028\u2029\u205f\u3000",
);

const isPositive = (value: Value | undefined) => value?.literal !== undefined && Number(value.literal) > 0;

export const texts: Lines = {
  chr: [line("(bigint) -> varchar", "chr(CAST($1 AS INTEGER))")],
  codepoint: [line("(varchar) -> integer", "trino_codepoint($1)")],
  concat: [
    // `||`, because DuckDB's concat takes NULL for an empty text.
    line("(varchar, varchar...) -> varchar", (values) => `(${values.map(({ sql }) => sql).join(" || ")})`),
    line("(array(T), array(T)...) -> array(T)", (values) => `(${values.map(({ sql }) => sql).join(" || ")})`),
  ],
  concat_ws: [
    line("(varchar, array(varchar)) -> varchar", "trino_join($2, $1)"),
    line("(varchar, varchar...) -> varchar", "concat_ws($*)"),
  ],
  ends_with: [line("(varchar, varchar) -> boolean", "ends_with($1, $2)")],
  length: [line("(varchar) -> bigint", "length($1)"), line("(varbinary) -> bigint", "octet_length($1)")],
  levenshtein_distance: [line("(varchar, varchar) -> bigint", "trino_levenshtein($1, $2)")],
  lower: [line("(varchar) -> varchar", "lower($1)")],
  lpad: [line("(varchar, bigint, varchar) -> varchar", "trino_pad($1, $2, $3, true)")],
  ltrim: [line("(varchar) -> varchar", `ltrim($1, ${spaces})`)],
  position: [line("(varchar, varchar) -> bigint", "trino_strpos($2, $1, 1)")],
  replace: [
    line("(varchar, varchar) -> varchar", "replace($1, $2, '')"),
    line("(varchar, varchar, varchar) -> varchar", "trino_replace($1, $2, $3)"),
  ],
  reverse: [line("(varchar) -> varchar", "trino_reverse($1)"), line("(array(T)) -> array(T)", "list_reverse($1)")],
  rpad: [line("(varchar, bigint, varchar) -> varchar", "trino_pad($1, $2, $3, false)")],
  rtrim: [line("(varchar) -> varchar", `rtrim($1, ${spaces})`)],
  split: [
    line("(varchar, varchar) -> array(varchar)", "trino_split($1, $2, 2147483647)"),
    line("(varchar, varchar, bigint) -> array(varchar)", "trino_split($1, $2, $3)"),
  ],
  split_part: [line("(varchar, varchar, bigint) -> varchar", "trino_split_part($1, $2, $3)")],
  starts_with: [line("(varchar, varchar) -> boolean", "starts_with($1, $2)")],
  strpos: [
    line("(varchar, varchar) -> bigint", "strpos($1, $2)"),
    line("(varchar, varchar, bigint) -> bigint", "trino_strpos($1, $2, $3)"),
  ],
  // A start of 0 and one before the text give nothing in Trino and something in DuckDB.
  substr: [
    line("(varchar, bigint) -> varchar", ([text, start]) =>
      isPositive(start)
        ? `substr(${text?.sql}, ${start?.sql})`
        : `trino_substr(${text?.sql}, ${start?.sql}, 2147483647)`,
    ),
    line("(varchar, bigint, bigint) -> varchar", ([text, start, length]) =>
      isPositive(start) && isPositive(length)
        ? `substr(${text?.sql}, ${start?.sql}, ${length?.sql})`
        : `trino_substr(${text?.sql}, ${start?.sql}, ${length?.sql})`,
    ),
  ],
  translate: [line("(varchar, varchar, varchar) -> varchar", "translate($1, $2, $3)")],
  trim: [line("(varchar) -> varchar", `trim($1, ${spaces})`)],
  upper: [line("(varchar) -> varchar", "trino_upper($1)")],

  regexp_like: [
    line("(varchar, varchar) -> boolean", ([text, regexp]) => `regexp_matches(${pattern(text, regexp)})`, {
      literals: [2],
    }),
  ],
  regexp_count: [
    line("(varchar, varchar) -> bigint", ([text, regexp]) => `len(regexp_extract_all(${pattern(text, regexp)}))`, {
      literals: [2],
    }),
  ],
  regexp_extract: [
    line(
      "(varchar, varchar) -> varchar",
      ([text, regexp]) => `list_extract(regexp_extract_all(${pattern(text, regexp)}), 1)`,
      { literals: [2] },
    ),
    line(
      "(varchar, varchar, bigint) -> varchar",
      ([text, regexp, group]) =>
        `list_extract(regexp_extract_all(${pattern(text, regexp, group)}, CAST(${group?.sql} AS INTEGER)), 1)`,
      { literals: [2, 3] },
    ),
  ],
  regexp_extract_all: [
    line("(varchar, varchar) -> array(varchar)", ([text, regexp]) => `regexp_extract_all(${pattern(text, regexp)})`, {
      literals: [2],
    }),
    line(
      "(varchar, varchar, bigint) -> array(varchar)",
      ([text, regexp, group]) => `regexp_extract_all(${pattern(text, regexp, group)}, CAST(${group?.sql} AS INTEGER))`,
      { literals: [2, 3] },
    ),
  ],
  regexp_replace: [
    line("(varchar, varchar) -> varchar", ([text, regexp]) => `regexp_replace(${pattern(text, regexp)}, '', 'g')`, {
      literals: [2],
    }),
    line(
      "(varchar, varchar, varchar) -> varchar",
      ([text, regexp, by]) => `regexp_replace(${pattern(text, regexp)}, ${replacement(by)}, 'g')`,
      { literals: [2, 3] },
    ),
  ],

  from_utf8: [line("(varbinary) -> varchar", "trino_from_utf8($1)")],
  to_utf8: [line("(varchar) -> varbinary", "encode($1)")],
  md5: [line("(varbinary) -> varbinary", "unhex(md5($1))")],
  sha256: [line("(varbinary) -> varbinary", "unhex(sha256($1))")],
  to_hex: [line("(varbinary) -> varchar", "hex($1)")],
  to_base64: [line("(varbinary) -> varchar", "to_base64($1)")],
};
