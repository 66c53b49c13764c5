// expression-value: what an expression may come to; growth.ts says what of its parts, and scope.ts what its names stand for.

import { passingFunctions, textFunctions } from "./allowed";
import { digitsOf, mostDigitsWritten } from "./digits";
import { partsOf } from "./grammar";
import { allOf, computed, floatSize, listed, oneOf, operated, rounded, small, type Value } from "./growth";
import { type Fields, nodesOf, textsOf } from "./named";
import { refusal, whereIn } from "./refusal";
import { type Column, columnNamed, type Levels } from "./scope";

/** What an expression sees. */
export interface Sight {
  /** The whole statement. */
  readonly text: string;
  /** The last one of a name is meant. */
  readonly ctes: readonly { readonly name: string; readonly columns: readonly Column[] }[];
  readonly levels: Levels;
  /** Whether its SELECT is that of the rows. */
  readonly isOutermost: boolean;
  /** Where string_agg() stood until now; grows. */
  readonly lists: string[];
  /** Of a subquery, as it is seen from where it stands. */
  readonly columnsOf: (select: Fields, sight: Sight) => readonly Column[];
}

type Visited = (node: unknown) => Value;

export function expressionValue(node: unknown, sight: Sight): Value {
  const [[kind, fields] = ["", {}]] = Object.entries(node as Readonly<Record<string, Fields>>);
  const where = whereIn(sight.text, fields.location);
  const visited: Visited = (part) => expressionValue(part, sight);
  switch (kind) {
    case "A_Const":
      return constant(fields, where);
    case "ColumnRef":
      return columnRef(fields, sight, where);
    case "SubLink":
      return sublink(fields, sight, visited);
    case "A_Expr":
      return expression(fields, visited, where);
    case "FuncCall":
      return call(fields, sight, where);
    case "TypeCast":
      return cast(fields, visited, where);
    case "CaseExpr":
      return branches(fields, visited);
    case "CoalesceExpr":
    case "MinMaxExpr":
      return oneOf(nodesOf(fields.args).map(visited));
    case "A_ArrayExpr":
      return allOf(nodesOf(fields.elements).map(visited));
    case "RowExpr":
      return { ...allOf(nodesOf(fields.args).map(visited)), kind: "other" };
    default:
      for (const part of partsOf(kind, fields)) visited(part);
      return small;
  }
}

function constant({ sval, fval, ival }: Fields, where: string): Value {
  const { sval: text } = (sval ?? {}) as { readonly sval?: string };
  const { fval: number } = (fval ?? {}) as { readonly fval?: string };
  if (digitsOf(text ?? number ?? "") > mostDigitsWritten || (number?.length ?? 0) > mostDigitsWritten) {
    throw refusal("TooLarge", `the number${where} has more than ${mostDigitsWritten} digits`);
  }
  if (sval !== undefined) return { size: text?.length ?? 0, kind: "text" };
  return number === undefined && ival === undefined ? small : { size: number?.length ?? 10, kind: "other" };
}

function columnRef({ fields }: Fields, { levels }: Sight, where: string): Value {
  const path = textsOf(fields);
  if (path.length === nodesOf(fields).length) return columnNamed(path, levels, where);
  throw refusal("ForbiddenName", `"${[...path, "*"].join(".")}"${where} is a whole row: name the columns`);
}

function sublink({ subLinkType, testexpr, subselect }: Fields, sight: Sight, visited: Visited): Value {
  if (testexpr !== undefined) visited(testexpr);
  const { SelectStmt } = subselect as { readonly SelectStmt: Fields };
  const columns = sight.columnsOf(SelectStmt, { ...sight, isOutermost: false });
  return subLinkType === "EXPR_SUBLINK" ? oneOf(columns.map(({ value }) => value)) : small;
}

function expression({ kind, name, lexpr, rexpr }: Fields, visited: Visited, where: string): Value {
  const operands = [lexpr, rexpr].filter((operand) => operand !== undefined).map(visited);
  if (kind === "AEXPR_NULLIF") return operands[0] ?? small;
  return kind === "AEXPR_OP" ? operated(textsOf(name).at(-1) ?? "", operands, where) : small;
}

function branches({ arg, args, defresult }: Fields, visited: Visited): Value {
  if (arg !== undefined) visited(arg);
  const results = nodesOf(args).map((each) => {
    const { expr, result } = each.CaseWhen as Fields;
    visited(expr);
    return visited(result);
  });
  return oneOf(defresult === undefined ? results : [...results, visited(defresult)]);
}

function call(fields: Fields, sight: Sight, where: string): Value {
  const name = textsOf(fields.funcname).at(-1) ?? "";
  const { args, agg_order, agg_filter, over } = fields;
  const given = nodesOf(args).map((arg) => expressionValue(arg, sight));
  // What `within group (order by x)` is about.
  const sorted = nodesOf(agg_order).map(({ SortBy }) => expressionValue((SortBy as Fields).node, sight));
  if (agg_filter !== undefined) expressionValue(agg_filter, sight);
  if (over !== undefined) expressionValue({ WindowDef: over }, sight);

  if (passingFunctions.includes(name)) return oneOf([...given, ...sorted]);
  if (name === "round" || name === "trunc") return rounded(nodesOf(args), given, where);
  if (name === "string_agg") {
    sight.lists.push(where);
    return listed(fields, given, { isOutermost: sight.isOutermost, count: sight.lists.length, where });
  }
  if (name === "substring" && given.slice(1).some(({ kind }) => kind === "text")) {
    throw refusal(
      "ForbiddenFunction",
      `substring()${where} of a pattern is not among what is allowed: give it numbers`,
    );
  }
  const value = computed(name, [...given, ...sorted], where);
  return textFunctions.includes(name) ? { size: Math.max(value.size, oneOf(given).size), kind: "text" } : value;
}

/** Characters and digits that a type is padded to. */
const mostPadded = 255;

function cast({ arg, typeName }: Fields, visited: Visited, where: string): Value {
  const { names, typmods } = typeName as Fields;
  const type = textsOf(names).at(-1) ?? "";
  const value = visited(arg);
  const padded = ["numeric", "bpchar", "varchar"].includes(type)
    ? nodesOf(typmods).map((each) => Math.abs(wholeOf(each) ?? Number.POSITIVE_INFINITY))
    : [];
  if (padded.some((size) => size > mostPadded)) {
    throw refusal("TooLarge", `type "${type}"${where} may have ${mostPadded} characters or digits at most`);
  }
  const size = Math.max(value.size, ...padded);
  switch (type) {
    case "text":
    case "varchar":
    case "bpchar":
      // Both sides of a number's point.
      return { size: value.kind === "text" ? size : 2 * size, kind: "text" };
    case "numeric":
      // Of a column's text nobody knows how many digits it means.
      if (value.kind === "text" && !isConstant(arg)) {
        throw refusal(
          "ForbiddenType",
          `a text that is no constant${where} must not be made a number of type "numeric"`,
        );
      }
      return { size: value.kind === "text" ? Math.max(small.size, size) : size, kind: "other" };
    case "float4":
    case "float8":
      return { size: floatSize, kind: "float" };
    default:
      return small;
  }
}

const isConstant = (node: unknown): boolean => Object.hasOwn(node as object, "A_Const");

const wholeOf = ({ A_Const }: Fields): number | undefined => {
  const { ival } = (A_Const ?? {}) as { readonly ival?: { readonly ival?: number } };
  return ival && (ival.ival ?? 0);
};
