// ordering: ORDER BY, wherever it stands.

import type { SortItemContext } from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import { queryError } from "../query-error";
import { isOrderable } from "./coercion";
import type { Compiler, Environment } from "./environment";
import { placeOf } from "./syntax";
import { typeName } from "./types";
import type { Value } from "./value";

/** NULL comes last, whatever the direction: https://trino.io/docs/current/sql/select.html#order-by-clause */
export function ordering(items: readonly SortItemContext[], environment: Environment, compiler: Compiler): string {
  return items
    .map((item) => orderedBy(compiler.expression(item.columnRef() ?? item.expression() ?? item, environment), item))
    .join(", ");
}

export function orderedBy(value: Value, item: SortItemContext): string {
  if (!isOrderable(value.type))
    throw queryError("TYPE_MISMATCH", `Type ${typeName(value.type)} is not orderable`, placeOf(item));
  const nulls = item._nullOrdering?.text?.toUpperCase() ?? "LAST";
  return `${value.sql} ${item.KW_DESC() === null ? "ASC" : "DESC"} NULLS ${nulls}`;
}
