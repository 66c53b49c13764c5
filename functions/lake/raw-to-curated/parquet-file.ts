// parquet-file: whether a file is what a table's raw file must be, before a row of it is used.
//
// DuckDB reads some damaged files without a word: so what it really decodes is counted and held against what the file's own
// footer promises - rows, values and nulls of every column, least and greatest of the numbers, times and texts.

import type { DuckDBConnection } from "@duckdb/node-api";
import { accepts } from "../../../schemas/column-types";
import { literal, quoted } from "../../../schemas/sql-text";
import type { Table } from "../../../schemas/tables";
import { badFile, isBadFile } from "./bad-file";
import { checkFooter } from "./parquet-footer";

interface Column {
  readonly name: string;
  readonly type: string;
}

/** Gives the number of rows of a good file; throws a BadFile that says what is wrong and where. */
export async function inspectParquet(connection: DuckDBConnection, path: string, table: Table): Promise<number> {
  await checkFooter(path);
  const rows = await reading("its footer", () => rowsPromised(connection, path));
  if (rows === 0) throw badFile("Empty", "it has no rows");
  const columns = await reading("its schema", () => describe(connection, path));
  const problems = columnProblems(table, columns);
  if (problems.length > 0) throw badFile("Columns", problems.join("; "));
  const damage = await reading("its pages", () => findDamage(connection, path, columns, rows));
  if (damage.length > 0) throw badFile("Damaged", damage.join("; "));
  return rows;
}

async function rowsPromised(connection: DuckDBConnection, path: string): Promise<number> {
  const [footer] = await objects(
    connection,
    `SELECT num_rows, encryption_algorithm FROM parquet_file_metadata(${literal(path)})`,
  );
  if (footer?.encryption_algorithm != null) throw badFile("Encrypted", "its columns are encrypted");
  return Number(footer?.num_rows);
}

const describe = async (connection: DuckDBConnection, path: string): Promise<Column[]> =>
  (await objects(connection, `DESCRIBE SELECT * FROM read_parquet(${literal(path)}, hive_partitioning = false)`)).map(
    ({ column_name, column_type }) => ({ name: String(column_name), type: String(column_type) }),
  );

/** What is wrong with a file's columns, one sentence each. An unknown column may hold anything, so it is not let through. */
export function columnProblems(table: Table, found: readonly Column[]): string[] {
  const types = new Map(found.map(({ name, type }) => [name.toLowerCase(), type]));
  const missing = Object.entries(table.columns).flatMap(([name, { type }]) => {
    const given = types.get(name);
    if (given === undefined) return [`column "${name}" is missing`];
    return accepts(type, given) ? [] : [`column "${name}" is ${shownType(given)} and must be ${type}`];
  });
  const unknown = found.flatMap(({ name, type }, index) =>
    Object.hasOwn(table.columns, name.toLowerCase())
      ? []
      : [`${shownName(name, index)} (${shownType(type)}) is not known`],
  );
  return [...missing, ...unknown];
}

/** Where a header line was missing, an exporter has taken the first row for names: what is no plain word is not told. */
const shownName = (name: string, index: number): string =>
  /^[a-z_][a-z0-9_]*$/i.test(name) && !/[0-9]{7}/.test(name) ? `column "${name}"` : `column number ${index + 1}`;

/** Without the names of a nested type's fields. */
const shownType = (type: string): string => type.replace(/\(.*[^0-9,)].*\)/s, "(...)");

/** In bytes. A page of some kilobytes can hold the same text of megabytes for every row. */
const longestText = 1_024 * 1_024;

