// merge-columns: one schema from those of many files, and from that of a table and of what was found anew.

import type { CatalogColumn } from "./catalog";

/** The columns of all files, in the order in which they first appear; what differs is told in `conflicts`. */
export function unionOf(schemas: readonly (readonly CatalogColumn[])[]): {
  columns: CatalogColumn[];
  conflicts: string[];
} {
  const types = new Map<string, string>();
  const conflicts = new Set<string>();
  for (const { name, type } of schemas.flat()) {
    const known = types.get(name) ?? type;
    const common = commonType(known, type);
    if (known !== type) conflicts.add(`${name}: ${known} and ${type} become ${common}`);
    types.set(name, common);
  }
  return { columns: [...types].map(([name, type]) => ({ name, type })), conflicts: [...conflicts] };
}

/** A table's columns with those that it did not have; types that became others are told and not taken over. */
export function withNewColumns(
  present: readonly CatalogColumn[],
  found: readonly CatalogColumn[],
): { columns: CatalogColumn[]; added: string[]; kept: string[] } {
  const added = found.filter(({ name }) => !present.some((column) => column.name === name));
  const kept = present.flatMap(({ name, type }) => {
    const now = found.find((column) => column.name === name)?.type;
    return now === undefined || now === type ? [] : [`${name} stays ${type}: it is ${now} in the data`];
  });
  return { columns: [...present, ...added], added: added.map(({ name }) => name), kept };
}

const integers = ["tinyint", "smallint", "int", "bigint"];

/**
 * A type that holds both, `string` where no other does. Which one AWS takes is not documented; Athena reads no file whose
 * column has another type than the table, so that all that matters is that the difference is told.
 */
export function commonType(one: string, other: string): string {
  if (one === other) return one;
  const [first, second] = [integers.indexOf(one), integers.indexOf(other)];
  if (first >= 0 && second >= 0) return integers[Math.max(first, second)] ?? "bigint";
  const fractions = ["float", "double"];
  const isNumber = (type: string) => integers.includes(type) || fractions.includes(type);
  if (isNumber(one) && isNumber(other)) return "double";
  const [a, b] = [decimal(one), decimal(other)];
  if (a === undefined || b === undefined) return "string";
  const scale = Math.max(a.scale, b.scale);
  const precision = Math.max(a.precision - a.scale, b.precision - b.scale) + scale;
  return precision > 38 ? "string" : `decimal(${precision},${scale})`;
}

function decimal(type: string): { precision: number; scale: number } | undefined {
  const [, precision, scale] = /^decimal\((\d+),(\d+)\)$/.exec(type) ?? [];
  return precision === undefined ? undefined : { precision: Number(precision), scale: Number(scale) };
}
