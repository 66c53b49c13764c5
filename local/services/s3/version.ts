// version: one version of an object, as the index holds it.

import type { Checksum } from "./checksums";

/** What a write brings. */
export interface Draft {
  readonly blob: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** The headers that are kept with an object and come back with it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly checksum: Checksum | undefined;
  readonly storageClass: string;
}

export interface Version extends Omit<Draft, "blob"> {
  /** Greater for what was written later; see database.ts. */
  readonly sequence: number;
  readonly bucket: string;
  readonly key: string;
  /** `null` for what was written while the bucket was not versioned. */
  readonly versionId: string;
  readonly latest: boolean;
  /** A delete marker has no blob. */
  readonly marker: boolean;
  readonly blob: string | undefined;
  readonly modified: number;
}

/** As SQLite holds it, in the order of the table's columns. */
export interface Row {
  readonly sequence: number;
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  readonly latest: number;
  readonly marker: number;
  readonly blob: string | null;
  readonly size: number;
  readonly etag: string;
  readonly modified: number;
  readonly headers: string;
  readonly checksum: string | null;
  readonly storageClass: string;
  readonly path: string | null;
  readonly folded: string | null;
}

export const versionOf = ({ path: _path, folded: _folded, ...row }: Row): Version => ({
  ...row,
  latest: row.latest === 1,
  marker: row.marker === 1,
  blob: row.blob ?? undefined,
  headers: JSON.parse(row.headers),
  checksum: row.checksum === null ? undefined : JSON.parse(row.checksum),
});
