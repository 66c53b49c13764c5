// select-rows: a checked SELECT, run as some sellers in a transaction that only reads.

import type { Sql } from "postgres";
import type { Cell, QueryResult, QueryRows, Refusal } from "../../../schemas/query-result";
import type { Seller } from "../../../schemas/seller";
import { asSellers } from "../as-sellers";
import { cellOf, typeNameOf } from "./cells";

/** Rows of an answer. */
export const mostRows = 1_000;

/** Of an answer's rows as JSON. Lambda hands over 6 MB (Lambda Developer Guide, "Lambda quotas"). */
const mostBytes = 4_000_000;

/** Of a row as PostgreSQL writes it, and how many rows are read at a time: 25 MB of the 512 that the function has. */
const mostBytesOfRow = 1_000_000;
const rowsAtOnce = 25;

/** The protocol that takes a single statement; without parameters postgres speaks the simple one, which takes any number. */
const extended = { prepare: false, simple: false };

type Found = readonly (readonly (Buffer | null)[])[];
type Columns = readonly { readonly name: string; readonly type: number }[];

export async function selectRows(sql: Sql, sellers: readonly Seller[], statement: string): Promise<QueryResult> {
  const startedAt = performance.now();
  try {
    const answer = await asSellers(sql, sellers, async (transaction) => {
      await transaction`set transaction read only`;
      await transaction`set local search_path = transactions`;
      await transaction`set local statement_timeout = '5s'`;
      await transaction`set local timezone = 'UTC'`;
      await transaction`set local datestyle = 'ISO, YMD'`;
      await transaction`set local intervalstyle = 'iso_8601'`;

      const fitting = fittingRows();
      let columns: Columns | undefined;
      // The limit of time is that of all portions together, and holds a statement that is slow to give one row.
      const last = await transaction
        .unsafe(wrapped(statement), [], extended)
        .raw()
        .cursor(rowsAtOnce, (portion) => {
          columns ??= (portion as unknown as { readonly columns: Columns }).columns;
          const isFull = fitting.add(portion as unknown as Found, columns);
          return isFull ? sql.CLOSE : undefined;
        });
      // Where there is no row, no portion comes.
      columns ??= (last as unknown as { readonly columns: Columns }).columns;
      return { columns: columns.map(({ name, type }) => ({ name, type: typeNameOf(type) })), ...fitting.rows() };
    });
    return { ...answer, ms: Math.round(performance.now() - startedAt) };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return { refusal };
  }
}

const tooLarge = "a row of the answer is too large";

/**
 * One row more than there may be. A subquery that is sorted keeps its order, and one with a limit is never merged with what
 * stands around it: a row is looked at when the statement has given it. One that is too large is to be an error, and an
 * expression has no other way to fail than a cast.
 */
const wrapped = (statement: string): string =>
  `select * from (select * from (${statement}\n) as answer limit ${mostRows + 1}) as answer
   where (case when octet_length((answer.*)::text) > ${mostBytesOfRow} then '${tooLarge}' else '1' end)::int = 1`;

/** The first rows, as many as an answer holds. */
function fittingRows() {
  const rows: Cell[][] = [];
  let bytes = 0;
  let truncated = false;

  return {
    /** Whether there is room for no more. */
    add(portion: Found, columns: Columns): boolean {
      for (const row of portion) {
        if (truncated) break;
        const cells = row.map((value, index) => cellOf(value, columns[index]?.type ?? 0));
        bytes += Buffer.byteLength(JSON.stringify(cells)) + 1;
        truncated = bytes > mostBytes || rows.length === mostRows;
        if (!truncated) rows.push(cells);
      }
      return truncated;
    },
    rows: (): Pick<QueryRows, "rows" | "truncated"> => ({ rows, truncated }),
  };
}

/** What PostgreSQL has against the statement itself; nothing where it could not look at it. */
export function refusalOf(error: unknown): Refusal | undefined {
  const { code = "", message } = error as Error & { code?: string };
  // What PostgreSQL says has a severity; the name of its class is another one in a bundle.
  if (!(error instanceof Error) || !("severity" in error)) return undefined;
  if (code === "57014") return { code: "TimedOut", message: "Cannot finish the query: it took more than 5 seconds" };
  if (code === "22P02" && message.includes(tooLarge)) {
    const found = `${tooLarge}: it has more than ${mostBytesOfRow.toLocaleString("en")} bytes`;
    return { code: "TooLarge", message: `Cannot run the query: ${found}` };
  }
  // Connections, resources, the operator's hand, the system, the server itself: nothing of the statement
  // (https://www.postgresql.org/docs/17/errcodes-appendix.html).
  if (/^(08|53|57|58|XX|28|40)/.test(code)) return undefined;
  return { code: "Failed", message: `Cannot run the query: ${message}` };
}
