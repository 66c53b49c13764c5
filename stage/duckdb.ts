// duckdb: DuckDB inside a function, held to what the function has.

import { DuckDBInstance } from "@duckdb/node-api";

/** What Node, the handler and DuckDB itself take beside the buffers that DuckDB counts, in MB: measured in bench/. */
const besideBuffers = 300;
/** Of the function's memory, what stays free. */
const reserve = 0.15;

/**
 * An in-memory database for the length of one event. What exceeds its share of the function's memory spills to files below
 * `directory`, which must be on /tmp. There is no network: objects are fetched and stored with the S3 client.
 */
export async function openDuckDB(directory: string): Promise<DuckDBInstance> {
  const memory = functionMemoryMb();
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: `${memoryLimitMb(memory)}MB`,
    // Lambda gives a CPU per 1,769 MB and rounds up what a process sees.
    threads: String(Math.max(1, Math.ceil(memory / 1_769))),
    temp_directory: `${directory}/spill`,
    home_directory: directory,
    preserve_insertion_order: "false",
    // Freed memory goes back at once: kept, it would be held beside the limit, 250 MB of it (measured in bench/).
    allocator_background_threads: "true",
    allocator_flush_threshold: "16MB",
    allocator_bulk_deallocation_flush_threshold: "16MB",
    // It knows a file by its time and size, and took a file that was written anew within some milliseconds for the old one.
    enable_external_file_cache: "false",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  await connection.run("SET GLOBAL TimeZone = 'UTC'");
  connection.closeSync();
  return instance;
}

/** Of the function that this runs in, in MB. */
export const functionMemoryMb = (): number => Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? 2_048);

/** What DuckDB's buffers may take of a function's memory, in MB. */
export const memoryLimitMb = (memory: number): number =>
  Math.max(64, Math.floor(memory * (1 - reserve) - besideBuffers));
