// store: buckets and the versions of their objects. Every change is one synchronous step, which makes conditional writes
// free of races: between the check and the write no other request runs.

import type { Clock } from "../../clock";
import { type Blobs, blobs } from "./blobs";
import { checkWrite, type Preconditions } from "./conditions";
import { database } from "./database";
import { noSuchBucket } from "./errors";
import { foldedPath } from "./path";
import { type Scan, scan } from "./scan";
import { tree } from "./tree";
import { type Uploads, uploads } from "./uploads";
import { type Draft, type Row, type Version, versionOf } from "./version";
import { versionIdOf } from "./version-id";

export interface Bucket {
  readonly name: string;
  readonly created: number;
  readonly versioning: "Off" | "Enabled" | "Suspended";
}

export interface Removal {
  readonly sequence: number;
  /** The version that is gone. */
  readonly removed: Version | undefined;
  /** The delete marker that has been written instead. */
  readonly marker: Version | undefined;
}

export interface Store extends Scan {
  readonly blobs: Blobs;
  readonly uploads: Uploads;
  /** Creates the bucket or changes its versioning; what it holds stays. */
  createBucket(name: string, versioned: boolean): void;
  bucket(name: string): Bucket;
  buckets(): readonly Bucket[];
  /** The version of that id, or the latest. */
  find(bucket: string, key: string, versionId?: string): Version | undefined;
  /** `first` runs in the same step, and may still throw. */
  put(bucket: string, key: string, draft: Draft, conditions: Preconditions, first?: () => void): Version;
  remove(bucket: string, key: string, versionId: string | undefined, conditions: Preconditions): Removal;
  /** Where the latest version can be opened as a file, below the directory. */
  pathOf(bucket: string, key: string): string | undefined;
  end(): void;
}

