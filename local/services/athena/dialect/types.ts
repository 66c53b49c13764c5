// types: Trino's types, what DuckDB holds their values in, and the names that both have for them.
// https://trino.io/docs/current/language/types.html

export type Type =
  | { readonly kind: Plain }
  | { readonly kind: "decimal"; readonly precision: number; readonly scale: number }
  | { readonly kind: "varchar"; readonly length?: number }
  /** `precision`: digits of a second. */
  | { readonly kind: "timestamp" | "timestamp with time zone"; readonly precision: number }
  | { readonly kind: "array"; readonly of: Type }
  | { readonly kind: "map"; readonly key: Type; readonly value: Type }
  | { readonly kind: "row"; readonly fields: readonly Field[] };

export interface Field {
  readonly name?: string;
  readonly type: Type;
}

type Plain = (typeof plain)[number];

const plain = [
  "boolean",
  "tinyint",
  "smallint",
  "integer",
  "bigint",
  "real",
  "double",
  "varbinary",
  "date",
  "json",
  "interval day to second",
  "interval year to month",
  /** Of NULL. */
  "unknown",
] as const;

export const of = (kind: Plain): Type => ({ kind });
export const varchar: Type = { kind: "varchar" };
export const timestamp = (precision: number): Type => ({ kind: "timestamp", precision });
export const zoned = (precision: number): Type => ({ kind: "timestamp with time zone", precision });
export const decimal = (precision: number, scale: number): Type => ({ kind: "decimal", precision, scale });
export const arrayOf = (type: Type): Type => ({ kind: "array", of: type });

/** As Trino writes it: `varchar(3)`, `array(bigint)`, `row(a integer)`. */
export function typeName(type: Type): string {
  switch (type.kind) {
    case "decimal":
      return `decimal(${type.precision},${type.scale})`;
    case "varchar":
      return type.length === undefined ? "varchar" : `varchar(${type.length})`;
    case "timestamp":
      return `timestamp(${type.precision})`;
    case "timestamp with time zone":
      return `timestamp(${type.precision}) with time zone`;
    case "array":
      return `array(${typeName(type.of)})`;
    case "map":
      return `map(${typeName(type.key)}, ${typeName(type.value)})`;
    case "row":
      return `row(${type.fields.map((field) => [field.name ?? "", typeName(field.type)].join(" ").trim()).join(", ")})`;
    default:
      return type.kind;
  }
}

export const sameType = (one: Type, other: Type): boolean => typeName(one) === typeName(other);

/** What DuckDB holds values of the type in. */
export function duckType(type: Type): string {
  switch (type.kind) {
    case "decimal":
      return `DECIMAL(${type.precision},${type.scale})`;
    case "varchar":
      return "VARCHAR";
    case "timestamp":
      return "TIMESTAMP";
    case "timestamp with time zone":
      return "TIMESTAMPTZ";
    case "array":
      return `${duckType(type.of)}[]`;
    case "map":
      return `MAP(${duckType(type.key)}, ${duckType(type.value)})`;
    case "row":
      return `STRUCT(${type.fields.map((field, index) => `${structField(index)} ${duckType(field.type)}`).join(", ")})`;
    case "real":
      return "FLOAT";
    case "varbinary":
      return "BLOB";
    // As text: DuckDB's own JSON type has comparisons of its own.
    case "json":
      return "VARCHAR";
    case "interval day to second":
    case "interval year to month":
      return "INTERVAL";
    case "unknown":
      return "INTEGER";
    default:
      return type.kind.toUpperCase();
  }
}

/** Fields of a row go by their number, because Trino's may have no name or one name twice. */
export const structField = (index: number): string => `f${index}`;

/** Hive's words for the types of a table's columns: `array<struct<a:int>>`. Nothing where Athena has no such type. */
export function hiveType(text: string): Type | undefined {
  const words: readonly string[] = text.toLowerCase().match(/[a-z0-9_$]+|[<>(),:]/g) ?? [];
  let at = 0;
  const type = read();
  return at === words.length ? type : undefined;

  function read(): Type | undefined {
    const word = words[at++] ?? "";
    switch (word) {
      case "array": {
        const [of] = list();
        return of?.type && arrayOf(of.type);
      }
      case "map": {
        const [key, value] = list();
        return key && value && { kind: "map", key: key.type, value: value.type };
      }
      case "struct":
        return { kind: "row", fields: list() };
      case "decimal": {
        const [precision = 10, scale = 0] = numbers();
        return decimal(precision, scale);
      }
      case "varchar": {
        const [length = 65_535] = numbers();
        return { kind: "varchar", length };
      }
      default:
        return hiveWords[word];
    }
  }

  function list(): { name?: string; type: Type }[] {
    const found: { name?: string; type: Type }[] = [];
    if (words[at] !== "<") return found;
    do {
      at += 1;
      const name = words[at + 1] === ":" ? words[at] : undefined;
      if (name !== undefined) at += 2;
      const type = read();
      if (type === undefined) return [];
      found.push({ ...(name === undefined ? {} : { name }), type });
    } while (words[at] === ",");
    at += 1;
    return found;
  }

  function numbers(): number[] {
    if (words[at] !== "(") return [];
    const end = words.indexOf(")", at);
    const found = words.slice(at + 1, end).filter((word) => word !== ",");
    at = end + 1;
    return found.map(Number);
  }
}

// https://docs.aws.amazon.com/athena/latest/ug/data-types.html
const hiveWords: Readonly<Record<string, Type>> = {
  boolean: of("boolean"),
  tinyint: of("tinyint"),
  smallint: of("smallint"),
  int: of("integer"),
  integer: of("integer"),
  bigint: of("bigint"),
  float: of("real"),
  double: of("double"),
  string: varchar,
  binary: of("varbinary"),
  date: of("date"),
  timestamp: timestamp(3),
};
