// cells: values as PostgreSQL writes them, made into those of an answer, by the OIDs of their types.
// https://github.com/postgres/postgres/blob/REL_17_STABLE/src/include/catalog/pg_type.dat

import type { Cell } from "../../../schemas/query-result";

const names: Readonly<Record<number, string>> = {
  16: "bool",
  20: "int8",
  21: "int2",
  23: "int4",
  25: "text",
  700: "float4",
  701: "float8",
  1042: "bpchar",
  1043: "varchar",
  1082: "date",
  1083: "time",
  1114: "timestamp",
  1184: "timestamptz",
  1186: "interval",
  1266: "timetz",
  1700: "numeric",
};

/** `text` where it is of another type: as a text it comes. */
export const typeNameOf = (oid: number): string => names[oid] ?? "text";

/** Whole numbers and those that are not exact anyway are numbers, as long as a number can be that; others keep their digits. */
export function cellOf(value: Buffer | null, oid: number): Cell {
  if (value === null) return null;
  const text = value.toString();
  switch (typeNameOf(oid)) {
    case "bool":
      return text === "t";
    case "int2":
    case "int4":
    case "int8":
      return Number.isSafeInteger(Number(text)) ? Number(text) : text;
    case "float4":
    case "float8":
      return Number.isFinite(Number(text)) ? Number(text) : text;
    case "timestamp":
    case "timestamptz":
      // Of UTC, which is what the transaction has set. Before Christ and infinity stay as they are.
      return text.replace(/^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)(?:(\+)00)?$/, (_, day, time, zone) => {
        return `${day}T${time}${zone === undefined ? "" : "Z"}`;
      });
    default:
      return text;
  }
}
