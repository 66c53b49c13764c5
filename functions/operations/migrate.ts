// migrate: at deployment, the migrations that the database does not have yet, each once and in order.
//
//   in    schemas/migrations/*.sql   in the package of the function
//   out   rds  database              what they make, and a row per file in tributary.migrations
//
// A file runs whole or not at all: it is one transaction, and its row in the history is part of it. Two deployments at the same
// time wait for one another. A file that fails, or that was changed after it ran, fails the deployment with its name; the
// earlier ones stay, and the next deployment goes on behind them.

import { Logger } from "@aws-lambda-powertools/logger";
import { migrations, migrationsHash } from "../../schemas/migrations";
import { addressOf, type Database } from "../../stage/database";
import { environment } from "../../stage/environment";
import { connect, connectAs } from "../../stage/permissions";
import type { Platform } from "../../stage/platform";
import { openPostgresAsMaster } from "../../stage/postgres";
import { stage } from "../../stage/stage";
import { deployed } from "../../stage/triggers";
import { applyMigrations, type Outcome } from "./migrate/apply-migrations";

export const migrate = ({ platform, database }: { platform: Platform; database: Database }) =>
  stage(platform, "migrate", factory, {
    // A database that was replaced is empty again.
    on: [deployed({ sql: migrationsHash(migrations), database: database.instance.resourceId })],
    may: [connect(database), connectAs(database, database.user)],
    env: addressOf(database),
    placement: database.placement,
    memory: 256,
    timeout: 900,
  });

export const factory = () => {
  const open = openPostgresAsMaster(
    environment("DATABASE_ENDPOINT", "DATABASE_NAME", "DATABASE_SECRET", "DATABASE_USER"),
  );
  const logger = new Logger();

  return async (): Promise<Outcome> => {
    const outcome = await applyMigrations(await open(), migrations);
    logger.info("Migrated the database", { ...outcome });
    return outcome;
  };
};
