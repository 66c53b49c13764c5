// database-address: where the collections' database is, by the settings that they have always had.

import { environment } from "../../stage/environment";
import type { ByToken } from "../../stage/postgres";

/** For a function's factory; DATABASE_PORT and DATABASE_NAME may be missing. */
export function databaseAddress(): ByToken {
  const { DATABASE_HOST, DATABASE_USER } = environment("DATABASE_HOST", "DATABASE_USER");
  const { DATABASE_PORT, DATABASE_NAME } = process.env;
  return {
    DATABASE_ENDPOINT: `${DATABASE_HOST}:${DATABASE_PORT || "5432"}`,
    DATABASE_NAME: DATABASE_NAME || "collections",
    DATABASE_USER,
  };
}
