// named: whether what a node of a statement names - a relation, a function, a type, an operator - is among what may be. Of
// columns columns-of.ts says so.

import { functions, operators, types, valueFunctions } from "./allowed";
import { refusal } from "./refusal";
import { relations } from "./relations";

export type Fields = Readonly<Record<string, unknown>>;

/** What the names in a node stand for. */
export function look(kind: string, fields: Fields, ctes: readonly string[], where: string): void {
  if (kind === "RangeVar") lookAtRelation(fields, ctes, where);
  if (kind === "FuncCall") lookAtFunction(textsOf(fields.funcname), where);
  if (kind === "TypeName") lookAtType(textsOf(fields.names), where);
  if (kind === "A_Expr") lookAtOperator(textsOf(fields.name), where);
  if (kind === "SubLink") lookAtSubquery(fields, where);
  if (kind === "SubLink" && fields.operName !== undefined) lookAtOperator(textsOf(fields.operName), where);
  if (kind === "SQLValueFunction") lookAtFunctionWithout(String(fields.op), where);
}

function lookAtRelation({ catalogname, schemaname, relname }: Fields, ctes: readonly string[], where: string): void {
  const name = String(relname);
  const path = [catalogname, schemaname, name].filter((part) => part !== undefined).join(".");
  const isOurs = Object.hasOwn(relations, name) && catalogname === undefined;
  // A CTE of a catalog's name would be one letter away from the catalog.
  const isCte = schemaname === undefined && ctes.includes(name) && !name.startsWith("pg_");
  if (isCte || (isOurs && (schemaname === undefined || schemaname === "transactions"))) return;
  const known = Object.keys(relations).map((each) => `"${each}"`);
  throw refusal("ForbiddenRelation", `relation "${path}"${where} is not among ${known.join(", ")}`);
}

/** `array(select ...)` holds all its rows in memory. */
function lookAtSubquery({ subLinkType }: Fields, where: string): void {
  if (subLinkType !== "ARRAY_SUBLINK") return;
  throw refusal("ForbiddenClause", `an array of a subquery${where} is not among what is allowed`);
}

function lookAtFunction(path: readonly string[], where: string): void {
  if (functions.includes(inCatalog(path) ?? "")) return;
  throw refusal("ForbiddenFunction", `function "${path.join(".")}"${where} is not among what is allowed`);
}

/** `SVFOP_CURRENT_USER`: one that is called without parentheses. */
function lookAtFunctionWithout(parentheses: string, where: string): void {
  const name = parentheses.replace("SVFOP_", "").toLowerCase();
  if (!valueFunctions.includes(name))
    throw refusal("ForbiddenFunction", `${name}${where} is not among what is allowed`);
}

function lookAtType(path: readonly string[], where: string): void {
  if (types.includes(inCatalog(path) ?? "")) return;
  throw refusal("ForbiddenType", `type "${path.join(".")}"${where} is not among what is allowed`);
}

function lookAtOperator(path: readonly string[], where: string): void {
  const [name = "", more] = path;
  if (more === undefined && operators.includes(name)) return;
  throw refusal("ForbiddenOperator", `operator "${path.join(".")}"${where} is not among what is allowed`);
}

/** The name of what is in pg_catalog, with or without saying so. */
function inCatalog(path: readonly string[]): string | undefined {
  const [first, second, third] = path;
  if (second === undefined) return first;
  return first === "pg_catalog" && third === undefined ? second : undefined;
}

/** The texts in a list of nodes; a star has none. */
export const textsOf = (value: unknown): string[] =>
  ((value ?? []) as readonly Fields[])
    .map(({ String: text }) => (text as { readonly sval?: string } | undefined)?.sval)
    .filter((text) => text !== undefined);

/** Of a field that may not be there. */
export const nodesOf = (value: unknown): readonly Fields[] => (value ?? []) as readonly Fields[];
