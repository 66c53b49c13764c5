// check-select: whether a text is exactly one SELECT that reads what it may and does nothing else, by PostgreSQL's own parser.
//
// Everything that the tree holds must be on a list: its nodes and their fields (grammar.ts), the relations, functions, types and
// operators that they name (relations.ts, allowed.ts). Then each column must be one that what stands in FROM has
// (columns-of.ts), and nothing may become large (growth.ts). The database holds the first line again, by the rights of the role
// and its policies; this one says what was wrong, and where. Nothing else holds the last one.

import type { parse } from "libpg-query";
import type { Refusal } from "../../../schemas/query-result";
import { columnsOfStatement } from "./columns-of";
import { grammar } from "./grammar";
import { type Fields, look } from "./named";
import { article, inBytes, placeOf, refusal, whereIn } from "./refusal";

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
  walk(text, first.stmt, { ctes: [], depth: 0 });
  columnsOfStatement(first.stmt.SelectStmt as Fields, text);
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

/** Where in the tree something stands. */
interface Place {
  /** The CTEs that a relation without a schema may be. */
  readonly ctes: readonly string[];
  readonly depth: number;
  /** In bytes. */
  readonly location?: number;
}

/** Nodes under their names, in lists or not. */
function walk(text: string, value: unknown, place: Place): void {
  if (Array.isArray(value)) {
    for (const each of value) walk(text, each, place);
    return;
  }
  // An empty one stands for a plain DISTINCT and for the bounds of an array.
  for (const [kind, fields] of Object.entries(value as Fields)) visit(text, kind, fields as Fields, place);
}

function visit(text: string, kind: string, fields: Fields, outer: Place): void {
  const place = {
    ...outer,
    depth: outer.depth + 1,
    ...(typeof fields.location === "number" && fields.location >= 0 ? { location: fields.location } : {}),
  };
  if (place.depth > deepest) throw refusal("TooDeep", `more than ${deepest} of its parts stand within one another`);
  const known = Object.hasOwn(grammar, kind) ? grammar[kind] : undefined;
  if (known === undefined) {
    throw kind.endsWith("Stmt")
      ? refusal("NotASelect", `${article(kind)}${at(text, place)} is part of it`)
      : refusal("ForbiddenClause", `${kind}${at(text, place)} is not among what is allowed`);
  }
  const unknown = Object.keys(fields).find((name) => name !== "location" && !Object.hasOwn(known, name));
  if (unknown !== undefined) {
    throw unknown === "intoClause"
      ? refusal("NotASelect", `it is a SELECT INTO${at(text, place)}, which makes a table`)
      : refusal("ForbiddenClause", `${unknown} of ${kind}${at(text, place)} is not among what is allowed`);
  }
  look(kind, fields, place.ctes, at(text, place));
  const { ctes, ...rest } = within(text, fields, place);
  for (const [name, value] of Object.entries(rest.fields)) {
    const holds = known[name];
    if (holds === undefined || holds === "plain") continue;
    const inner = { ...place, ctes };
    if (holds === "nodes") walk(text, value, inner);
    else visit(text, holds, value as Fields, inner);
  }
}

/**
 * A WITH is seen by those of its own that come later and by the statement that it stands before, and by nobody else: a name that
 * were taken for a CTE where it is none would be a relation of the database.
 */
function within(text: string, { withClause, ...fields }: Fields, place: Place) {
  if (withClause === undefined) return { fields, ctes: place.ctes };
  const { ctes, ...other } = withClause as Fields & { readonly ctes: readonly Fields[] };
  if (other.recursive === true) throw refusal("ForbiddenClause", "WITH RECURSIVE is not among what is allowed");
  let seen = place.ctes;
  for (const cte of ctes) {
    walk(text, cte, { ...place, ctes: seen });
    seen = [...seen, String((cte.CommonTableExpr as Fields).ctename)];
  }
  // Its CTEs have been visited, and the clause itself has not.
  visit(text, "WithClause", { ...other, ctes: [] }, place);
  return { fields, ctes: seen };
}

const at = (text: string, { location }: Place): string => whereIn(text, location);
