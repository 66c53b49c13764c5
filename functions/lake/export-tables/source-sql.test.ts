import assert from "node:assert/strict";
import { test } from "node:test";
import type { Table } from "../../../schemas/tables";
import { mysqlDialect } from "./mysql-source";
import { postgresDialect } from "./postgres-source";
import { selectFingerprint, selectRecords } from "./source-sql";
import { planTable } from "./table-plan";

const table: Table = {
  columns: {
    id: { type: "bigint" },
    line: { type: "integer" },
    note: { type: "varchar" },
    updated_at: { type: "timestamp" },
  },
  primaryKey: ["id", "line"],
  version: "updated_at",
  partition: { column: "updated_at", by: "day" },
};
const plan = planTable("things", table, [
  { name: "id", type: "bigint" },
  { name: "line", type: "bit(1)" },
  { name: 'No"te', type: "text" },
  { name: "note", type: "text" },
  { name: "updated_at", type: "timestamp" },
]);
const squeezed = (sql: string) => sql.replaceAll(/\s+/g, " ");

test("selectRecords() asks PostgreSQL for the rows behind a place, in the order of version and key", () => {
  const behind = ["2026-05-01 10:00:00", "it's", "2"];
  assert.equal(
    squeezed(selectRecords(plan, '"shop"."things"', { rows: "dated", behind }, postgresDialect)),
    'SELECT "id", "line", CASE WHEN OCTET_LENGTH(CAST("note" AS text)) > 1048576 THEN NULL ELSE "note" END, "updated_at", ' +
      "NULLIF(CONCAT_WS(',', CASE WHEN OCTET_LENGTH(CAST(\"note\" AS text)) > 1048576 THEN 'note' END), '') " +
      'FROM "shop"."things" WHERE isfinite("updated_at") ' +
      "AND (\"updated_at\", \"id\", \"line\") > ('2026-05-01 10:00:00', 'it''s', '2') " +
      'ORDER BY "updated_at", "id", "line"',
  );
});

test("selectRecords() asks MySQL for the rows without a version, in the order of the key", () => {
  const sql = squeezed(
    selectRecords(plan, '"shop"."things"', { rows: "undated", behind: [null, "1", "2"] }, mysqlDialect),
  );
  assert.match(sql, /^SELECT "id", "line" \+ 0, /);
  assert.ok(
    sql.endsWith(
      'WHERE ("updated_at" IS NULL OR NOT ("updated_at" >= \'0001-01-01\')) AND ("id", "line") > (\'1\', \'2\') ORDER BY "id", "line"',
    ),
    sql,
  );
});

test("selectFingerprint() covers the range from a moment on, whole rows", () => {
  const range = { rows: "dated", from: "2026-05-01 10:00:00.000000" } as const;
  for (const dialect of [postgresDialect, mysqlDialect]) {
    const sql = selectFingerprint(plan, "things", range, dialect);
    assert.match(sql, /"updated_at" >= '2026-05-01 10:00:00.000000'$/);
    assert.match(sql, /"note".*FROM things/);
  }
});
