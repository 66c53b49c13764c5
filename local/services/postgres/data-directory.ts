// data-directory: where PostgreSQL keeps its data; a new one has the master user, RDS's own roles and the user's database.
//
// Making one takes some seconds. It is done once per machine, in a cache beside the packages, and copied from then on.

import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import { identifier } from "./sql";

export interface Place {
  readonly directory: string;
  /** The master user, who is no superuser, as on RDS. */
  readonly user: string;
  readonly database: string;
}

/** PGlite's own, but that the search path is PostgreSQL's, and that system tables are not to be altered. */
const settings = {
  exit_on_error: "false",
  io_method: "sync",
  log_checkpoints: "false",
  max_parallel_maintenance_workers: "0",
  max_parallel_workers: "0",
  max_parallel_workers_per_gather: "0",
  max_worker_processes: "0",
  // What it does not keep, the system does; its 128 MB would be much for a laptop that runs tests.
  shared_buffers: "32MB",
};
const startParams = [
  ...["--single", "-F", "-j"],
  ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
];

/** Starts PostgreSQL on the directory; makes it where it is not there, or not whole. */
export async function openDataDirectory(
  { directory, user, database }: Place,
  log: (line: string) => void,
): Promise<PGlite> {
  if (!existsSync(join(directory, "PG_VERSION"))) {
    copy(await template(user, database, cacheDirectory() ?? dirname(directory)), directory);
  }
  const pglite = await PGlite.create({ dataDir: directory, database, extensions: { vector }, startParams, onStderr });
  // A directory may be older than the role.
  const { rows } = await pglite.query("SELECT FROM pg_catalog.pg_roles WHERE rolname = 'rds_iam'");
  if (rows.length === 0) for (const statement of iam(user)) await pglite.exec(statement);
  return pglite;

  function onStderr(line: string): boolean {
    log(line);
    return false;
  }
}

/** A copy that was broken off leaves nothing that looks like a data directory. */
function copy(from: string, to: string): void {
  const half = `${to}.half`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, half, { recursive: true });
  rmSync(to, { recursive: true, force: true });
  renameSync(half, to);
}

async function template(user: string, database: string, cache: string): Promise<string> {
  const key = createHash("sha256")
    .update([version(), user, database, ...roles(user, database)].join("\0"))
    .digest("hex");
  const kept = join(cache, `postgres-${key.slice(0, 16)}`);
  if (existsSync(kept)) return kept;
  mkdirSync(cache, { recursive: true });
  const made = mkdtempSync(join(cache, "postgres-making-"));
  const pglite = await PGlite.create({ dataDir: made, startParams });
  for (const statement of roles(user, database)) await pglite.exec(statement);
  await pglite.close();
  try {
    renameSync(made, kept);
  } catch (error) {
    // Another start was faster.
    if (!existsSync(kept)) throw error;
    rmSync(made, { recursive: true, force: true });
  }
  return kept;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.MasterAccounts.html, "PostgreSQL". */
const roles = (user: string, database: string): readonly string[] => [
  "CREATE ROLE rds_superuser",
  "GRANT pg_monitor, pg_signal_backend, pg_checkpoint TO rds_superuser WITH ADMIN OPTION",
  `CREATE ROLE ${identifier(user)} LOGIN CREATEROLE CREATEDB IN ROLE rds_superuser`,
  `CREATE DATABASE ${identifier(database)} OWNER ${identifier(user)}`,
  ...iam(user),
];

/** Who has it logs in with a token; the master user may give it to others. */
const iam = (user: string): readonly string[] => [
  "CREATE ROLE rds_iam",
  `GRANT rds_iam TO ${identifier(user)} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`,
];

/** None where nobody may write to the packages. */
function cacheDirectory(): string | undefined {
  const cache = join("node_modules", ".cache", "tributary");
  try {
    mkdirSync(cache, { recursive: true });
    accessSync(cache, constants.W_OK);
    return cache;
  } catch {
    return undefined;
  }
}

function version(): string {
  const manifest = join(dirname(require.resolve("@electric-sql/pglite")), "..", "package.json");
  return String((JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version);
}
