// duckdb: DuckDB inside a function, held to what the function has.

import { DuckDBInstance } from "@duckdb/node-api";

/** What Node, the handler and DuckDB's own code take beside DuckDB's buffers, in MB: measured in bench/. */
const besideBuffers = 400;

/**
 * An in-memory database for the length of one event. What exceeds its share of the function's memory spills to files below
 * `directory`, which must be on /tmp. There is no network: objects are fetched and stored with the S3 client.
 */
export async function openDuckDB(directory: string): Promise<DuckDBInstance> {
  const memory = Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? 2_048);
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: `${Math.max(64, memory - Math.max(besideBuffers, memory * 0.3))}MB`,
    // Lambda gives a CPU per 1,769 MB and rounds up what a process sees.
    threads: String(Math.max(1, Math.ceil(memory / 1_769))),
    temp_directory: `${directory}/spill`,
    home_directory: directory,
    preserve_insertion_order: "false",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  await connection.run("SET GLOBAL TimeZone = 'UTC'");
  connection.closeSync();
  return instance;
}
