// check-select: whether a text is exactly one SELECT that reads what it may and does nothing else, by PostgreSQL's own parser.
//
// Everything that the tree holds must be on a list: its nodes and their fields (grammar.ts), the relations, columns, functions,
// types and operators that they name (relations.ts, allowed.ts). The database holds the same line again, by the rights of the role and its
// policies; this one says what was wrong, and where.

import type { parse } from "libpg-query";
import type { Refusal } from "../../../schemas/query-result";
import { functions, nameless, operators, types, valueFunctions } from "./allowed";
import { grammar } from "./grammar";
import { relations } from "./relations";

export type Checked = { readonly statement: string } | { readonly refusal: Refusal };

/** In characters. */
export const longest = 10_000;

/** Nodes within one another. A chain of a hundred operators is one as well. */
const deepest = 100;

/** The statement without what ends it, or the first thing that is wrong with it. Of no text does it throw. */
export async function checkSelect(parser: typeof parse, text: string): Promise<Checked> {
  try {
    return { statement: await checked(parser, text) };
  } catch (error) {
    if (error instanceof Error && error.name === "Refusal") {
      return { refusal: { code: (error as Error & Refusal).code, message: error.message } };
    }
    throw error;
  }
}

async function checked(parser: typeof parse, text: string): Promise<string> {
  const characters = [...text].length;
  if (characters > longest) throw refusal("TooLong", `it has ${characters} characters, and ${longest} are the most`);
  // The parser reads up to a NUL, and might not see what PostgreSQL would.
  if (text.includes("\0") || !text.isWellFormed())
    throw refusal("Unreadable", "it holds what is no text: NUL, or half a character");
  const { stmts } = await parsed(parser, text);
  const [first, second] = stmts;
  if (first === undefined) throw refusal("NotASelect", "there is no statement in it");
  if (second !== undefined) throw refusal("ManyStatements", `it has ${stmts.length} statements, and one is allowed`);
  const [kind = ""] = Object.keys(first.stmt);
  if (kind !== "SelectStmt") throw refusal("NotASelect", `it is ${article(kind)}`);
  walk({ text, names: namesGiven(first.stmt) }, first.stmt, { ctes: [], depth: 0 });
  return inBytes(text, first.stmt_location, first.stmt_len);
}

interface Tree {
  readonly stmts: readonly {
    readonly stmt: Readonly<Record<string, unknown>>;
    /** In bytes, as all places in the tree; none of each is the begin and the end. */
    readonly stmt_location?: number;
    readonly stmt_len?: number;
  }[];
}

async function parsed(parser: typeof parse, text: string): Promise<Tree> {
  // Of blanks alone the parser makes an error of its own.
  if (text.trim() === "") return { stmts: [] };
  try {
    const { stmts = [] } = (await parser(text)) as Partial<Tree>;
    return { stmts };
  } catch (error) {
    const { message, sqlDetails } = error as Error & { sqlDetails?: { cursorPosition: number } };
    const at = sqlDetails === undefined ? "" : ` at ${placeOf([...text].slice(0, sqlDetails.cursorPosition).join(""))}`;
    throw refusal("Unreadable", `${message}${at}`);
  }
}

const inBytes = (text: string, location = 0, length?: number): string =>
  Buffer.from(text)
    .subarray(location, length === undefined ? undefined : location + length)
    .toString();

/** What does not change within a statement. */
interface Statement {
  readonly text: string;
  /** All that it gives to its columns and relations. */
  readonly names: readonly string[];
}

