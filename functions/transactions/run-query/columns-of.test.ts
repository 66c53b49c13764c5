import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { parse } from "libpg-query";
import { checkSelect } from "./check-select";
import { columnsOfStatement } from "./columns-of";
import { goodStatements } from "./good-statements";
import type { Fields } from "./named";
import { selectRows } from "./select-rows";
import { type TwoSellers, twoSellers } from "./two-sellers";

let database: TwoSellers;

before(async () => {
  database = await twoSellers();
});
after(() => database.end());

test("a statement that is taken runs, and has the columns that were foreseen", async () => {
  for (const sql of goodStatements) {
    const checked = await checkSelect(parse, sql);
    assert.ok("statement" in checked, `${sql}: ${JSON.stringify(checked)}`);
    const result = await selectRows(database.sql, ["acme", "berg"], checked.statement);
    assert.ok("rows" in result, `${sql}: ${JSON.stringify(result)}`);
    const { stmts } = (await parse(sql)) as { readonly stmts: readonly { readonly stmt: { SelectStmt: Fields } }[] };
    const foreseen = columnsOfStatement(stmts[0]?.stmt.SelectStmt ?? {}, sql);
    assert.deepEqual(
      foreseen.map(({ name }) => name),
      result.columns.map(({ name }) => name),
      sql,
    );
    // Of the sizes at least this: no value is longer than it was foreseen to be.
    for (const row of result.rows) {
      for (const [index, cell] of row.entries()) {
        const { size = 0, kind } = foreseen[index]?.value ?? {};
        assert.ok(String(cell).length <= (kind === "text" ? size : 2 * size + 2), `${sql}: ${cell}, ${size}`);
      }
    }
  }
});
