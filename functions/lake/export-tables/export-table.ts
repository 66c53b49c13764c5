// export-table: one table, from where its last export ended. After each file its position is kept, so that whatever happens
// next, no row is lost and little is exported again.

import { batches } from "./batches";
import { exportProblem } from "./export-problem";
import { type Part, type PartSize, partsOf } from "./parts";
import { moment, type Position, rangesFrom, reached } from "./position";
import { decodeRecord } from "./record";
import type { Source } from "./source";
import type { Place, Range } from "./source-sql";
import type { TablePlan } from "./table-plan";

export interface TableWork {
  readonly source: Source;
  readonly plan: TablePlan;
  readonly position: Position;
  /** Everything, whatever was exported. */
  readonly full: boolean;
  /** On /tmp, for one part at a time. */
  readonly file: string;
  readonly partSize: PartSize;
  /** When no other file may be begun. */
  readonly timeIsUp: AbortSignal;
  /** Makes objects of a part, named `name`. */
  ship(part: Part, name: string): Promise<Shipped>;
  /** Keeps the position; tells whether it was still the one that was read. */
  keep(position: Position): Promise<boolean>;
}

export interface Shipped {
  readonly quarantined: number;
  /** `bucket/key` of what was written. */
  readonly outputs: readonly string[];
}

export interface TableOutcome {
  /**
   * `empty`: the source's table has no rows. `unchanged`: none that were not exported. `unfinished`: the time was up, and the
   * next run goes on. `overtaken`: another run has come further, and goes on.
   */
  readonly outcome: "exported" | "empty" | "unchanged" | "unfinished" | "overtaken";
  readonly rows: number;
  /** Of the rows: those without a version, which nothing tells to be new. */
  readonly undated: number;
  readonly quarantined: number;
  readonly outputs: readonly string[];
  readonly watermark?: string;
}

/** In milliseconds. A source that sorts for longer before the first row comes would never come to an end. */
const patience = 300_000;

export async function exportTable(work: TableWork): Promise<TableOutcome> {
  const { source, plan, full, timeIsUp, file, partSize } = work;
  const [began, before] = [performance.now(), work.position];
  const unfinished = before.behind !== undefined;
  let position = before;
  let [rows, undated, quarantined] = [0, 0, 0];
  const outputs: string[] = [];
  const told = (outcome: TableOutcome["outcome"]): TableOutcome => {
    const { watermark } = position;
    return { outcome, rows, undated, quarantined, outputs, ...(watermark === undefined ? {} : { watermark }) };
  };

  for (const range of rangesFrom(before, full)) {
    if (timeIsUp.aborted) return told("unfinished");
    const known = full || unfinished ? undefined : before.fingerprints?.[range.rows];
    if (known !== undefined && known === (await source.fingerprint(plan, range))) continue;

    const records = await source.records(plan, range);
    for await (const part of partsOf(batches(records, timeIsUp), file, partSize)) {
      const [first, last] = [placeOf(plan, part.first), placeOf(plan, part.last)];
      const shipped = await work.ship(part, partName(part, first, last));
      rows += part.rows;
      if (range.rows === "undated") undated += part.rows;
      quarantined += shipped.quarantined;
      outputs.push(...shipped.outputs);
      if (!(await keep(reached(position, range.rows, last, source.now)))) return told("overtaken");
    }
    if (!timeIsUp.aborted) continue;
    if (rows === 0 && performance.now() - began > patience) throw stalled(plan);
    return told("unfinished");
  }

  const { watermark } = position;
  if (rows === 0 && before.fingerprints !== undefined && !full && !unfinished) {
    return told(watermark === undefined && isEmpty(before.fingerprints) ? "empty" : "unchanged");
  }
  const [dated = nothing, without = nothing] = rangesFrom({ revision: 0, ...(watermark ? { watermark } : {}) }, false);
  const fingerprints = {
    dated: await source.fingerprint(plan, dated),
    undated: await source.fingerprint(plan, without),
  };
  if (!(await keep({ revision: position.revision, ...(watermark ? { watermark } : {}), fingerprints }))) {
    return told("overtaken");
  }
  if (rows > 0) return told("exported");
  return told(watermark === undefined && isEmpty(fingerprints) ? "empty" : "unchanged");

  async function keep(next: Position): Promise<boolean> {
    const kept = await work.keep(next);
    if (kept) position = { ...next, revision: next.revision + 1 };
    return kept;
  }
}

const nothing: Range = { rows: "undated" };

const isEmpty = ({ dated, undated }: { readonly dated: string; readonly undated: string }) =>
  [dated, undated].every((fingerprint) => fingerprint.startsWith("0:"));

/** By what is in it, and so the same for the same rows, whoever exports them and when. */
function partName({ digest }: Part, first: Place, last: Place): string {
  const [from, to] = [first, last].map(([version]) => moment(version)?.slice(0, 19).replaceAll(/\D/g, "") ?? "undated");
  return `${from}-${to}-${digest.slice(0, 16)}`;
}

const placeOf = ({ columns, order }: TablePlan, record: Buffer): Place => {
  const values = decodeRecord(record);
  return order.map((column) => values[columns.indexOf(column)] ?? null);
};

const stalled = ({ name, order }: TablePlan) =>
  exportProblem(
    "SourceStalled",
    `Cannot export "${name}": the source sent no row in ${patience / 60_000} minutes; ` +
      `an index on (${order.map(({ source }) => source.name).join(", ")}) spares it the sorting`,
  );
