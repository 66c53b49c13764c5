// product-catalogue: names and categories of the products, and which of them the published days do not show yet.
//
//   state/products/products.parquet  per product and partition: name, category, updated_at
//   state/shown.parquet              per product: the name and category that every published day shows; NULL while that is not sure
//
// A product that comes after its first sale, or moves to another category, changes days that are published already. They are
// found by comparing the two. Before the catalogue changes, what is shown becomes unsure, and it is sure again only when all of the
// product's days are written anew: a run that breaks off in between leaves the difference for the next one to find.

import { literal } from "../../../schemas/sql-text";
import { datasetKey } from "../prod/dataset-file";
import {
  type Fetched,
  fetchAll,
  fetchPartitions,
  filesOf,
  replaceAll,
  textsOf,
  untilUndisturbed,
  type Work,
} from "../prod/work";
import { seriesKeys } from "./sales-series";

/** Athena reads it too, and knows no finer timestamps. */
const milliseconds = "CAST(updated_at AS TIMESTAMP_MS) AS updated_at";
const catalogue = "state/products/products.parquet";
const shown = "state/shown.parquet";

/** Takes in the products of these partitions; gives those that nobody knew before. */
export async function mergeProducts(work: Work, dts: readonly string[]): Promise<string[]> {
  let unknown: string[] = [];
  await untilUndisturbed("the catalogue of products", async () => {
    // The catalogue first: partitions that are read after it are as new as whatever stands in it.
    const [present] = await fetchAll(work, [catalogue]);
    const partitions = await fetchPartitions(
      work,
      dts.map((dt) => ({ table: "products", dt })),
    );
    const arriving = partitions.flatMap((partition, index) => {
      const rows = filesOf([partition]);
      const dt = `DATE ${literal(dts[index] ?? "")}`;
      const columns = `product_id, name AS product, category, ${dt} AS dt, ${milliseconds}`;
      return rows === undefined ? [] : [`SELECT ${columns} FROM ${rows}`];
    });
    if (present === undefined || arriving.length === 0) return true;
    const old = filesOf([present]) ?? none;
    await work.connection.run(`CREATE OR REPLACE TEMP TABLE arriving AS ${arriving.join(" UNION ALL ")}`);
    await work.connection.run(`CREATE OR REPLACE TEMP TABLE merged AS
      FROM arriving UNION ALL SELECT * FROM ${old} ANTI JOIN arriving USING (product_id, dt)`);
    await work.connection.run(`CREATE OR REPLACE TEMP TABLE changing AS
      SELECT m.product_id, o.product_id IS NULL AS unknown FROM (${newestOf("merged")}) m LEFT JOIN (${newestOf(old)}) o USING (product_id)
      WHERE o.product_id IS NULL OR (o.product, o.category) IS DISTINCT FROM (m.product, m.category)`);
    unknown = await textsOf(work, "SELECT product_id FROM changing WHERE unknown");
    await show(work, "SELECT product_id, NULL::VARCHAR AS product, NULL::VARCHAR AS category FROM changing");

    const file = `${present.file}.next`;
    await work.connection.run(
      `COPY (SELECT product_id, product, category, dt, ${milliseconds} FROM merged ORDER BY product_id, dt)
       TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    return (await replaceAll(work, [{ present, file }])).length === 0;
  });
  return unknown;
}

const none = `(SELECT NULL::BIGINT AS product_id, NULL::VARCHAR AS product, NULL::VARCHAR AS category, NULL::DATE AS dt,
  NULL::TIMESTAMP AS updated_at WHERE false)`;

/** One row each, the newest of a product that is in several partitions. */
const newestOf = (rows: string): string => `SELECT product_id, product, category FROM ${rows}
  QUALIFY row_number() OVER (PARTITION BY product_id ORDER BY updated_at DESC, dt DESC) = 1`;

/** Makes the table `products`, one row each; gives what it was made of. */
export async function loadProducts(work: Work): Promise<Fetched[]> {
  const fetched = await fetchAll(work, [catalogue]);
  await work.connection.run(`CREATE OR REPLACE TEMP TABLE products AS ${newestOf(filesOf(fetched) ?? none)}`);
  return fetched;
}

/**
 * Makes the table `changed_products`, of those that some published day may show otherwise; gives these days. `unknown` are the
 * products that this run was the first to know.
 */
export async function daysToRename(work: Work, unknown: readonly string[]): Promise<string[]> {
  await loadProducts(work);
  const before = filesOf(await fetchAll(work, [shown])) ?? "(SELECT * FROM products WHERE false)";
  await work.connection.run(`CREATE OR REPLACE TEMP TABLE changed_products AS
    SELECT p.product_id, p.product, p.category FROM products p LEFT JOIN ${before} s USING (product_id)
    WHERE (s.product, s.category) IS DISTINCT FROM (p.product, p.category)`);
  const changed = await textsOf(work, "SELECT product_id FROM changed_products");
  if (changed.length === 0) return [];
  // Whom nobody knew until now can only be on a day that has an unknown product; the others may be on any.
  return changed.every((id) => unknown.includes(id)) ? daysWithUnknownProducts(work) : daysOfChangedProducts(work);
}

async function daysWithUnknownProducts(work: Work): Promise<string[]> {
  const series = filesOf(await fetchAll(work, await seriesKeys(work)));
  return series === undefined
    ? []
    : textsOf(work, `SELECT DISTINCT day FROM ${series} WHERE category = 'unknown' ORDER BY day`);
}

async function daysOfChangedProducts(work: Work): Promise<string[]> {
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
  await show(work, "SELECT product_id, product, category FROM changed_products");
}

/** Puts rows (product_id, product, category) into what is shown. */
async function show(work: Work, rows: string): Promise<void> {
  await untilUndisturbed("the catalogue of shown products", async () => {
    const [present] = await fetchAll(work, [shown]);
    if (present === undefined) return true;
    const old = filesOf([present]);
    const kept =
      old === undefined ? "" : `UNION ALL SELECT * FROM ${old} ANTI JOIN (${rows}) AS own USING (product_id)`;
    const file = `${present.file}.next`;
    await work.connection.run(
      `COPY (SELECT * FROM (${rows} ${kept}) ORDER BY product_id) TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    return (await replaceAll(work, [{ present, file }])).length === 0;
  });
}
