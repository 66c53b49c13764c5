// file-types: whether Athena reads a file's column as the type that the catalog gives it, and how the value gets there.
// https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html, "Parquet: read by name"

import { toPrecision } from "../dialect/casts";
import { duckType, structField, type Type } from "../dialect/types";
import type { FileColumn } from "./footers";

const integers = ["TINYINT", "SMALLINT", "INTEGER", "BIGINT"];
const widths: Readonly<Record<string, number>> = { tinyint: 0, smallint: 1, integer: 2, bigint: 3 };

export function readsAs({ type: file }: FileColumn, type: Type): boolean {
  switch (type.kind) {
    case "tinyint":
    case "smallint":
    case "integer":
    case "bigint": {
      const width = integers.indexOf(file);
      return width !== -1 && width <= (widths[type.kind] ?? 3);
    }
    case "boolean":
      return file === "BOOLEAN";
    case "real":
      return file === "FLOAT";
    case "double":
      return file === "DOUBLE" || file === "FLOAT";
    case "decimal": {
      const [, precision, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(file) ?? [];
      return (
        scale !== undefined &&
        Number(scale) <= type.scale &&
        Number(precision) - Number(scale) <= type.precision - type.scale
      );
    }
    case "varchar":
      return file === "VARCHAR" || file === "BLOB" || file === "JSON" || file.startsWith("ENUM");
    case "varbinary":
      return file === "BLOB";
    case "date":
      return file === "DATE";
    case "timestamp":
      return file.startsWith("TIMESTAMP");
    case "array":
      return file === "LIST";
    case "map":
      return file === "MAP";
    case "row":
      return file === "STRUCT";
    default:
      return false;
  }
}

/** The column's value as the type; `file` is the file's own. */
export function readAs(sql: string, type: Type, file?: string): string {
  switch (type.kind) {
    case "timestamp":
      // What is adjusted to UTC is read as UTC.
      if (file === "TIMESTAMP WITH TIME ZONE") return toPrecision(`timezone('UTC', ${sql})`, type.precision);
      return toPrecision(`CAST(${sql} AS TIMESTAMP)`, type.precision);
    case "varchar": {
      const text = file === "BLOB" ? `decode(${sql})` : `CAST(${sql} AS VARCHAR)`;
      return type.length === undefined ? text : `substr(${text}, 1, ${type.length})`;
    }
    case "row": {
      const fields = type.fields.map(
        (field, index) =>
          `${structField(index)} := ${readAs(`struct_extract(${sql}, '${(field.name ?? "").replaceAll("'", "''")}')`, field.type)}`,
      );
      return `CASE WHEN ${sql} IS NULL THEN NULL ELSE struct_pack(${fields.join(", ")}) END`;
    }
    case "array":
      return isPlain(type.of)
        ? `CAST(${sql} AS ${duckType(type)})`
        : `list_transform(${sql}, lambda e : ${readAs("e", type.of)})`;
    case "map":
      return isPlain(type.value)
        ? `CAST(${sql} AS ${duckType(type)})`
        : `map_from_entries(list_transform(map_entries(${sql}), lambda m : struct_pack(k := m.key, v := ${readAs("m.value", type.value)})))`;
    default:
      return `CAST(${sql} AS ${duckType(type)})`;
  }
}

const isPlain = (type: Type): boolean => !["array", "map", "row", "timestamp"].includes(type.kind);
