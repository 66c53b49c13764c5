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

/** The protocol that takes a single statement; without parameters postgres speaks the simple one, which takes any number. */
const extended = { prepare: false, simple: false };

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
      // One more than there may be. A subquery that is sorted keeps its order: PostgreSQL does not pull it up.
      const wrapped = `select * from (${statement}\n) as answer limit ${mostRows + 1}`;
      return transaction.unsafe(wrapped, [], extended).raw();
    });
    const types = answer.columns.map(({ type }) => type);
    const columns = answer.columns.map(({ name, type }) => ({ name, type: typeNameOf(type) }));
    const rows = fitting(answer as unknown as readonly (readonly (Buffer | null)[])[], types);
    const ms = Math.round(performance.now() - startedAt);
    return { columns, rows, truncated: rows.length < answer.length, ms };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return { refusal };
  }
}

/** The first ones, as many as an answer holds. */
function fitting(found: readonly (readonly (Buffer | null)[])[], types: readonly number[]): QueryRows["rows"] {
  const rows: Cell[][] = [];
  let bytes = 0;
  for (const row of found.slice(0, mostRows)) {
    const cells = row.map((value, index) => cellOf(value, types[index] ?? 0));
    bytes += Buffer.byteLength(JSON.stringify(cells)) + 1;
    if (bytes > mostBytes) break;
    rows.push(cells);
  }
  return rows;
}

/** What PostgreSQL has against the statement itself; nothing where it could not look at it. */
export function refusalOf(error: unknown): Refusal | undefined {
  const { code = "", message } = error as Error & { code?: string };
  // What PostgreSQL says has a severity; the name of its class is another one in a bundle.
  if (!(error instanceof Error) || !("severity" in error)) return undefined;
  if (code === "57014") return { code: "TimedOut", message: "Cannot finish the query: it took more than 5 seconds" };
  // Connections, resources, the operator's hand, the system, the server itself: nothing of the statement
  // (https://www.postgresql.org/docs/17/errcodes-appendix.html).
  if (/^(08|53|57|58|XX|28|40)/.test(code)) return undefined;
  return { code: "Failed", message: `Cannot run the query: ${message}` };
}