async function findDamage(
  connection: DuckDBConnection,
  path: string,
  columns: readonly Column[],
  rows: number,
): Promise<string[]> {
  const [decoded, promised] = [await decode(connection, path, columns), await promises(connection, path, columns)];
  const damage: string[] = [];
  for (const [index, { name }] of columns.entries()) {
    const longest = Number(decoded[`longest_${index}`] ?? 0);
    if (longest > longestText) {
      throw badFile("TooLarge", `column "${name}" holds a text of ${longest} bytes: ${longestText} are the most`);
    }
  }
  if (decoded.rows !== String(rows)) damage.push(`its footer promises ${rows} rows, and ${decoded.rows} can be read`);
  for (const [index, { name }] of columns.entries()) {
    for (const [what, said] of [
      ["values", "values"],
      ["least", "as its least value"],
      ["greatest", "as its greatest value"],
    ] as const) {
      const [found, expected] = [decoded[`${what}_${index}`], promised[`${what}_${index}`]];
      if (expected == null || found === expected) continue;
      const values = what === "values" ? `: ${expected} promised, ${found} read` : "";
      damage.push(
        `column "${name}" does not have ${what === "values" ? "its values" : `what its footer gives ${said}`}${values}`,
      );
    }
  }
  return damage;
}

const ordered = (type: string) => /^(TINYINT|SMALLINT|INTEGER|BIGINT|DATE|DECIMAL.*|TIMESTAMP.*|VARCHAR)$/.test(type);

/**
 * Decodes every value of every column, in one scan. DuckDB would rather answer counts and extremes from the very footer that
 * they are to be held against.
 */
async function decode(connection: DuckDBConnection, path: string, columns: readonly Column[]) {
  const measures = columns.flatMap(({ name, type }, index) => [
    `count(${quoted(name)})::VARCHAR AS values_${index}`,
    ...(ordered(type)
      ? [`min(${quoted(name)})::VARCHAR AS least_${index}`, `max(${quoted(name)})::VARCHAR AS greatest_${index}`]
      : [`max(hash(${quoted(name)})) AS decoded_${index}`]),
    ...(type === "VARCHAR" ? [`max(strlen(${quoted(name)}))::VARCHAR AS longest_${index}`] : []),
  ]);
  await connection.run("SET GLOBAL disabled_optimizers = 'statistics_propagation'");
  const [row = {}] = await objects(
    connection,
    `SELECT count(file_row_number)::VARCHAR AS rows, ${measures.join(", ")}
     FROM read_parquet(${literal(path)}, file_row_number = true, hive_partitioning = false)`,
  );
  await connection.run("RESET GLOBAL disabled_optimizers");
  return row;
}

/** What the footer says of the same; NULL where the writer left it out. */
async function promises(connection: DuckDBConnection, path: string, columns: readonly Column[]) {
  const measures = columns.flatMap(({ name, type }, index) => {
    const mine = `FILTER (path_in_schema = ${literal(name)})`;
    // Writers may cut a long text short, and say so.
    const usable = (end: string) =>
      type === "VARCHAR" ? `if(${end}_is_exact, stats_${end}_value, NULL)` : `stats_${end}_value`;
    const whole = (end: "min" | "max") =>
      `if(count(*) ${mine} = count(${usable(end)}) ${mine}, (${end}(TRY_CAST(${usable(end)} AS ${type})) ${mine})::VARCHAR, NULL)`;
    return [
      `if(count(*) ${mine} = count(stats_null_count) ${mine},
         (sum(num_values - stats_null_count) ${mine})::BIGINT::VARCHAR, NULL) AS values_${index}`,
      ...(ordered(type) ? [`${whole("min")} AS least_${index}`, `${whole("max")} AS greatest_${index}`] : []),
    ];
  });
  const [row = {}] = await objects(connection, `SELECT ${measures.join(", ")} FROM parquet_metadata(${literal(path)})`);
  return row;
}

const objects = async (connection: DuckDBConnection, sql: string) =>
  (await connection.runAndReadAll(sql)).getRowObjectsJson();

/** What DuckDB cannot read is a bad file; what it has no memory or disk for is a bad moment. */
async function reading<T>(what: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const { message } = error as Error;
    if (isBadFile(error) || /^Out of Memory|No space left|Could not write/.test(message)) throw error;
    throw badFile("Unreadable", `${what} cannot be read: ${withoutValues(message)}`);
  }
}

/** DuckDB quotes the value that it stumbled over, and it may be a card number, or hold quotes of its own. */
const withoutValues = (message: string): string =>
  message
    .replace(/".*"/s, '"..."')
    .replace(/'.*'/s, "'...'")
    .replace(/\d[\d -]{6,}\d/g, "...")
    .split("\n")[0] ?? "";
