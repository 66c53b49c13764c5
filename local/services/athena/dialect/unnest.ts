// unnest: UNNEST, the elements of arrays and maps as rows.

import type { UnnestContext } from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import { queryError } from "../query-error";
import type { Column } from "./columns";
import type { Compiler, Environment, Relation } from "./environment";
import { within } from "./relations";
import { placeOf } from "./syntax";
import { of, structField, typeName } from "./types";
import type { Value } from "./value";

/** Arrays side by side, shorter ones filled up with NULL; an array of rows and a map give a column for each field. */
export function unnest(
  node: UnnestContext,
  before: readonly Column[],
  outer: Environment,
  compiler: Compiler,
): Relation {
  const environment = within(before, outer, compiler);
  const lists = node.expression().map((each) => listOf(compiler.expression(each, environment), placeOf(each)));
  const items = lists.map(({ sql }) => ({ sql: `unnest(${sql})`, name: compiler.fresh("u") }));
  const columns: Column[] = [];
  const outputs: string[] = [];
  const give = (sql: string, type: Value["type"], name?: string) => {
    const own = compiler.fresh("c");
    outputs.push(`${sql} AS ${own}`);
    columns.push({ name, relation: [], sql: own, type, sources: new Set() });
  };
  for (const [index, { type }] of lists.entries()) {
    const item = items[index]?.name ?? "";
    if (type.kind === "row") {
      for (const [place, field] of type.fields.entries())
        give(`struct_extract(${item}, '${structField(place)}')`, field.type, field.name);
    } else {
      give(item, type);
    }
  }
  const ordinal = compiler.fresh("u");
  if (node.KW_ORDINALITY() !== null) {
    const longest = `greatest(${lists.map(({ sql }) => `coalesce(len(${sql}), 0)`).join(", ")})`;
    items.push({ sql: `unnest(generate_series(1, ${longest}))`, name: ordinal });
    give(`CAST(${ordinal} AS BIGINT)`, of("bigint"));
  }
  const inner = `SELECT ${items.map(({ sql, name }) => `${sql} AS ${name}`).join(", ")}`;
  return {
    sql: `LATERAL (SELECT ${outputs.join(", ")} FROM (${inner}) AS ${compiler.fresh("r")}) AS ${compiler.fresh("r")}`,
    columns,
  };
}

/** A list of what the rows of UNNEST are, and the type of one. */
function listOf(value: Value, at: ReturnType<typeof placeOf>): Value {
  const { type, sql } = value;
  if (type.kind === "array") return { sql, type: type.of };
  if (type.kind === "map") {
    const pairs = `list_transform(map_entries(${sql}), lambda m : struct_pack(f0 := m.key, f1 := m.value))`;
    return { sql: pairs, type: { kind: "row", fields: [{ type: type.key }, { type: type.value }] } };
  }
  throw queryError("INVALID_FUNCTION_ARGUMENT", `Cannot unnest type: ${typeName(type)}`, at);
}
