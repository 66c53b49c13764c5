// bare: what raw-to-curated does with a file, without what makes it a function: the same statements in the same DuckDB, held
// to the same memory, in a Node process that has no Lambda, no S3 and no bundle around it.
//
//   argv    the raw file, a folder to write to
//   env     AWS_LAMBDA_FUNCTION_MEMORY_SIZE: the function's memory, from which DuckDB's limit and threads follow
//   stdout  { "ms": ..., "partitions": ... }

import { lanes } from "../functions/lake/raw-to-curated/curated-partitions";
import {
  brokenRows,
  newPartition,
  quarantineLines,
  rawView,
  repeatedKeys,
  stagedRows,
} from "../functions/lake/raw-to-curated/curation-sql";
import { inspectParquet } from "../functions/lake/raw-to-curated/parquet-file";
import { protectionMacros } from "../schemas/protection";
import { tables } from "../schemas/tables";
import { openDuckDB } from "../stage/duckdb";

const table = tables.orders;
const source = { key: "raw/orders/orders.parquet", version: "1" };

async function curate(file: string, directory: string): Promise<number> {
  const duckdb = await openDuckDB(directory);
  try {
    const connection = await duckdb.connect();
    await inspectParquet(connection, file, table);
    for (const macro of protectionMacros("of the bench")) await connection.run(macro);
    await connection.run(rawView(table, file));
    await connection.run(brokenRows(table));
    await connection.run(repeatedKeys(table));
    await connection.run(stagedRows(table, source));
    await connection.run(quarantineLines(table, source, `${directory}/quarantine.ndjson`));

    const rows = await connection.runAndReadAll("SELECT DISTINCT dt::VARCHAR AS dt FROM staged ORDER BY dt");
    const waiting = rows.getRowObjectsJson().map(({ dt }) => String(dt));
    const partitions = waiting.length;
    const lane = async () => {
      const own = await duckdb.connect();
      for (let dt = waiting.shift(); dt !== undefined; dt = waiting.shift())
        await own.run(newPartition(table, dt, `${directory}/dt=${dt}.parquet`));
    };
    await Promise.all(Array.from({ length: lanes() }, lane));
    return partitions;
  } finally {
    duckdb.closeSync();
  }
}

async function main([file = "", directory = ""]: readonly string[]) {
  const began = performance.now();
  const partitions = await curate(file, directory);
  console.log(JSON.stringify({ ms: performance.now() - began, partitions }));
}

void main(process.argv.slice(2));
