// migrations: what the database is made of, as SQL files that run once and in order.
//
//   schemas/migrations/0001_ground.sql      four digits without a gap, then a name
//
// The files are read while the program is evaluated, so that one that cannot run stops the deployment before it begins, and
// go into the package of `migrate` as plain text.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type SqlStatement, sqlStatements } from "./sql-statements";

export interface Migration {
  /** The file's name. */
  readonly name: string;
  /** Of its text, by which a file is recognized that was changed after it ran. */
  readonly sha256: string;
  readonly statements: readonly SqlStatement[];
}

const fileName = /^\d{4}_[a-z0-9-]+\.sql$/;

/** What would break the transaction that each file runs in, or wait for input that nobody sends. */
const refused: readonly (readonly [RegExp, string])[] = [
  [
    /^(begin|start\s+transaction|commit|end|rollback|abort|prepare\s+transaction)\b/i,
    "each file is one transaction already: leave this out",
  ],
  [/^copy\b.*\bfrom\s+stdin\b/is, "there is no input to copy from: insert the rows"],
];

/** Every migration, in its order. */
export const migrations: readonly Migration[] = readMigrations(join(__dirname, "migrations"));

/** The migrations of a directory; throws one error that names every file that is wrong, and why. */
export function readMigrations(directory: string): Migration[] {
  const names = readdirSync(directory).sort();
  const problems: string[] = [];
  const read = names.map((name, index) => {
    const number = String(index + 1).padStart(4, "0");
    if (!fileName.test(name)) problems.push(`"${name}" is not called like 0001_what-it-does.sql`);
    else if (!name.startsWith(number)) problems.push(`"${name}" should have the number ${number}`);
    return readMigration(join(directory, name), name, problems);
  });
  if (problems.length === 0) return read;
  throw Object.assign(new Error(`Cannot read the migrations of "${directory}": ${problems.join("; ")}`), {
    name: "BadMigration",
    code: "BadMigration",
  });
}

/** Changes whenever a migration does. */
export const migrationsHash = (all: readonly Migration[]): string =>
  sha256(all.map(({ name, sha256 }) => `${name} ${sha256}`).join("\n"));

function readMigration(path: string, name: string, problems: string[]): Migration {
  // Git may give a file other line ends on another machine, and it would seem to have been changed.
  const text = readFileSync(path, "utf8").replaceAll("\r\n", "\n");
  return { name, sha256: sha256(text), statements: statementsOf(text, name, problems) };
}

function statementsOf(text: string, name: string, problems: string[]): SqlStatement[] {
  try {
    const statements = sqlStatements(text);
    if (statements.length === 0) problems.push(`"${name}" holds no statement`);
    for (const { line, sql } of statements) {
      const [, why] = refused.find(([pattern]) => pattern.test(sql)) ?? [];
      if (why !== undefined) problems.push(`"${name}" line ${line}, "${sql.split("\n", 1)[0]}": ${why}`);
    }
    return statements;
  } catch (error) {
    if ((error as { code?: unknown }).code !== "Unterminated") throw error;
    problems.push(`"${name}" ${(error as Error).message}`);
    return [];
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
