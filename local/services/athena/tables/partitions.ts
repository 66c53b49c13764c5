// partitions: where the files of a table lie, and which partition each place is: as the catalog lists them, or as the table's
// projection.* parameters count them. https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html

import type { CatalogPartition, CatalogTable } from "../../glue/catalog";
import { queryError } from "../query-error";

export interface Place {
  /** `s3://bucket/prefix/` */
  readonly location: string;
  /** One for each partition key, in their order. */
  readonly values: readonly string[];
}

/** More than these no projection makes here: Athena is slow with them, and a laptop fills its memory. */
const mostProjected = 200_000;

/** `equal`: what the query says a key must be, for keys of the type `injected`. */
export function placesOf(
  table: CatalogTable,
  partitions: () => readonly CatalogPartition[],
  now: number,
  equal: (key: string) => string | undefined,
): readonly Place[] {
  if (table.partitionKeys.length === 0) return [{ location: table.location, values: [] }];
  if (table.parameters["projection.enabled"]?.toLowerCase() !== "true") {
    return partitions().map(({ location, values }) => ({ location, values }));
  }
  let rows: readonly (readonly string[])[] = [[]];
  for (const { name } of table.partitionKeys) {
    const values = projected(table, name, now, equal);
    if (rows.length * values.length > mostProjected) {
      throw queryError(
        "NOT_SUPPORTED",
        `The projection of table ${table.name} makes more than ${mostProjected} partitions`,
      );
    }
    rows = rows.flatMap((row) => values.map((value) => [...row, value]));
  }
  return rows.map((values) => ({ values, location: projectedLocation(table, values) }));
}

function projectedLocation({ partitionKeys, parameters, location }: CatalogTable, values: readonly string[]): string {
  const valueByKey = new Map(partitionKeys.map(({ name }, index) => [name.toLowerCase(), values[index] ?? ""]));
  const template = parameters["storage.location.template"];
  if (template !== undefined)
    return template.replaceAll(/\$\{([^}]+)\}/g, (_, key: string) => valueByKey.get(key.toLowerCase()) ?? "");
  return `${location.replace(/\/?$/, "/")}${[...valueByKey].map(([key, value]) => `${key}=${value}/`).join("")}`;
}

function projected(
  { name: table, parameters }: CatalogTable,
  key: string,
  now: number,
  equal: (key: string) => string | undefined,
): readonly string[] {
  const get = (setting: string) => parameters[`projection.${key}.${setting}`];
  const fault = (why: string) =>
    queryError(
      "INVALID_TABLE_PROPERTY",
      `Table ${table} is configured for partition projection, but projection.${key}.${why}`,
    );
  const type = get("type")?.toLowerCase();
  switch (type) {
    case "enum":
      return (get("values") ?? "").split(",").map((value) => value.trim());
    case "integer": {
      const [from, to] = (get("range") ?? "").split(",").map(Number);
      const [step, digits] = [Number(get("interval") ?? 1), Number(get("digits") ?? 0)];
      if (from === undefined || to === undefined || Number.isNaN(from + to) || !(step >= 1))
        throw fault("range is no range of integers");
      const count = Math.floor((to - from) / step) + 1;
      if (count > mostProjected) throw fault(`range has more than ${mostProjected} values`);
      return Array.from({ length: Math.max(0, count) }, (_, index) =>
        String(from + index * step).padStart(digits, "0"),
      );
    }
    case "date":
      return dates(
        {
          range: get("range") ?? "",
          format: get("format") ?? "",
          interval: get("interval"),
          unit: get("interval.unit"),
        },
        now,
        fault,
      );
    case "injected": {
      const value = equal(key);
      if (value !== undefined) return [value];
      throw queryError(
        "CONSTRAINT_VIOLATION",
        `For the injected projected partition column ${key}, the WHERE clause must contain only static equality conditions, and at least one such condition must be present.`,
      );
    }
    default:
      throw fault(`type is "${type}"`);
  }
}

