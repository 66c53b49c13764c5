// position: how far the export of a table has come, and where the next one begins.
//
//   rows in the order of (updated_at, key):   ....... from ~~~~ overlap ~~~~ watermark ....... now
//
// The watermark is the greatest version exported. A row can come to light below it, when its transaction was open while others
// were exported; so each export begins again an overlap before the watermark. Where it would find there what it found the last
// time, as a fingerprint tells, it does not begin at all.
//
// An export that is cut short leaves the place of its last row, and the next one goes on behind it. It does so only from a
// place that is older than the overlap: nothing comes to light before it any more.

import type { Place, Range } from "./source-sql";

/** In minutes: the longest time from a row's `updated_at` to its transaction's commit. */
export const overlap = 15;

export interface Position {
  /** Counts up with every change, so that of two runs at once the second is told. */
  readonly revision: number;
  /** In UTC: `2026-05-01 10:00:00.123456`. */
  readonly watermark?: string;
  /** The last row of an export that has not come to its end. */
  readonly behind?: Place;
  /** What the next export would find from an overlap before the watermark on, and without a version, if nothing changed. */
  readonly fingerprints?: { readonly dated: string; readonly undated: string };
}

export const beginning: Position = { revision: 0 };

/** What an export goes through, in order. `full` asks for everything, whatever was exported. */
export function rangesFrom({ watermark, behind }: Position, full: boolean): Range[] {
  if (!full && behind !== undefined) {
    // The version of a row without one is NULL, or what stands for none.
    return isDated(behind) ? [{ rows: "dated", behind }, { rows: "undated" }] : [{ rows: "undated", behind }];
  }
  const from = full || watermark === undefined ? undefined : earlier(watermark, overlap);
  return [from === undefined ? { rows: "dated" } : { rows: "dated", from }, { rows: "undated" }];
}

/** The position when the rows up to `last` are exported. `now` is the source's. */
export function reached(position: Position, rows: Range["rows"], last: Place, now: string): Position {
  const version = rows === "dated" ? moment(last[0]) : undefined;
  // A date in the future, of the year 10000 even, would hide all that is written until then.
  const isFuture = rows === "dated" && (/^\d{5}/.test(last[0] ?? "") || (version !== undefined && version > now));
  const seen = isFuture ? now : version;
  const watermark = [position.watermark, seen]
    .filter((each) => each !== undefined)
    .sort()
    .at(-1);
  const settled = rows === "undated" || (version !== undefined && version < earlier(now, overlap));
  const behind = rows === "undated" ? [null, ...last.slice(1)] : last;
  return {
    revision: position.revision,
    ...(watermark === undefined ? {} : { watermark }),
    ...(settled ? { behind } : {}),
  };
}

const isDated = ([version]: Place): boolean => version !== null;

/** A text of a source as the text that sorts by time; nothing where it is no moment of the years 1 to 9999. */
export function moment(text: string | null | undefined): string | undefined {
  const written = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:\+00)?$/.exec(text ?? "");
  if (written === null || Number.isNaN(Date.parse(`${written[1]}T${written[2]}Z`))) return undefined;
  return `${written[1]} ${written[2]}.${(written[3] ?? "").padEnd(6, "0")}`;
}

/** `moment` some minutes earlier; its microseconds stay. */
export function earlier(moment: string, minutes: number): string {
  const [seconds = "", microseconds = ""] = moment.split(".");
  const time = Math.max(Date.parse(`${seconds.replace(" ", "T")}Z`) - minutes * 60_000, Date.parse(`${yearOne}Z`));
  return `${new Date(time).toISOString().slice(0, 19).replace("T", " ")}.${microseconds}`;
}

/** No database knows a year 0. */
const yearOne = "0001-01-01T00:00:00";
