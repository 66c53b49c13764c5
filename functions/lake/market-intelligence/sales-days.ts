// sales-days: the sales of some days, computed anew from the curated rows of those days.
//
//   curated/order_items/dt=D  ─┐
//   curated/orders/dt=D       ─┼─> sales ─┬─> sales_daily/dt=D/...   with the products: a dataset
//   index, products           ─┘          └─> state/days/dt=D.parquet  without: what series are made of
//
// A day is computed whole, however little of it has changed, and it is read before it is computed: if it is another one when it is to
// be written, somebody else has computed it from what may be newer, and it is computed once more.

import { datasetsOf } from "../../../schemas/datasets";
import { literal } from "../../../schemas/sql-text";
import { datasetFile, datasetKey, digestOf } from "../prod/dataset-file";
import {
  type Fetched,
  fetchAll,
  fetchPartitions,
  filesOf,
  type Replacement,
  replaceAll,
  rowsOf,
  stillSame,
  untilUndisturbed,
  type Work,
} from "../prod/work";
import { findForeignOrders, noteForeignLines, ordersIn } from "./order-index";
import { loadProducts } from "./product-catalogue";
import { lineColumns, orderColumns, salesSql } from "./sales-sql";

/** How the table `sales` of some days is made, here or by Athena; gives what that of a day was made of, but for the products. */
export type SalesOf = (work: Work, days: readonly string[]) => Promise<(day: string) => string>;

const { sales_daily: salesDaily = { about: "", columns: {} } } = datasetsOf("market-intelligence");
/** What a day's state keeps: everything of the dataset but the products. */
const { product_id: _id, product: _name, ...categoryColumns } = salesDaily.columns;
export const categoryDay = { about: "", columns: categoryColumns };
/** What the rows of a day are ordered by, and grouped. */
export const salesOrder = ["category", "country", "region", "channel", "currency"];

export const categoryDayKey = (day: string): string => `state/days/dt=${day}.parquet`;

/** Computes these days anew and publishes them; `afterwards` is done before the products are held against what was read of them. */
export async function updateDays(
  work: Work,
  days: readonly string[],
  salesOf: SalesOf,
  afterwards: () => Promise<void>,
): Promise<void> {
  await untilUndisturbed("the sales by the newest products", async () => {
    let products: Fetched[] | undefined;
    let waiting = days;
    await untilUndisturbed(`the sales of ${days.length} days`, async () => {
      const daily = await fetchAll(
        work,
        waiting.map((day) => datasetKey("sales_daily", day)),
      );
      const categories = await fetchAll(work, waiting.map(categoryDayKey));
      const loaded = await loadProducts(work);
      // The first attempt's count: days that were written then are not computed again in the next one.
      products ??= loaded;
      const madeOf = await salesOf(work, waiting);
      const replacements: (Replacement & { day: string })[] = [];
      for (const [index, day] of waiting.entries()) {
        const [published, state] = [daily[index], categories[index]];
        if (published === undefined || state === undefined) continue;
        const [next, nextState] = [`${published.file}.next`, `${state.file}.next`];
        const own = `sales WHERE day = DATE ${literal(day)} AND product_id IS`;
        const from = digestOf([madeOf(day), ...loaded.map(({ etag }) => etag)]);
        const perProduct = { rows: `${own} NOT NULL`, by: ["product_id", "product", ...salesOrder], madeOf: from };
        await work.connection.run(datasetFile(salesDaily, { ...perProduct, file: next }));
        const perCategory = { rows: `${own} NULL`, by: salesOrder, madeOf: from, file: nextState };
        await work.connection.run(datasetFile(categoryDay, perCategory));
        replacements.push({ day, present: published, file: next }, { day, present: state, file: nextState });
      }
      const disturbed = (await replaceAll(work, replacements)) as typeof replacements;
      waiting = waiting.filter((day) => disturbed.some((other) => other.day === day));
      return waiting.length === 0;
    });
    await afterwards();
    return stillSame(work.prod, products ?? []);
  });
}

/** Makes the table `sales` from the curated files of these days. */
export const salesFromFiles: SalesOf = async (work, days) => {
  const of = (table: string) =>
    fetchPartitions(
      work,
      days.map((dt) => ({ table, dt })),
    );
  const [lines, orders] = [await of("order_items"), await of("orders")];
  await work.connection.run(`CREATE OR REPLACE TEMP TABLE lines AS ${linesIn(lines, days)}`);
  await work.connection.run(`CREATE OR REPLACE TEMP TABLE own_orders AS ${ordersIn(orders, days)}`);
  await work.connection.run(`CREATE OR REPLACE TEMP TABLE foreign_lines AS
    SELECT DISTINCT l.order_id, l.day FROM lines l LEFT JOIN own_orders o ON o.order_id = l.order_id AND o.dt = l.day
    WHERE o.order_id IS NULL`);
  // Noted before the index is read: an order that comes later finds the note.
  await noteForeignLines(work);
  await findForeignOrders(work);
  await work.connection.run(`CREATE OR REPLACE TEMP TABLE orders AS
    SELECT dt AS day, ${orderColumns.join(", ")} FROM own_orders
    UNION ALL SELECT day, ${orderColumns.join(", ")} FROM foreign_orders`);
  await work.connection.run(`CREATE OR REPLACE TEMP TABLE sales AS ${salesSql}`);
  const foreign = await foreignDigests(work);
  return (day) => {
    const at = days.indexOf(day);
    return digestOf([lines[at]?.etag, orders[at]?.etag, foreign[day]]);
  };
};

/** Of the orders of other days that each day's lines belong to, in the state in which they were read. */
async function foreignDigests(work: Work): Promise<Readonly<Record<string, string>>> {
  const rows = await rowsOf(
    work,
    `SELECT day::VARCHAR AS day, md5(string_agg(f::VARCHAR, ';' ORDER BY order_id)) AS digest FROM foreign_orders f GROUP BY day`,
  );
  return Object.fromEntries(rows.map(({ day, digest }) => [String(day), String(digest)]));
}

function linesIn(partitions: readonly Fetched[], days: readonly string[]): string {
  const found = partitions.flatMap((partition, index) => {
    const rows = filesOf([partition]);
    return rows === undefined
      ? []
      : [`SELECT DATE ${literal(days[index] ?? "")} AS day, ${lineColumns.join(", ")} FROM ${rows}`];
  });
  const none = `SELECT NULL::DATE AS day, NULL::BIGINT AS order_id, NULL::BIGINT AS product_id, NULL::INTEGER AS quantity,
    NULL::DECIMAL(12,2) AS unit_price, NULL::DECIMAL(12,2) AS discount WHERE false`;
  return [none, ...found].join(" UNION ALL ");
}
