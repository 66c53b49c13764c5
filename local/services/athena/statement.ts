// statement: what kind of statement a query is, read as far as StartQueryExecution must.

import type { QueryContext } from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import type { Unload } from "./dialect/syntax";
import type { StatementKind } from "./execution";
import { invalidRequest } from "./invalid-request";
import { isQueryError, notImitated } from "./query-error";
import { type Show, showOf, withoutComments } from "./show";

export type Statement =
  | { readonly is: "query"; readonly kind: StatementKind; readonly query: QueryContext }
  | { readonly is: "unload"; readonly kind: StatementKind; readonly unload: Unload }
  | { readonly is: "show"; readonly kind: StatementKind; readonly show: Show }
  /** Athena has it and this has not: the query fails by its name. */
  | { readonly is: "refused"; readonly kind: StatementKind; readonly error: Error };

/** Throws what Athena refuses at once: bad syntax, several statements. The grammar is loaded with the first query. */
export function statementOf(sql: string, database: string): Statement {
  const show = showOf(sql, database);
  if (show !== undefined) return { is: "show", kind: show.kind, show };
  const words = withoutComments(sql).toUpperCase().split(" ");
  if (words[0] !== undefined && hive.test(words.join(" "))) return refused(words);
  const { parse, queryIn } = require("./dialect/dialect") as typeof import("./dialect/dialect");
  try {
    const syntax = parse(sql);
    if (syntax.kind === "unload") return { is: "unload", kind: { type: "DML", name: "UNLOAD" }, unload: syntax };
    const query = queryIn(syntax.statement);
    return query === undefined ? refused(words) : { is: "query", kind: { type: "DML", name: "SELECT" }, query };
  } catch (error) {
    if (!isQueryError(error)) throw error;
    throw invalidRequest("MALFORMED_QUERY", error.message.replace(/^[A-Z_]+: /, ""));
  }
}

/** Statements of Hive's that Trino's grammar does not have. */
const hive = /^(CREATE EXTERNAL|MSCK|ALTER TABLE|SHOW (CREATE|TBLPROPERTIES|VIEWS)|VACUUM|OPTIMIZE)\b/;

function refused(words: readonly string[]): Statement {
  const [first = "", second = ""] = words;
  const name = ["SELECT", "WITH"].includes(first) ? first : `${first} ${second}`.trim();
  const type = /^(INSERT|DELETE|UPDATE|MERGE|EXPLAIN|EXECUTE)$/.test(first)
    ? "DML"
    : /^(SHOW|DESCRIBE|PREPARE)$/.test(first)
      ? "UTILITY"
      : "DDL";
  return {
    is: "refused",
    kind: { type, name: name.replaceAll(" ", "_") },
    error: notImitated(`The statement ${name}`),
  };
}
