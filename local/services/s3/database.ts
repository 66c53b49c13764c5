// database: the index of everything that S3 keeps, in SQLite. TEXT compares by its UTF-8 bytes, which is S3's own order.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export interface Database {
  readonly sql: DatabaseSync;
  /** All of `action` or nothing; it is synchronous, and so no other request sees the middle of it. */
  all<T>(action: () => T): T;
  /** Greater than every number given before, also before a restart: the time in microseconds where that is. */
  next(now: number): number;
  /** Whether the last process to use the directory ended in order. */
  readonly clean: boolean;
  end(): void;
}

export function database(directory: string): Database {
  mkdirSync(directory, { recursive: true });
  const sql = new DatabaseSync(join(directory, "index.sqlite"));
  // With WAL, `NORMAL` loses nothing when the process dies, and at most the last moments when the machine does.
  sql.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
  sql.exec(schema);
  const { clean } = sql.prepare("SELECT clean FROM state").get() as { clean: number };
  sql.exec("UPDATE state SET clean = 0");
  const step = sql.prepare("UPDATE state SET sequence = max(sequence + 1, ?) RETURNING sequence");

  return {
    sql,
    clean: clean === 1,
    all(action) {
      sql.exec("BEGIN IMMEDIATE");
      try {
        const result = action();
        sql.exec("COMMIT");
        return result;
      } catch (error) {
        sql.exec("ROLLBACK");
        throw error;
      }
    },
    next: (now) => (step.get(Math.floor(now) * 1000) as { sequence: number }).sequence,
    end() {
      sql.exec("UPDATE state SET clean = 1");
      sql.close();
    },
  };
}

const schema = `
  CREATE TABLE IF NOT EXISTS state (one INTEGER PRIMARY KEY CHECK (one = 1), sequence INTEGER, clean INTEGER) STRICT;
  INSERT OR IGNORE INTO state VALUES (1, 0, 1);

  CREATE TABLE IF NOT EXISTS bucket (
    name TEXT PRIMARY KEY,
    created INTEGER NOT NULL,
    versioning TEXT NOT NULL CHECK (versioning IN ('Off', 'Enabled', 'Suspended'))
  ) STRICT;

  CREATE TABLE IF NOT EXISTS version (
    sequence INTEGER PRIMARY KEY,
    bucket TEXT NOT NULL REFERENCES bucket,
    key TEXT NOT NULL,
    versionId TEXT NOT NULL,
    latest INTEGER NOT NULL,
    marker INTEGER NOT NULL,
    blob TEXT,
    size INTEGER NOT NULL,
    etag TEXT NOT NULL,
    modified INTEGER NOT NULL,
    headers TEXT NOT NULL,
    checksum TEXT,
    storageClass TEXT NOT NULL,
    path TEXT,
    folded TEXT,
    UNIQUE (bucket, key, versionId)
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS latest ON version (bucket, key) WHERE latest = 1;
  CREATE INDEX IF NOT EXISTS history ON version (bucket, key, sequence DESC);
  CREATE INDEX IF NOT EXISTS shown ON version (bucket, folded) WHERE folded IS NOT NULL;
  CREATE INDEX IF NOT EXISTS blob ON version (blob) WHERE blob IS NOT NULL;

  CREATE TABLE IF NOT EXISTS upload (
    id TEXT PRIMARY KEY,
    bucket TEXT NOT NULL REFERENCES bucket,
    key TEXT NOT NULL,
    started INTEGER NOT NULL,
    headers TEXT NOT NULL,
    algorithm TEXT,
    type TEXT,
    storageClass TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS started ON upload (bucket, key, id);

  CREATE TABLE IF NOT EXISTS part (
    upload TEXT NOT NULL REFERENCES upload ON DELETE CASCADE,
    number INTEGER NOT NULL,
    blob TEXT NOT NULL,
    size INTEGER NOT NULL,
    etag TEXT NOT NULL,
    modified INTEGER NOT NULL,
    checksum TEXT,
    PRIMARY KEY (upload, number)
  ) STRICT;
`;
