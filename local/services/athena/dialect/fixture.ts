// fixture: queries without tables, from Trino's text to what Athena would print, for the tests of the dialect.

import type { TestContext } from "node:test";
import { temporaryDirectory } from "../../../temporary-directory";
import { openEngine } from "../engine/duckdb";
import { printed } from "../engine/print";
import { queryError } from "../query-error";
import { compile } from "./compile";
import { expressionOf, parse, queryIn } from "./syntax";
import { typeName } from "./types";

export interface Answer {
  /** `value | value`, a line per row, NULL as NULL. */
  readonly text: string;
  /** Trino's types. */
  readonly types: readonly string[];
  readonly names: readonly string[];
}

export async function dialect(t: Pick<TestContext, "after">) {
  const engine = await openEngine(temporaryDirectory());
  t.after(() => engine.end());
  return async (sql: string): Promise<Answer> => {
    const syntax = parse(sql);
    const query = syntax.kind === "statement" ? queryIn(syntax.statement) : syntax.query;
    if (query === undefined) throw queryError("NOT_SUPPORTED", "This is no query");
    const compiled = compile(query, {
      parameters: [],
      places: [],
      parse: expressionOf,
      table(parts, at) {
        throw queryError("TABLE_NOT_FOUND", `Table '${parts.join(".")}' does not exist`, at);
      },
    });
    const rows = (await engine.connection.runAndReadAll(compiled.sql)).getRows();
    const lines = rows.map((row) =>
      row
        .map((value, index) => printed(value, compiled.columns[index]?.type ?? { kind: "unknown" }) ?? "NULL")
        .join(" | "),
    );
    return {
      text: lines.join("\n"),
      types: compiled.columns.map(({ type }) => typeName(type)),
      names: compiled.columns.map(({ name }) => name),
    };
  };
}
