// duckdb: a database for one query, which can reach the files of that query and nothing else.

import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { registerNatives } from "./natives";

export interface Engine {
  readonly connection: DuckDBConnection;
  end(): Promise<void>;
}

/** As much as Athena's engine would never notice, and a laptop does. */
const memory = "1GB";
const threads = "2";

/** `directory` holds the query's files, and what exceeds the memory. */
export async function openEngine(directory: string): Promise<Engine> {
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: memory,
    threads,
    temp_directory: `${directory}/spill`,
    home_directory: directory,
    enable_external_file_cache: "false",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  await connection.run("SET GLOBAL TimeZone = 'UTC'");
  registerNatives(connection);
  return {
    connection,
    async end() {
      // What still runs may be waiting for a function of ours, and so for this thread: it must be over before the closing waits
      // for it. The next query of a connection ends the one before.
      connection.interrupt();
      await connection.run("SELECT 1").catch(() => undefined);
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** From here on there is no file but those in `directory`, and no way back. */
export async function lockEngine({ connection }: Engine, directory: string): Promise<void> {
  await connection.run(`SET GLOBAL allowed_directories = ['${directory.replaceAll("'", "''")}/']`);
  await connection.run("SET GLOBAL enable_external_access = false");
  await connection.run("SET GLOBAL lock_configuration = true");
}
