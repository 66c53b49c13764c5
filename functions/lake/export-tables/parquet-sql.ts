// parquet-sql: the DuckDB SQL that makes a Parquet file of the lines of a part, and the lines of those rows that do not fit.
//
// A value that is none of its declared type would have the whole file refused in the lake, or be another value there (1.239 as
// a decimal(12,2), 1.5 as a bigint): its row is set aside instead, as text, with the reason.

import { literal, quoted } from "../../../schemas/sql-text";
import type { ColumnType, Table } from "../../../schemas/tables";
import { longestText, type PlannedColumn, type TablePlan } from "./table-plan";

/** What the last value of a line is called: the names of columns whose texts were too long to come. */
const tooLong = "too long";

/** The lines of a part, as `record.ts` describes them, in a view in which every value is a text. */
export function textView({ columns }: TablePlan, file: string): string {
  const names = [...columns.map(({ name }) => name), tooLong];
  // Where every quote is doubled, twice what each text may be.
  const longestLine = 2 * longestText * columns.filter(({ unbounded }) => unbounded).length + 1_024 * 1_024;
  return `CREATE VIEW text AS FROM read_csv(${literal(file)},
    columns = {${names.map((name) => `${literal(name)}: 'VARCHAR'`).join(", ")}}, auto_detect = false, header = false,
    delim = ',', quote = '"', escape = '"', new_line = '\\n', nullstr = '\\N', allow_quoted_nulls = false,
    parallel = false, max_line_size = ${longestLine}, buffer_size = ${2 * longestLine})`;
}

/** The rows that fit, in their types; a timestamp keeps its microseconds. */
export const fittingRows = ({ columns }: TablePlan, file: string): string => `COPY (
    SELECT ${columns.map(({ name }, index) => `v${index} AS ${quoted(name)}`).join(", ")}
    FROM (SELECT *, ${columns.map((column, index) => `${typedValue(column)} AS v${index}`).join(", ")} FROM text)
    WHERE ${columns.map(({ name }, index) => `(v${index} IS NOT NULL OR ${quoted(name)} IS NULL)`).join(" AND ")}
      AND ${quoted(tooLong)} IS NULL
  ) TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`;

/** A line per other row: what does not fit in it and why, and the row with what is sensitive masked. */
export function unfitRows({ name: table, columns }: TablePlan, { columns: declared }: Table, file: string): string {
  const shown = ({ name }: PlannedColumn) => shownValue(quoted(name), declared[name]?.protect?.kind);
  const problems = columns.map((column) => {
    const value = quoted(column.name);
    return `{'field': ${literal(column.name)}, 'value': ${shown(column)}, 'reason': CASE
      WHEN list_contains(string_split(${quoted(tooLong)}, ','), ${literal(column.name)})
        THEN 'is longer than ${longestText} bytes'
      WHEN ${value} IS NOT NULL AND ${typedValue(column)} IS NULL THEN ${literal(`is no ${column.type}`)} END}`;
  });
  const record = columns.map((column) => `${literal(column.name)}: ${shown(column)}`);
  return `COPY (
    SELECT * FROM (
      SELECT ${literal(table)} AS "table",
        list_filter([${problems.join(", ")}], lambda problem: problem.reason IS NOT NULL) AS problems,
        {${record.join(", ")}} AS record
      FROM text
    ) WHERE len(problems) > 0
  ) TO ${literal(file)} (FORMAT json)`;
}

/** How a value is shown to whoever corrects it. Where it does not belong it may be anything, a card number too. */
function shownValue(value: string, protect: string | undefined): string {
  if (protect === "drop") return `if(${value} IS NULL, NULL, 'withheld')`;
  if (protect === "card" || protect === "ssn") return `regexp_replace(${value}, '\\p{Nd}', '*', 'g')`;
  if (protect === "email") return `if(contains(${value}, '@'), masked_email(${value}), 'withheld')`;
  return `masked_text(${value})`;
}

/** The text as a value of its declared type; NULL where it is none. */
function typedValue({ name, type, fits }: PlannedColumn): string {
  const text = quoted(name);
  if (type === "varchar") return text;
  const value = `TRY_CAST(${text} AS ${type})`;
  // Both know an infinite moment, and Parquet none.
  const finite = type === "timestamp" || type === "date" ? ` AND isfinite(${value})` : "";
  if (fits) return finite === "" ? value : `CASE WHEN true${finite} THEN ${value} END`;
  return `CASE WHEN regexp_full_match(${text}, ${literal(writtenAs(type))})${finite} THEN ${value} END`;
}

/** How a value of the type is written, and nothing that DuckDB would round or guess. */
function writtenAs(type: ColumnType): string {
  switch (type) {
    case "bigint":
    case "integer":
      return "-?[0-9]+";
    case "double":
      return "-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?|NaN|-?Infinity";
    case "boolean":
      return "t|f|true|false|0|1";
    case "date":
      return "[0-9]{4,6}-[0-9]{2}-[0-9]{2}";
    case "timestamp":
      return "[0-9]{4,6}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6})?(\\+00)?";
    default: {
      const scale = /,(\d+)\)$/.exec(type)?.[1];
      return `-?[0-9]+(\\.[0-9]{0,${scale}}0*)?`;
    }
  }
}