/** Where in the tree something stands. */
interface Place {
  /** The CTEs that a relation without a schema may be. */
  readonly ctes: readonly string[];
  readonly depth: number;
  /** In bytes. */
  readonly location?: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** Nodes under their names, in lists or not. */
function walk(statement: Statement, value: unknown, place: Place): void {
  if (Array.isArray(value)) {
    for (const each of value) walk(statement, each, place);
    return;
  }
  // An empty one stands for a plain DISTINCT and for the bounds of an array.
  for (const [kind, fields] of Object.entries(value as Fields)) visit(statement, kind, fields as Fields, place);
}

function visit(statement: Statement, kind: string, fields: Fields, outer: Place): void {
  const place = {
    ...outer,
    depth: outer.depth + 1,
    ...(typeof fields.location === "number" && fields.location >= 0 ? { location: fields.location } : {}),
  };
  if (place.depth > deepest) throw refusal("TooDeep", `more than ${deepest} of its parts stand within one another`);
  const known = Object.hasOwn(grammar, kind) ? grammar[kind] : undefined;
  if (known === undefined) {
    throw kind.endsWith("Stmt")
      ? refusal("NotASelect", `${article(kind)}${at(statement, place)} is part of it`)
      : refusal("ForbiddenClause", `${kind}${at(statement, place)} is not among what is allowed`);
  }
  const unknown = Object.keys(fields).find((name) => name !== "location" && !Object.hasOwn(known, name));
  if (unknown !== undefined) {
    throw unknown === "intoClause"
      ? refusal("NotASelect", `it is a SELECT INTO${at(statement, place)}, which makes a table`)
      : refusal("ForbiddenClause", `${unknown} of ${kind}${at(statement, place)} is not among what is allowed`);
  }
  look(statement, kind, fields, place);
  const { ctes, ...rest } = within(statement, fields, place);
  for (const [name, value] of Object.entries(rest.fields)) {
    const holds = known[name];
    if (holds === undefined || holds === "plain") continue;
    const inner = { ...place, ctes };
    if (holds === "nodes") walk(statement, value, inner);
    else visit(statement, holds, value as Fields, inner);
  }
}

/**
 * A WITH is seen by those of its own that come later and by the statement that it stands before, and by nobody else: a name that
 * were taken for a CTE where it is none would be a relation of the database.
 */
function within(statement: Statement, { withClause, ...fields }: Fields, place: Place) {
  if (withClause === undefined) return { fields, ctes: place.ctes };
  const { ctes, ...other } = withClause as Fields & { readonly ctes: readonly Fields[] };
  if (other.recursive === true) throw refusal("ForbiddenClause", "WITH RECURSIVE is not among what is allowed");
  let seen = place.ctes;
  for (const cte of ctes) {
    walk(statement, cte, { ...place, ctes: seen });
    seen = [...seen, String((cte.CommonTableExpr as Fields).ctename)];
  }
  // Its CTEs have been visited, and the clause itself has not.
  visit(statement, "WithClause", { ...other, ctes: [] }, place);
  return { fields, ctes: seen };
}

/** What the names in a node stand for. */
function look(statement: Statement, kind: string, fields: Fields, place: Place): void {
  const where = at(statement, place);
  if (kind === "RangeVar") lookAtRelation(fields, place.ctes, where);
  if (kind === "ColumnRef") lookAtColumn(statement, textsOf(fields.fields), where);
  if (kind === "FuncCall") lookAtFunction(textsOf(fields.funcname), where);
  if (kind === "TypeName") lookAtType(textsOf(fields.names), where);
  if (kind === "A_Expr") lookAtOperator(textsOf(fields.name), where);
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

/** Of a column that a relation does not have PostgreSQL would make a function that is called with its row. */
function lookAtColumn({ names }: Statement, path: readonly string[], where: string): void {
  const name = path.at(-1);
  if (name === undefined || names.includes(name) || functions.includes(name) || types.includes(name)) return;
  if (nameless.includes(name) || Object.values(relations).some(({ columns }) => Object.hasOwn(columns, name))) return;
  throw refusal("UnknownColumn", `column "${path.join(".")}"${where} is none of the relations, and not named in it`);
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
const textsOf = (value: unknown): string[] =>
  ((value ?? []) as readonly Fields[])
    .map(({ String: text }) => (text as { readonly sval?: string } | undefined)?.sval)
    .filter((text) => text !== undefined);

/** Whatever stands anywhere in a statement as the name of a column or a relation that it makes. */
function namesGiven(value: unknown): string[] {
  const names: string[] = [];
  // Not by recursion: nobody has looked yet how deep it is.
  const waiting: unknown[] = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== "object" || next === null) continue;
    for (const [field, inner] of Object.entries(next)) {
      if (giving.includes(field)) names.push(...(typeof inner === "string" ? [inner] : listed(inner)));
      waiting.push(inner);
    }
  }
  return names;
}

const giving: readonly string[] = ["name", "aliasname", "colnames", "ctename", "aliascolnames", "relname"];

const listed = (value: unknown): string[] => (Array.isArray(value) ? textsOf(value) : []);

const at = ({ text }: Statement, { location }: Place): string =>
  location === undefined ? "" : ` at ${placeOf(inBytes(text, 0, location))}`;

/** Of what comes behind `before`. */
function placeOf(before: string): string {
  const lines = before.split("\n");
  return `line ${lines.length}, column ${[...(lines.at(-1) ?? "")].length + 1}`;
}

/** `DropStmt`: a DROP statement. */
function article(kind: string): string {
  const words = kind
    .replace(/Stmt$/, "")
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toUpperCase();
  return `${/^[AEIO]/.test(words) ? "an" : "a"} ${words} statement`;
}

const refusal = (code: Refusal["code"], found: string): Error =>
  Object.assign(new Error(`Cannot run the query: ${found}`), { name: "Refusal", code });