export function store(directory: string, clock: Clock): Store {
  const db = database(directory);
  const files = blobs(directory);
  const shown = tree(directory);
  const { sql } = db;

  const bucketNamed = sql.prepare("SELECT * FROM bucket WHERE name = ?");
  const latest = sql.prepare("SELECT * FROM version WHERE bucket = ? AND key = ? AND latest = 1");
  const byId = sql.prepare("SELECT * FROM version WHERE bucket = ? AND key = ? AND versionId = ?");
  const newest = sql.prepare("SELECT * FROM version WHERE bucket = ? AND key = ? ORDER BY sequence DESC LIMIT 1");
  const insert = sql.prepare("INSERT INTO version VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const erase = sql.prepare("DELETE FROM version WHERE sequence = ?");
  const demote = sql.prepare("UPDATE version SET latest = 0, path = NULL, folded = NULL WHERE sequence = ?");
  const promote = sql.prepare("UPDATE version SET latest = 1, path = ?, folded = ? WHERE sequence = ?");
  const holder = sql.prepare("SELECT key FROM version WHERE bucket = ? AND folded = ?");
  const isKept = sql.prepare("SELECT 1 FROM version WHERE blob = ?1 UNION ALL SELECT 1 FROM part WHERE blob = ?1");

  if (!db.clean) mend();

  return {
    ...scan(sql),
    blobs: files,
    uploads: uploads(db, files, clock),
    createBucket,
    bucket,
    buckets: () => (sql.prepare("SELECT * FROM bucket ORDER BY name").all() as unknown[]).map((row) => row as Bucket),
    find,
    put,
    remove,
    pathOf: (bucket, key) => (latest.get(bucket, key) as Row | undefined)?.path ?? undefined,
    end: db.end,
  };

  function createBucket(name: string, versioned: boolean) {
    const before = bucketNamed.get(name) as Bucket | undefined;
    // Versioning that has been enabled can only be suspended:
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
    const versioning = versioned ? "Enabled" : (before?.versioning ?? "Off") === "Off" ? "Off" : "Suspended";
    sql
      .prepare("INSERT INTO bucket VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET versioning = excluded.versioning")
      .run(name, clock.now(), versioning);
  }

  function bucket(name: string): Bucket {
    const row = bucketNamed.get(name) as Bucket | undefined;
    if (row === undefined) throw noSuchBucket(name);
    return row;
  }

  function find(bucket: string, key: string, versionId?: string): Version | undefined {
    const row = versionId === undefined ? latest.get(bucket, key) : byId.get(bucket, key, versionId);
    return row === undefined ? undefined : versionOf(row as unknown as Row);
  }

  function put(bucketName: string, key: string, draft: Draft, conditions: Preconditions, first?: () => void): Version {
    const { written, replaced } = db.all(() => {
      const { versioning } = bucket(bucketName);
      checkWrite(find(bucketName, key), key, conditions);
      first?.();
      return supersede(bucketName, key, versioning, draft);
    });
    discard(replaced);
    return written;
  }

  function remove(bucketName: string, key: string, versionId: string | undefined, conditions: Preconditions): Removal {
    const removal = db.all((): Removal => {
      const { versioning } = bucket(bucketName);
      const version = find(bucketName, key, versionId);
      checkWrite(version, key, conditions);
      if (versionId === undefined && versioning !== "Off") {
        const { written, replaced } = supersede(bucketName, key, versioning, undefined);
        return { removed: replaced, marker: written, sequence: written.sequence };
      }
      if (version !== undefined) eraseVersion(version);
      return { removed: version, marker: undefined, sequence: db.next(clock.now()) };
    });
    discard(removal.removed);
    return removal;
  }

  function discard(version: Version | undefined) {
    if (version?.blob !== undefined) files.discard(version.blob);
  }

  /** Writes the new latest version, or a delete marker where there is no draft. `replaced` is what it overwrites. */
  function supersede(bucket: string, key: string, versioning: Bucket["versioning"], draft: Draft | undefined) {
    const current = latest.get(bucket, key) as Row | undefined;
    const replaced = versioning === "Enabled" ? undefined : find(bucket, key, "null");
    if (replaced !== undefined) erase.run(replaced.sequence);
    if (current !== undefined && current.sequence !== replaced?.sequence) demote.run(current.sequence);

    const now = clock.now();
    const sequence = db.next(now);
    const path = draft === undefined ? null : show(bucket, key, draft.blob);
    if (current?.path && current.path !== path) shown.hide(current.path);
    const row: Row = {
      sequence,
      bucket,
      key,
      versionId: versioning === "Enabled" ? versionIdOf(sequence) : "null",
      latest: 1,
      marker: draft === undefined ? 1 : 0,
      blob: draft?.blob ?? null,
      size: draft?.size ?? 0,
      etag: draft?.etag ?? "",
      modified: Math.floor(now / 1000) * 1000,
      headers: JSON.stringify(draft?.headers ?? {}),
      checksum: draft?.checksum === undefined ? null : JSON.stringify(draft.checksum),
      storageClass: draft?.storageClass ?? "STANDARD",
      path,
      folded: path && foldedPath(path),
    };
    insert.run(...Object.values(row));
    return { written: versionOf(row), replaced };
  }

  /** What was the latest but one version becomes the latest. */
  function eraseVersion({ bucket, key, latest: wasLatest, sequence }: Version) {
    const current = latest.get(bucket, key) as Row | undefined;
    erase.run(sequence);
    if (!wasLatest) return;
    const next = newest.get(bucket, key) as Row | undefined;
    const path = next?.blob == null ? null : show(bucket, key, next.blob);
    if (current?.path && current.path !== path) shown.hide(current.path);
    if (next !== undefined) promote.run(path, path && foldedPath(path), next.sequence);
  }

  function show(bucket: string, key: string, blob: string): string {
    return shown.show(bucket, key, files.file(blob), (folded) => {
      const row = holder.get(bucket, folded) as { key: string } | undefined;
      return row !== undefined && row.key !== key;
    });
  }

  /** After a crash: forgets bytes that nothing points to, and shows again what the tree has lost. */
  function mend() {
    files.sweep((blob) => isKept.get(blob) !== undefined);
    for (const row of sql.prepare("SELECT * FROM version WHERE path IS NOT NULL").all() as unknown as Row[]) {
      if (row.path === null || row.blob === null || shown.shows(row.path, files.file(row.blob))) continue;
      const path = show(row.bucket, row.key, row.blob);
      promote.run(path, foldedPath(path), row.sequence);
    }
  }
}
