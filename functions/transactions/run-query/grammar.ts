// grammar: the part of PostgreSQL's language that a question needs, as its parser names it: the nodes of a parse tree and their
// fields. What is not here is refused by its name, and so is every node that a later PostgreSQL may bring.
//
// https://github.com/pganalyze/libpg_query/blob/17-latest/protobuf/pg_query.proto says what there is.

/** A number, a text or a truth. */
const plain = "plain";
/** A node, or a list of them, each under its name: `{ "FuncCall": { ... } }`. */
const nodes = "nodes";

/** What a field holds; of a name, a node of that kind that does not stand under its name. */
type Field = "plain" | "nodes" | "Alias" | "SelectStmt" | "TypeName" | "WindowDef" | "WithClause";

export const grammar: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  A_ArrayExpr: { elements: nodes },
  A_Const: { ival: plain, fval: plain, boolval: plain, sval: plain, isnull: plain },
  A_Expr: { kind: plain, name: nodes, lexpr: nodes, rexpr: nodes },
  A_Star: {},
  Alias: { aliasname: plain, colnames: nodes },
  BoolExpr: { boolop: plain, args: nodes },
  BooleanTest: { arg: nodes, booltesttype: plain },
  CaseExpr: { arg: nodes, args: nodes, defresult: nodes },
  CaseWhen: { expr: nodes, result: nodes },
  CoalesceExpr: { args: nodes },
  ColumnRef: { fields: nodes },
  CommonTableExpr: { ctename: plain, aliascolnames: nodes, ctematerialized: plain, ctequery: nodes },
  FuncCall: {
    funcname: nodes,
    args: nodes,
    agg_order: nodes,
    agg_filter: nodes,
    over: "WindowDef",
    agg_within_group: plain,
    agg_star: plain,
    agg_distinct: plain,
    funcformat: plain,
  },
  GroupingFunc: { args: nodes },
  GroupingSet: { kind: plain, content: nodes },
  JoinExpr: {
    jointype: plain,
    isNatural: plain,
    larg: nodes,
    rarg: nodes,
    usingClause: nodes,
    join_using_alias: "Alias",
    quals: nodes,
    alias: "Alias",
  },
  List: { items: nodes },
  MinMaxExpr: { op: plain, args: nodes },
  NullTest: { arg: nodes, nulltesttype: plain },
  RangeSubselect: { lateral: plain, subquery: nodes, alias: "Alias" },
  RangeVar: {
    catalogname: plain,
    schemaname: plain,
    relname: plain,
    inh: plain,
    relpersistence: plain,
    alias: "Alias",
  },
  ResTarget: { name: plain, val: nodes },
  RowExpr: { args: nodes, row_format: plain },
  SQLValueFunction: { op: plain, typmod: plain },
  SelectStmt: {
    distinctClause: nodes,
    targetList: nodes,
    fromClause: nodes,
    whereClause: nodes,
    groupClause: nodes,
    groupDistinct: plain,
    havingClause: nodes,
    windowClause: nodes,
    valuesLists: nodes,
    sortClause: nodes,
    limitOffset: nodes,
    limitCount: nodes,
    limitOption: plain,
    withClause: "WithClause",
    op: plain,
    all: plain,
    larg: "SelectStmt",
    rarg: "SelectStmt",
  },
  SortBy: { node: nodes, sortby_dir: plain, sortby_nulls: plain },
  String: { sval: plain },
  Integer: { ival: plain },
  SubLink: { subLinkType: plain, testexpr: nodes, operName: nodes, subselect: nodes },
  TypeCast: { arg: nodes, typeName: "TypeName" },
  TypeName: { names: nodes, typmods: nodes, typemod: plain, arrayBounds: nodes },
  WindowDef: {
    name: plain,
    refname: plain,
    partitionClause: nodes,
    orderClause: nodes,
    frameOptions: plain,
    startOffset: nodes,
    endOffset: nodes,
  },
  WithClause: { ctes: nodes },
};

/** The nodes right within one, each under its name. */
export function partsOf(kind: string, fields: Readonly<Record<string, unknown>>): readonly unknown[] {
  return Object.entries(grammar[kind] ?? {}).flatMap(([name, holds]): unknown[] => {
    const value = fields[name];
    if (value === undefined || holds === plain) return [];
    return holds === nodes ? [value].flat() : [{ [holds]: value }];
  });
}