interface Dates {
  readonly range: string;
  /** Java's, of yyyy, MM, dd, HH and what stands between them. */
  readonly format: string;
  readonly interval: string | undefined;
  readonly unit: string | undefined;
}

type Unit = "YEARS" | "MONTHS" | "WEEKS" | "DAYS" | "HOURS";

function dates(
  { range, format, interval = "1", unit }: Dates,
  now: number,
  fault: (why: string) => Error,
): readonly string[] {
  if (!/^(?:yyyy|MM|dd|HH|'[^']*'|[^A-Za-z'])+$/.test(format)) throw fault(`format "${format}" is not imitated`);
  const smallest: Unit = format.includes("HH")
    ? "HOURS"
    : format.includes("dd")
      ? "DAYS"
      : format.includes("MM")
        ? "MONTHS"
        : "YEARS";
  const step = (unit?.toUpperCase() ?? smallest) as Unit;
  const [from, to] = range.split(",").map((end) => endOf(end.trim(), format, now));
  if (from === undefined || to === undefined || !["YEARS", "MONTHS", "WEEKS", "DAYS", "HOURS"].includes(step)) {
    throw fault(`range "${range}" cannot be read`);
  }
  const values: string[] = [];
  for (let count = 0; ; count += Number(interval)) {
    const at = plus(from, count, step);
    if (at > to || !(Number(interval) >= 1)) return values;
    if (values.length > mostProjected) throw fault(`range has more than ${mostProjected} values`);
    values.push(formatted(at, format));
  }
}

/** `2026-01-01`, `NOW`, `NOW-3YEARS` */
function endOf(text: string, format: string, now: number): number | undefined {
  const [, sign, count, unit] = /^NOW(?:\s*([+-])\s*(\d+)\s*(YEARS?|MONTHS?|WEEKS?|DAYS?|HOURS?))?$/i.exec(text) ?? [];
  if (/^NOW/i.test(text)) {
    if (unit === undefined) return text.length === 3 ? now : undefined;
    return plus(now, Number(`${sign}${count}`), `${unit.toUpperCase().replace(/S$/, "")}S` as Unit);
  }
  const names: string[] = [];
  const pattern = format.replaceAll(/yyyy|MM|dd|HH|'[^']*'|./g, (piece) => {
    if (!/^(yyyy|MM|dd|HH)$/.test(piece)) return piece.replaceAll("'", "").replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
    names.push(piece);
    return `(\\d{${piece.length}})`;
  });
  const found = new RegExp(`^${pattern}$`).exec(text);
  if (found === null) return undefined;
  const part = (name: string, otherwise: number) =>
    names.includes(name) ? Number(found[names.indexOf(name) + 1]) : otherwise;
  return Date.UTC(part("yyyy", 1970), part("MM", 1) - 1, part("dd", 1), part("HH", 0));
}

function plus(time: number, count: number, unit: Unit): number {
  const date = new Date(time);
  if (unit === "HOURS") return time + count * 3_600_000;
  if (unit === "DAYS" || unit === "WEEKS") return time + count * (unit === "WEEKS" ? 7 : 1) * 86_400_000;
  date.setUTCMonth(date.getUTCMonth() + count * (unit === "YEARS" ? 12 : 1));
  return date.getTime();
}

function formatted(time: number, format: string): string {
  const date = new Date(time);
  const pad = (value: number, length: number) => String(value).padStart(length, "0");
  return format.replaceAll(/yyyy|MM|dd|HH|'([^']*)'/g, (piece, text?: string) => {
    if (piece === "yyyy") return pad(date.getUTCFullYear(), 4);
    if (piece === "MM") return pad(date.getUTCMonth() + 1, 2);
    if (piece === "dd") return pad(date.getUTCDate(), 2);
    return piece === "HH" ? pad(date.getUTCHours(), 2) : (text ?? "");
  });
}
