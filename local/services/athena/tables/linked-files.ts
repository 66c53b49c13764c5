// linked-files: the objects below a table's places, each linked into the query's own directory.

import { linkSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { s3Location } from "../s3-as-caller";
import type { Place } from "./partitions";
import type { Around, ViewRequest } from "./table-files";

export interface LinkedFile {
  readonly path: string;
  readonly object: string;
  readonly place: Place;
}

/** Objects whose names begin with _ or . are no data (Athena User Guide, "Creating tables in Athena"). */
const isHidden = (name: string): boolean => /(^|\/)[_.]/.test(name);

export async function filesIn(
  places: readonly Place[],
  { view }: ViewRequest,
  { s3, directory }: Around,
): Promise<readonly LinkedFile[]> {
  const links = join(directory, view);
  mkdirSync(links, { recursive: true });
  const files: LinkedFile[] = [];
  const byRoot = Map.groupBy(
    places.flatMap((place) => located(place)),
    ({ bucket }) => bucket,
  );
  for (const [bucket, own] of byRoot) {
    const placeOf = new Map(own.map((each) => [each.prefix, each.place]));
    for (const { key, size } of await s3.list(bucket, commonPrefix(own.map(({ prefix }) => prefix)))) {
      const prefix = prefixOf(key, placeOf);
      const place = prefix === undefined ? undefined : placeOf.get(prefix);
      if (place === undefined || size === 0 || isHidden(key.slice(prefix?.length ?? 0))) continue;
      const file = await s3.fileOf(bucket, key);
      if (file === undefined) continue;
      const path = join(links, `tributary_file=${files.length}`);
      mkdirSync(path);
      linkSync(file, join(path, "data.parquet"));
      files.push({ path: join(path, "data.parquet"), object: `s3://${bucket}/${key}`, place });
    }
  }
  return files;
}

function located(place: Place) {
  const found = s3Location(place.location);
  return found === undefined
    ? []
    : [{ place, bucket: found.bucket, prefix: found.key === "" ? "" : found.key.replace(/\/?$/, "/") }];
}

/** The longest place that the key is in. */
function prefixOf(key: string, places: ReadonlyMap<string, Place>): string | undefined {
  for (let end = key.lastIndexOf("/"); end !== -1; end = key.lastIndexOf("/", end - 1)) {
    const prefix = key.slice(0, end + 1);
    if (places.has(prefix)) return prefix;
    if (end === 0) break;
  }
  return places.has("") ? "" : undefined;
}

function commonPrefix(texts: readonly string[]): string {
  const [first = "", ...rest] = texts;
  let length = first.length;
  for (const text of rest) {
    while (!text.startsWith(first.slice(0, length))) length -= 1;
  }
  const common = first.slice(0, length);
  return common.slice(0, common.lastIndexOf("/") + 1);
}
