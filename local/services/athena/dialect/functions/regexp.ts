// regexp: the regular expressions that Trino (Java's syntax, on Joni) and DuckDB (RE2) read alike. Others are refused.
//
// The two differ in what neither can be brought to: look-around, back-references, possessive and atomic groups, classes
// within classes. And they differ in what ends a line, so that a text with a line break stops the query where that matters.

import { literal } from "../../../../../schemas/sql-text";
import { notImitated } from "../../query-error";
import { failure, type Value } from "../value";

/** The first two arguments of DuckDB's functions: the text, and the pattern as RE2 reads it. */
export function pattern(text: Value | undefined, regexp: Value | undefined, group?: Value): string {
  const source = regexp?.literal ?? "";
  const groups = check(source);
  if (group?.literal !== undefined && Number(group.literal) > groups) {
    throw notImitated(`Group ${group.literal} of a pattern with ${groups} groups`);
  }
  const sql = text?.sql ?? "NULL";
  return `${guarded(sql, source)}, ${literal(source)}`;
}

/** A replacement: `$1` is Trino's word for a group and `\1` RE2's. */
export function replacement(by: Value | undefined): string {
  const text = by?.literal ?? "";
  if (/\$\{|\\[^$\\]/.test(text)) throw notImitated(`The replacement ${literal(text)} of regexp_replace`);
  const translated = text.replaceAll(/\\([$\\])|\$(\d)|\\|/g, (found, escaped?: string, digit?: string) => {
    if (digit !== undefined) return `\\${digit}`;
    if (escaped === "$") return "$";
    return escaped === "\\" ? "\\\\" : found;
  });
  return literal(translated);
}

/** Refuses what Java and RE2 read differently; gives the number of groups. */
function check(source: string): number {
  const refused = (what: string) =>
    notImitated(
      `${what} in the regular expression ${literal(source)}`,
      undefined,
      "RE2 answers here, and has no such thing",
    );
  let groups = 0;
  let inClass = false;
  for (let at = 0; at < source.length; at += 1) {
    const rest = source.slice(at);
    if (rest[0] === "\\") {
      const [escaped] = /^\\(?:[dDwWbB]|[sS]|[tnrf]|[^\p{L}\p{N}])/u.exec(rest) ?? [];
      if (escaped === undefined) throw refused(rest.slice(0, 2));
      at += escaped.length - 1;
    } else if (inClass) {
      if (rest[0] === "]") inClass = false;
      else if (rest[0] === "[" || rest.startsWith("&&")) throw refused(`"${rest[0]}" within a class`);
    } else if (rest[0] === "[") {
      inClass = true;
      // A bracket that comes first is one of the class to RE2 and not to Java.
      const [opening = ""] = /^\[\^?\]?/.exec(rest) ?? [];
      if (opening.endsWith("]")) throw refused("a class that begins with ]");
      at += opening.length - 1;
    } else if (rest[0] === "(") {
      if (/^\(\?(?!:|i\))/.test(rest)) throw refused(rest.slice(0, 3));
      if (!rest.startsWith("(?")) groups += 1;
    } else if (/^(?:[*+?]|\{\d+(?:,\d*)?\})\+/.test(rest)) {
      throw refused("a possessive quantifier");
    }
  }
  return groups;
}

/** The text, where it has nothing that the two take for different things in this pattern. */
function guarded(sql: string, source: string): string {
  const plain = source.replaceAll(/\\[^dDwWbBsS]/g, "");
  // `.`, `$` and `\s`: the two know different ends of a line.
  const lines = /[.$]|\\[sS]/.test(plain) ? "\\r\\n\\x0b\\x{85}\\x{2028}\\x{2029}" : "";
  // Joni takes every script's letters and digits for `\w` and `\d`, RE2 those of ASCII.
  const scripts = /\\[dDwWbBsS]/.test(plain) ? "\\x{80}-\\x{10FFFF}" : "";
  if (lines === "" && scripts === "") return sql;
  const message = `A text with line breaks or letters beyond ASCII is not matched here against ${source}`;
  const fault = failure("NOT_SUPPORTED", literal(message), "VARCHAR");
  return `CASE WHEN regexp_matches(${sql}, '[${lines}${scripts}]') THEN ${fault} ELSE ${sql} END`;
}
