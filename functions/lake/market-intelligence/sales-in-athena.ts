// sales-in-athena: the sales of more than one function should read, computed by Athena's many.
//
// The statement is the function's own. What comes back are sums, so many as there are products, regions and channels on a day.

import { randomUUID } from "node:crypto";
import { duckdbType } from "../../../schemas/column-types";
import { datasetsOf } from "../../../schemas/datasets";
import { type Athena, unload } from "../prod/unload";
import { filesOf } from "../prod/work";
import { noteForeignLines } from "./order-index";
import type { SalesOf } from "./sales-days";
import { athenaForeignSql, athenaSalesSql } from "./sales-sql";

/** Makes the table `sales` of these days by Athena. */
export const salesInAthena =
  (athena: Athena): SalesOf =>
  async (work, days) => {
    const foreign = filesOf(await unload(work, athena, athenaForeignSql(days)));
    await work.connection.run(`CREATE OR REPLACE TEMP TABLE foreign_lines AS SELECT order_id, day FROM
      ${foreign ?? "(SELECT NULL::BIGINT AS order_id, NULL::DATE AS day WHERE false)"}`);
    // Noted before the index is read: an order that comes later finds the note.
    await noteForeignLines(work);

    const columns = Object.entries(datasetsOf("market-intelligence").sales_daily?.columns ?? {});
    const none = columns.map(([name, { type }]) => `CAST(NULL AS ${duckdbType(type)}) AS ${name}`).join(", ");
    const sales = filesOf(await unload(work, athena, athenaSalesSql(days)));
    await work.connection.run(`CREATE OR REPLACE TEMP TABLE sales AS
      ${sales === undefined ? `SELECT ${none} WHERE false` : `SELECT ${columns.map(([name]) => name).join(", ")} FROM ${sales}`}`);
    // What Athena has read is not known file by file: each answer is its own.
    const answer = randomUUID();
    return () => answer;
  };
