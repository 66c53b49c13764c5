// module-state: variables at module level, of which every function and every cold start would have its own copy.

import { readFileSync } from "node:fs";
import ts from "typescript";

/** One sentence per `let` or `var` outside of any function. */
export function moduleState(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) => {
    if (!ts.isVariableStatement(statement) || statement.declarationList.flags & ts.NodeFlags.Const) return [];
    return statement.declarationList.declarations.map(
      ({ name }) => `"${name.getText(source)}" of ${file} can change at module level: keep state inside the factory`,
    );
  });
}
