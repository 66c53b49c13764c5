// product-catalogue: names and categories of the products, and which of them the published days do not show yet.
//
//   state/products/products.parquet  per product and partition: name, category, updated_at
//   state/shown.parquet              per product: the name and category that every published day shows
//
// A product that comes after its first sale, or moves to another category, changes days that are published already. They are
// found by comparing the two, and only when all of them are written anew is `shown` brought up to date: a run that breaks off
// in between leaves the difference for the next one to find.

import { literal } from "../../../schemas/sql-text";
import { datasetKey } from "../prod/dataset-file";
import {
  type Fetched,
  fetchAll,
  fetchPartitions,
  filesOf,
  replaceAll,
  rowsOf,
  textsOf,
  untilUndisturbed,
  type Work,
} from "../prod/work";
import { seriesKeys } from "./sales-series";

/** Athena reads it too, and knows no finer timestamps. */
const milliseconds = "CAST(updated_at AS TIMESTAMP_MS) AS updated_at";
const catalogue = "state/products/products.parquet";
const shown = "state/shown.parquet";

/** Takes in the products of these partitions. */
export async function mergeProducts(work: Work, dts: readonly string[]): Promise<void> {
  await untilUndisturbed("the catalogue of products", async () => {
    // The catalogue first: partitions that are read after it are as new as whatever stands in it.
    const [present] = await fetchAll(work, [catalogue]);
    const partitions = await fetchPartitions(
      work,
      dts.map((dt) => ({ table: "products", dt })),
    );
    if (present === undefined) return true;
    const arriving = partitions.flatMap((partition, index) => {
      const rows = filesOf([partition]);
      const dt = `DATE ${literal(dts[index] ?? "")}`;
      return rows === undefined
        ? []
        : [`SELECT product_id, name AS product, category, ${dt} AS dt, ${milliseconds} FROM ${rows}`];
    });
    if (arriving.length === 0) return true;
    await work.connection.run(`CREATE OR REPLACE TEMP TABLE arriving AS ${arriving.join(" UNION ALL ")}`);
    const old = filesOf([present]);
    const kept = old === undefined ? "" : `UNION ALL SELECT * FROM ${old} ANTI JOIN arriving USING (product_id, dt)`;
    const file = `${present.file}.next`;
    await work.connection.run(
      `COPY (SELECT product_id, product, category, dt, ${milliseconds} FROM (FROM arriving ${kept}) ORDER BY product_id, dt) TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    return (await replaceAll(work, [{ present, file }])).length === 0;
  });
}

/** Makes the table `products`, one row each, the newest of a product that is in several partitions; gives what it was made of. */
export async function loadProducts(work: Work): Promise<Fetched[]> {
  const fetched = await fetchAll(work, [catalogue]);
  const files = filesOf(fetched);
  const none = "SELECT NULL::BIGINT AS product_id, NULL::VARCHAR AS product, NULL::VARCHAR AS category WHERE false";
  const newest = `SELECT product_id, product, category FROM ${files}
    QUALIFY row_number() OVER (PARTITION BY product_id ORDER BY updated_at DESC, dt DESC) = 1`;
  await work.connection.run(`CREATE OR REPLACE TEMP TABLE products AS ${files === undefined ? none : newest}`);
  return fetched;
}

/** Makes the table `changed_products` (those that some published day may show otherwise); gives these days. */
export async function daysToRename(work: Work): Promise<string[]> {
  await loadProducts(work);
  const files = filesOf(await fetchAll(work, [shown]));
  const before = files ?? "(SELECT * FROM products WHERE false)";
  await work.connection.run(`CREATE OR REPLACE TEMP TABLE changed_products AS
    SELECT p.product_id, p.product, p.category, s.product_id IS NULL AS new FROM products p LEFT JOIN ${before} s USING (product_id)
    WHERE s.product_id IS NULL OR (s.product, s.category) IS DISTINCT FROM (p.product, p.category)`);
  const [counts] = await rowsOf(
    work,
    "SELECT count(*) FILTER (new) AS new, count(*) FILTER (NOT new) AS moved FROM changed_products",
  );
  // A new product can only be on a day that has an unknown one; the others may be on any.
  if (Number(counts?.moved) > 0) return daysOfMovedProducts(work);
  return Number(counts?.new) > 0 ? daysWithUnknownProducts(work) : [];
}

async function daysWithUnknownProducts(work: Work): Promise<string[]> {
  const series = filesOf(await fetchAll(work, await seriesKeys(work)));
  return series === undefined
    ? []
    : textsOf(work, `SELECT DISTINCT day FROM ${series} WHERE category = 'unknown' ORDER BY day`);
}

async function daysOfMovedProducts(work: Work): Promise<string[]> {
  const series = filesOf(await fetchAll(work, await seriesKeys(work)));
  if (series === undefined) return [];
  const days = await textsOf(work, `SELECT DISTINCT day FROM ${series} ORDER BY day`);
  const files = filesOf(
    await fetchAll(
      work,
      days.map((day) => datasetKey("sales_daily", day)),
    ),
  );
  return files === undefined
    ? []
    : textsOf(work, `SELECT DISTINCT day FROM ${files} SEMI JOIN changed_products USING (product_id) ORDER BY day`);
}

/** Says that every published day shows the rows of the table `changed_products`, where there are any. */
export async function allDaysRenamed(work: Work): Promise<void> {
  if ((await textsOf(work, "SELECT product_id FROM changed_products LIMIT 1")).length === 0) return;
  await untilUndisturbed("the catalogue of shown products", async () => {
    const [present] = await fetchAll(work, [shown]);
    if (present === undefined) return true;
    const old = filesOf([present]);
    const kept =
      old === undefined ? "" : `UNION ALL SELECT * FROM ${old} ANTI JOIN changed_products USING (product_id)`;
    const file = `${present.file}.next`;
    const changed = "SELECT product_id, product, category FROM changed_products";
    await work.connection.run(
      `COPY (SELECT * FROM (${changed} ${kept}) ORDER BY product_id) TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    return (await replaceAll(work, [{ present, file }])).length === 0;
  });
}
