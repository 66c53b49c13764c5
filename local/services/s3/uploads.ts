// uploads: multipart uploads that are under way, and their parts.

import { randomBytes } from "node:crypto";
import type { Clock } from "../../clock";
import type { Blobs } from "./blobs";
import type { Algorithm, ChecksumType } from "./checksums";
import type { Database } from "./database";
import { noSuchUpload } from "./errors";
import { after, behind } from "./scan";

export interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly started: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The checksum that the parts carry; undefined where the upload was begun without any. */
  readonly algorithm: Algorithm | undefined;
  readonly type: ChecksumType | undefined;
  readonly storageClass: string;
}

export interface Part {
  readonly number: number;
  readonly blob: string;
  readonly size: number;
  readonly etag: string;
  readonly modified: number;
  /** base64 */
  readonly checksum: string | null;
}

export interface Uploads {
  begin(upload: Omit<Upload, "id" | "started">): Upload;
  /** Throws NoSuchUpload, also where the upload belongs to another key. */
  find(id: string, bucket: string, key: string): Upload;
  put(upload: Upload, part: Omit<Part, "modified">): Part;
  /** By number, from behind `from` on. */
  parts(upload: Upload, from?: number): readonly Part[];
  /** Forgets the upload; its parts' blobs are for the caller to discard. */
  forget(upload: Upload): void;
  /** By key and then by the time of their beginning, from behind the marker on. */
  list(bucket: string, prefix: string, key: string, id: string): readonly Upload[];
}

export function uploads({ sql, all, next }: Database, blobs: Blobs, clock: Clock): Uploads {
  const insert = sql.prepare("INSERT INTO upload VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  const byId = sql.prepare("SELECT * FROM upload WHERE id = ? AND bucket = ? AND key = ?");
  const remove = sql.prepare("DELETE FROM upload WHERE id = ?");
  const partNumbered = sql.prepare("SELECT blob FROM part WHERE upload = ? AND number = ?");
  const replacePart = sql.prepare("INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?, ?, ?, ?)");
  const partsFrom = sql.prepare("SELECT * FROM part WHERE upload = ? AND number > ? ORDER BY number");
  const uploadsFrom = sql.prepare(
    "SELECT * FROM upload WHERE bucket = ? AND key >= ? AND key < ? AND (key, id) > (?, ?) ORDER BY key, id",
  );

  return {
    begin(draft) {
      const started = clock.now();
      const id = next(started).toString(16).padStart(16, "0") + randomBytes(30).toString("base64url");
      const { bucket, key, headers, algorithm = null, type = null, storageClass } = draft;
      insert.run(id, bucket, key, started, JSON.stringify(headers), algorithm, type, storageClass);
      return { ...draft, id, started };
    },
    find,
    put(upload, { number, blob, size, etag, checksum }) {
      const modified = clock.now();
      const replaced = all(() => {
        find(upload.id, upload.bucket, upload.key);
        const before = partNumbered.get(upload.id, number) as { blob: string } | undefined;
        replacePart.run(upload.id, number, blob, size, etag, modified, checksum);
        return before;
      });
      if (replaced !== undefined) blobs.discard(replaced.blob);
      return { number, blob, size, etag, checksum, modified };
    },
    parts: (upload, from = 0) => partsFrom.all(upload.id, from) as unknown as Part[],
    forget(upload) {
      remove.run(upload.id);
    },
    list: (bucket, prefix, key, id) =>
      (
        uploadsFrom.all(
          bucket,
          prefix,
          after(prefix) ?? Buffer.alloc(0),
          id === "" ? behind(key) : key,
          id,
        ) as unknown as Row[]
      ).map(uploadOf),
  };

  function find(id: string, bucket: string, key: string): Upload {
    const row = byId.get(id, bucket, key) as Row | undefined;
    if (row === undefined) throw noSuchUpload(id);
    return uploadOf(row);
  }
}

interface Row extends Omit<Upload, "headers" | "algorithm" | "type"> {
  readonly headers: string;
  readonly algorithm: Algorithm | null;
  readonly type: ChecksumType | null;
}

const uploadOf = (row: Row): Upload => ({
  ...row,
  headers: JSON.parse(row.headers),
  algorithm: row.algorithm ?? undefined,
  type: row.type ?? undefined,
});
