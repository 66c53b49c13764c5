// name-of: what PostgreSQL calls a column that a statement gives no name (FigureColname in
// https://github.com/postgres/postgres/blob/REL_17_STABLE/src/backend/parser/parse_target.c).

import { type Fields, nodesOf, textsOf } from "./named";

export const nameOf = (node: unknown): string => figured(node)?.name ?? "?column?";

interface Figured {
  readonly name: string;
  /** One that a better name within a cast or a CASE goes before. */
  readonly isWeak?: boolean;
}

const plain: Readonly<Record<string, string>> = {
  A_ArrayExpr: "array",
  CoalesceExpr: "coalesce",
  GroupingFunc: "grouping",
  RowExpr: "row",
};

function figured(node: unknown): Figured | undefined {
  const [[kind, fields] = ["", {}]] = Object.entries((node ?? {}) as Readonly<Record<string, Fields>>);
  switch (kind) {
    case "ColumnRef":
      return named(textsOf(fields.fields).at(-1));
    case "FuncCall":
      return named(textsOf(fields.funcname).at(-1));
    case "A_Expr":
      return named(fields.kind === "AEXPR_NULLIF" ? "nullif" : undefined);
    case "TypeCast":
      return better(fields.arg, textsOf((fields.typeName as Fields).names).at(-1) ?? "");
    case "CaseExpr":
      return better(fields.defresult, "case");
    case "MinMaxExpr":
      return named(fields.op === "IS_GREATEST" ? "greatest" : "least");
    case "SQLValueFunction":
      return named(String(fields.op).replace("SVFOP_", "").replace(/_N$/, "").toLowerCase());
    case "SubLink":
      return sublink(fields);
    default:
      return named(Object.hasOwn(plain, kind) ? plain[kind] : undefined);
  }
}

const named = (name: string | undefined): Figured | undefined => (name === undefined ? undefined : { name });

function better(node: unknown, name: string): Figured {
  const inner = figured(node);
  return inner === undefined || inner.isWeak === true ? { name, isWeak: true } : inner;
}

/** A subquery's is that of its column; one that is not written there nobody can name. */
function sublink({ subLinkType, subselect }: Fields): Figured | undefined {
  if (subLinkType !== "EXPR_SUBLINK") return named(subLinkType === "EXISTS_SUBLINK" ? "exists" : undefined);
  let { SelectStmt: select } = subselect as { readonly SelectStmt: Fields };
  while (select.larg !== undefined) select = select.larg as Fields;
  if (select.valuesLists !== undefined) return named("column1");
  const { name, val } = (nodesOf(select.targetList)[0]?.ResTarget ?? {}) as Fields;
  return named(name === undefined ? nameOf(val) : String(name));
}
