// names: what identifiers stand for.

import type { QualifiedNameContext } from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import * as trino from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import { queryError } from "../query-error";
import { type Node, placeOf } from "./syntax";

/** As it was written, without its quotes. */
export function nameOf(identifier: Node): string {
  const text = identifier.getText();
  if (identifier instanceof trino.QuotedIdentifierContext) return text.slice(1, -1).replaceAll('""', '"');
  if (identifier instanceof trino.BackQuotedIdentifierContext) {
    const message = "backquoted identifiers are not supported; use double quotes to quote identifiers";
    throw queryError("SYNTAX_ERROR", message, placeOf(identifier));
  }
  if (identifier instanceof trino.DigitIdentifierContext) {
    const message = "identifiers must not start with a digit; surround the identifier with double quotes";
    throw queryError("SYNTAX_ERROR", message, placeOf(identifier));
  }
  return text;
}

export const partsOf = (name: QualifiedNameContext | null | undefined): string[] =>
  (name?.identifier() ?? []).map(nameOf);
