// event-store: the asynchronous events that have not come to their end, in one SQLite file.

import { DatabaseSync } from "node:sqlite";

/** An event that was accepted. Times are milliseconds of the clock. */
export interface AsyncEvent {
  readonly requestId: string;
  readonly functionName: string;
  /** JSON. */
  readonly payload: string;
  readonly source: string;
  readonly acceptedAt: number;
  /** How often the function was run for it. */
  attempts: number;
  /** When it may be tried (again). */
  dueAt: number;
  /** JSON: the error of the last attempt. */
  lastError: string | null;
}

export function eventStore(file: string) {
  const database = new DatabaseSync(file);
  database.exec(`
    pragma journal_mode = wal;
    pragma synchronous = normal;
    create table if not exists events (
      requestId text primary key, functionName text not null, payload text not null, source text not null,
      acceptedAt integer not null, attempts integer not null, dueAt integer not null, lastError text
    )`);
  const insert = database.prepare("insert into events values (?, ?, ?, ?, ?, ?, ?, ?)");
  const update = database.prepare("update events set attempts = ?, dueAt = ?, lastError = ? where requestId = ?");
  const remove = database.prepare("delete from events where requestId = ?");
  const select = database.prepare("select * from events where functionName = ? order by acceptedAt, rowid");

  return {
    add({ requestId, functionName, payload, source, acceptedAt, attempts, dueAt, lastError }: AsyncEvent): void {
      insert.run(requestId, functionName, payload, source, acceptedAt, attempts, dueAt, lastError);
    },
    update({ requestId, attempts, dueAt, lastError }: AsyncEvent): void {
      update.run(attempts, dueAt, lastError, requestId);
    },
    remove({ requestId }: AsyncEvent): void {
      remove.run(requestId);
    },
    of: (functionName: string): AsyncEvent[] => select.all(functionName).map(asEvent),
    end: () => database.close(),
  };
}

const asEvent = (row: Record<string, unknown>): AsyncEvent => ({
  requestId: String(row.requestId),
  functionName: String(row.functionName),
  payload: String(row.payload),
  source: String(row.source),
  acceptedAt: Number(row.acceptedAt),
  attempts: Number(row.attempts),
  dueAt: Number(row.dueAt),
  lastError: row.lastError === null ? null : String(row.lastError),
});
