// raw-file: orders as a shop would export them, made by DuckDB: as many as wanted, over as many days as wanted.
//
// Of a thousand rows five repeat an earlier key and four break a rule, as in the sample shop. Texts are made from numbers
// that never repeat, so that Parquet's dictionaries do not make the content small.

import { DuckDBInstance } from "@duckdb/node-api";
import { literal } from "../schemas/sql-text";

export interface RawFile {
  readonly path: string;
  readonly rows: number;
  readonly days: number;
  /** What the file takes. */
  readonly bytes: number;
  /** What its pages hold before compression, by its footer. */
  readonly contentBytes: number;
}

export interface Shape {
  readonly rows: number;
  readonly days: number;
  /** Characters added to every fourth note; the row then takes about a quarter of them more. */
  readonly padding?: number;
}

export async function writeOrders(path: string, shape: Shape): Promise<RawFile> {
  const { rows, days } = shape;
  const instance = await DuckDBInstance.create(":memory:", { preserve_insertion_order: "false" });
  const connection = await instance.connect();
  try {
    await connection.run(`COPY (${orders(shape)}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`);
    const sizes = await connection.runAndReadAll(
      `SELECT sum(total_uncompressed_size)::DOUBLE, (SELECT size::DOUBLE FROM read_blob(${literal(path)}))
       FROM parquet_metadata(${literal(path)})`,
    );
    const [contentBytes, bytes] = sizes.getRows()[0] ?? [];
    return { path, rows, days, bytes: Number(bytes), contentBytes: Number(contentBytes) };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const orders = ({ rows, days, padding = 0 }: Shape): string => `
  SELECT
    n AS order_id,
    (1 + hash(n) % 100000)::BIGINT AS customer_id,
    if(i % 250 = 3, 'in transit', ${oneOf("n", ["placed", "paid", "shipped", "delivered", "cancelled", "returned"])}) AS status,
    ${oneOf("n // 7", ["web", "app", "store", "marketplace"])} AS channel,
    ${oneOf("n // 3", ["DE", "FR", "IT", "ES", "NL"])} AS country,
    ${oneOf("n // 5", ["Bayern", "Île-de-France", "Lombardia", "Cataluña", "Utrecht"])} AS region,
    'EUR' AS currency,
    (hash(n, 1) % 100000 / 100)::DECIMAL(12,2) AS total,
    ${note(padding)} AS notes,
    TIMESTAMP '2026-01-01' + to_microseconds(n * ${Math.floor((days * 86_400_000_000) / (rows + 1))}) AS created_at,
    created_at + to_seconds(i % 1000) AS updated_at
  FROM (SELECT i, if(i % 1000 < 5, greatest(i - 7, 0), i) + 1 AS n FROM range(${rows}) AS numbers(i))`;

const oneOf = (number: string, words: readonly string[]) =>
  `[${words.map(literal).join(", ")}][1 + (hash(${number}) % ${words.length})::INTEGER]`;

/** Three in a thousand hold a card number, six more a number that only looks like one, a quarter harmless words. */
const note = (padding: number) => `CASE
    WHEN i % 1000 < 2 THEN 'Paid by phone with 4111-1111-1111-1111 exp 12/27, order ' || n
    WHEN i % 1000 = 2 THEN 'Please charge my other card 5555 5555 5555 4444. Order ' || n
    WHEN i % 1000 < 9 THEN 'Tracking ' || (17600000000000 + n) || ', held at the depot'
    WHEN i % 4 = 0 THEN 'Leave it with number ' || n || '${padding === 0 ? "" : " "}' || ${letters(padding)}
  END`;

/** Letters of which no two rows have the same. */
const letters = (characters: number) =>
  `left(repeat(translate(md5(n::VARCHAR), '0123456789', 'ghijklmnop'), ${Math.ceil(characters / 32)}), ${characters})`;
