// migration-errors: what is told of a migration that cannot be applied - the file, the statement, and what PostgreSQL says of it.

import type { Migration } from "../../../schemas/migrations";
import type { SqlStatement } from "../../../schemas/sql-statements";

/** What PostgreSQL says of an error (https://www.postgresql.org/docs/17/protocol-error-fields.html), as far as it says it. */
interface PostgresProblem {
  readonly message?: string;
  readonly code?: string;
  /** In characters of the statement; the first is 1. */
  readonly position?: string;
  readonly hint?: string;
}

/** PostgreSQL's own error is not passed on: values of rows are in its detail. */
export function migrationFailed({ name, statements }: Migration, at: SqlStatement | "end", problem: unknown): Error {
  const { message = String(problem), code = "", position = "1", hint } = problem as PostgresProblem;
  const says = `${message}${code && ` (${code})`}${hint === undefined ? "" : `. ${hint}`}`;
  const where = at === "end" ? "its end" : whereIn(at, statements.indexOf(at) + 1, Number(position));
  // Without a code of PostgreSQL's the connection was lost, and nobody knows how far it came.
  const remedy = isSqlState.test(code) ? "Nothing of the file was kept: correct it and deploy again" : "Deploy again";
  return failure("MigrationFailed", `Cannot apply migration "${name}": ${where}: ${says}. ${remedy}`);
}

export function migrationChanged(
  { name, sha256 }: Migration,
  ran: { readonly sha256: string; readonly applied_at: Date },
): Error {
  const found = `it ran on ${ran.applied_at.toISOString()} with another text (sha256 ${short(ran.sha256)}, now ${short(sha256)})`;
  const remedy = "Put the old text back, and write the change as a new migration";
  return failure("MigrationChanged", `Cannot apply migration "${name}": ${found}. ${remedy}`);
}

function whereIn({ line, sql }: SqlStatement, number: number, position: number): string {
  const before = [...sql].slice(0, position - 1).filter((character) => character === "\n").length;
  const [first = ""] = sql.split("\n", 1);
  return `statement ${number}, line ${line + before}, "${first.length > 80 ? `${first.slice(0, 80)}...` : first}"`;
}

const isSqlState = /^[0-9A-Z]{5}$/;

const short = (sha256: string): string => sha256.slice(0, 12);

const failure = (code: string, message: string): Error => Object.assign(new Error(message), { name: code, code });
