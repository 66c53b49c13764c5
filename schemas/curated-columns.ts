// curated-columns: what a curated file holds, with types, as the Glue catalog has to know it.
//
// functions/lake/raw-to-curated writes the files; its test compares what it writes with this.

import { protectedColumns } from "./protection";
import type { ColumnType, Table } from "./tables";

/** Where a row came from. */
const provenance = {
  source_file: "varchar",
  source_version: "varchar",
  source_row: "bigint",
} as const satisfies Record<string, ColumnType>;

/** The columns of a curated file of `table`, in order. `dt` is not among them: it is in the file's path. */
export const curatedTypes = (table: Table): Readonly<Record<string, ColumnType>> => ({
  ...Object.fromEntries(protectedColumns(table).map(({ name, type }) => [name, type])),
  ...provenance,
});
