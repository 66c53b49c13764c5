// order-index: where an order is to be found, and which days have lines of it.
//
//   state/orders/{bucket}.parquet     per order and partition: status, country, region, channel, currency
//   state/line-days/{bucket}.parquet  per order: the days that have lines of it without having the order itself
//
// Most lines are written on the day of their order, and need neither. What is sent back weeks later does, and so does a line that
// is here before its order. A bucket holds a range of order ids: ids ascend with time, so the orders of a day lie in few of them.

import { literal } from "../../../schemas/sql-text";
import {
  type Fetched,
  fetchAll,
  fetchPartitions,
  filesOf,
  replaceAll,
  stillSame,
  textsOf,
  untilUndisturbed,
  type Work,
} from "../prod/work";
import { orderColumns } from "./sales-sql";

const ordersPerBucket = 16_384;
const bucketOf = (id: string) => `${id} // ${ordersPerBucket}`;
/** Athena reads it too, and knows no finer timestamps. */
const written = [...orderColumns, "dt", "CAST(updated_at AS TIMESTAMP_MS) AS updated_at"].join(", ");
const indexed = [...orderColumns, "dt", "updated_at"].join(", ");

/** Takes in the orders of these partitions; gives the days, beside their own, whose lines they change. */
export async function indexOrders(work: Work, dts: readonly string[]): Promise<string[]> {
  let days: string[] = [];
  await untilUndisturbed("the index of orders", async () => {
    const partitions = await fetchPartitions(
      work,
      dts.map((dt) => ({ table: "orders", dt })),
    );
    await work.connection.run(`CREATE OR REPLACE TEMP TABLE arriving AS ${ordersIn(partitions, dts)}`);
    const buckets = await textsOf(
      work,
      `SELECT DISTINCT ${bucketOf("order_id")} AS bucket FROM arriving ORDER BY bucket`,
    );
    const present = await fetchAll(work, buckets.map(orderBucket));
    // The partitions came first, for their buckets. If they changed since, somebody may have put newer orders into the index.
    if (!(await stillSame(work.curated, partitions))) return false;

    const merged: { present: Fetched; file: string }[] = [];
    for (const [index, bucket] of buckets.entries()) {
      const before = present[index];
      if (before === undefined) continue;
      const file = `${before.file}.next`;
      const arriving = `SELECT ${indexed} FROM arriving WHERE ${bucketOf("order_id")} = ${bucket}`;
      const old = filesOf([before]);
      const kept =
        old === undefined ? "" : `UNION ALL SELECT ${indexed} FROM ${old} ANTI JOIN arriving USING (order_id, dt)`;
      await work.connection.run(
        `COPY (SELECT ${written} FROM (${arriving} ${kept}) ORDER BY order_id, dt) TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`,
      );
      merged.push({ present: before, file });
    }
    if ((await replaceAll(work, merged)).length > 0) return false;
    // After the index: a run that notes a day later than this reads the orders later than this, too.
    days = await daysWithLinesOf(work, "arriving", buckets);
    return true;
  });
  return days;
}

/** The rows of partitions of orders, each with its `dt`, whether they are there or not. */
export function ordersIn(partitions: readonly Fetched[], dts: readonly string[]): string {
  const found = partitions.flatMap((partition, index) => {
    const rows = filesOf([partition]);
    return rows === undefined
      ? []
      : [`SELECT ${orderColumns.join(", ")}, DATE ${literal(dts[index] ?? "")} AS dt, updated_at FROM ${rows}`];
  });
  const none = `SELECT NULL::BIGINT AS order_id, ${orderColumns
    .slice(1)
    .map((column) => `NULL::VARCHAR AS ${column}`)
    .join(", ")}, NULL::DATE AS dt, NULL::TIMESTAMP AS updated_at WHERE false`;
  return [none, ...found].join(" UNION ALL ");
}

async function daysWithLinesOf(work: Work, orders: string, buckets: readonly string[]): Promise<string[]> {
  const files = filesOf(await fetchAll(work, buckets.map(lineDayBucket)));
  if (files === undefined) return [];
  return textsOf(work, `SELECT DISTINCT day FROM ${files} SEMI JOIN ${orders} USING (order_id) ORDER BY day`);
}

/** Notes the rows (order_id, day) of the table `foreign_lines`: lines whose order is not in the partition of their day. */
export async function noteForeignLines(work: Work): Promise<void> {
  const buckets = await textsOf(
    work,
    `SELECT DISTINCT ${bucketOf("order_id")} AS bucket FROM foreign_lines ORDER BY bucket`,
  );
  await untilUndisturbed("the index of lines", async () => {
    const present = await fetchAll(work, buckets.map(lineDayBucket));
    const merged: { present: Fetched; file: string }[] = [];
    for (const [index, bucket] of buckets.entries()) {
      const before = present[index];
      if (before === undefined) continue;
      const file = `${before.file}.next`;
      const old = filesOf([before]);
      const noted = `SELECT order_id, day FROM foreign_lines WHERE ${bucketOf("order_id")} = ${bucket}`;
      const both = old === undefined ? noted : `${noted} UNION SELECT order_id, day FROM ${old}`;
      await work.connection.run(
        `COPY (SELECT * FROM (${both}) ORDER BY order_id, day) TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`,
      );
      merged.push({ present: before, file });
    }
    return (await replaceAll(work, merged)).length === 0;
  });
}

/**
 * Makes the table `foreign_orders`: for every row of `foreign_lines` its order, as far as the index has it. Of an order that is
 * in several partitions it is the newest.
 */
export async function findForeignOrders(work: Work): Promise<void> {
  const buckets = await textsOf(work, `SELECT DISTINCT ${bucketOf("order_id")} AS bucket FROM foreign_lines`);
  const files = filesOf(await fetchAll(work, buckets.map(orderBucket)));
  const index = files ?? `(${ordersIn([], [])})`;
  await work.connection.run(`CREATE OR REPLACE TEMP TABLE foreign_orders AS
    SELECT f.day, ${orderColumns.map((column) => `o.${column}`).join(", ")}, o.updated_at
    FROM foreign_lines f JOIN ${index} o ON o.order_id = f.order_id
    QUALIFY row_number() OVER (PARTITION BY f.day, o.order_id ORDER BY o.updated_at DESC, o.dt DESC) = 1`);
}

const orderBucket = (bucket: string) => `state/orders/${bucket}.parquet`;
const lineDayBucket = (bucket: string) => `state/line-days/${bucket}.parquet`;
