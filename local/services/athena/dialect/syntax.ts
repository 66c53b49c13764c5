// syntax: a query's text as a tree of Trino's grammar. What Trino cannot read is refused here, with its place.

import type { QueryContext, StatementContext } from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import * as trino from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import { TrinoSQL } from "dt-sql-parser/dist/parser/trino";
import { type Place, queryError } from "../query-error";

/** A piece of the tree. */
export interface Node {
  readonly start: { readonly line: number; readonly column: number } | null;
  getText(): string;
}

export const placeOf = ({ start }: Node): Place => ({ line: start?.line ?? 1, column: (start?.column ?? 0) + 1 });

export interface Unload {
  readonly query: QueryContext;
  /** `s3://bucket/prefix/` */
  readonly to: string;
  /** Of WITH, names in lower case. */
  readonly options: ReadonlyMap<string, string | readonly string[]>;
}

export type Syntax =
  | { readonly kind: "statement"; readonly statement: StatementContext }
  | ({ readonly kind: "unload" } & Unload);

const grammar = new TrinoSQL();

/** Reads exactly one statement. */
export function parse(sql: string): Syntax {
  const unload = unloadParts(sql);
  if (unload !== undefined) {
    const statement = onlyStatement(unload.inner, sql);
    return { kind: "unload", query: queryOf(statement), to: unload.to, options: unload.options };
  }
  return { kind: "statement", statement: onlyStatement(sql, sql) };
}

/** The places of the `?`s that stand for parameters, in their order. */
export const parameterPlaces = (sql: string): Place[] =>
  words(sql).flatMap(({ text, line, column }) => (text === "?" ? { line, column: column + 1 } : []));

/** What stands for a parameter: an expression by itself. */
export function expressionOf(text: string): Node {
  const query = queryOf(onlyStatement(`SELECT ${text}`, text));
  const body = query instanceof trino.QueryStatementContext ? query.queryNoWith().queryTerm() : undefined;
  const primary = body instanceof trino.QueryTermDefaultContext ? body.queryPrimary() : undefined;
  const items =
    primary instanceof trino.QueryPrimaryDefaultContext ? primary.querySpecification().selectList().selectItem() : [];
  const expression = items[0]?.selectExpressionColumnName()?.expression();
  if (expression === undefined || items.length > 1)
    throw queryError("INVALID_PARAMETER_USAGE", `"${text}" is no value`);
  return expression;
}

/** The words of the text, without spaces and comments. */
const words = (sql: string) =>
  grammar
    .createLexer(sql)
    .getAllTokens()
    .filter(({ channel }) => channel === 0);

function onlyStatement(text: string, original: string): StatementContext {
  const parser = grammar.createParser(text);
  const faults: { message: string; at: Place; word: string }[] = [];
  parser.removeErrorListeners();
  parser.addErrorListener({
    syntaxError(_recognizer, offending, line, column, message) {
      const word = (offending as { readonly text?: string } | null)?.text ?? "";
      faults.push({ message, at: { line, column: column + 1 }, word });
    },
    reportAmbiguity: () => undefined,
    reportAttemptingFullContext: () => undefined,
    reportContextSensitivity: () => undefined,
  });
  const statements = parser
    .program()
    .statements()
    .flatMap((each) => each.singleStatement());
  const [fault] = faults;
  if (fault !== undefined) throw queryError("SYNTAX_ERROR", faultText(fault.message, fault.word), fault.at);
  const found = statements.flatMap((each) => each.statement() ?? []);
  if (found.length > 1) throw queryError("MALFORMED_QUERY", `Only one sql statement is allowed. Got: ${original}`);
  const [statement] = found;
  if (statement === undefined) throw queryError("SYNTAX_ERROR", "mismatched input '<EOF>'", { line: 1, column: 1 });
  return statement;
}

/** As ANTLR words it, without the list of all the words that it would have taken. */
function faultText(message: string, word: string): string {
  const [, kind] = /^(mismatched|extraneous) input/.exec(message) ?? [];
  const [, expected] = / expecting ([^{}]+)$/.exec(message) ?? [];
  return `${kind ?? "mismatched"} input '${word}'${expected === undefined ? "" : `. Expecting: ${expected}`}`;
}

/** The query that a statement is, where it is one. */
export const queryIn = (statement: StatementContext): QueryContext | undefined =>
  statement instanceof trino.StatementDefaultContext ? statement.rootQuery().query() : undefined;

function queryOf(statement: StatementContext): QueryContext {
  const query = queryIn(statement);
  if (query === undefined) throw queryError("SYNTAX_ERROR", "UNLOAD takes a SELECT", placeOf(statement));
  return query;
}

/**
 * `UNLOAD (query) TO 's3://...' WITH (name = value, ...)` is Athena's own: Trino's grammar does not have it.
 * https://docs.aws.amazon.com/athena/latest/ug/unload.html
 */
function unloadParts(sql: string) {
  const all = words(sql);
  const [first, open] = all;
  if (first?.text?.toLowerCase() !== "unload" || open?.text !== "(") return undefined;
  let depth = 0;
  const end = all.findIndex(({ text }) => {
    depth += text === "(" ? 1 : text === ")" ? -1 : 0;
    return text === ")" && depth === 0;
  });
  const rest = all.slice(end + 1).filter(({ text }) => text !== "<EOF>" && text !== ";");
  const texts = rest.map(({ text }) => text ?? "");
  const [to, location = ""] = texts;
  const place = (at: number): Place => {
    const word = rest[at] ?? all.at(-1);
    return { line: word?.line ?? 1, column: (word?.column ?? 0) + 1 };
  };
  if (end === -1 || to?.toLowerCase() !== "to" || !isText(location)) {
    throw queryError("SYNTAX_ERROR", "UNLOAD takes a query in parentheses and TO 's3://...'", place(0));
  }
  const closing = all[end];
  const before = sql.slice(0, (open.start ?? 0) + 1).replaceAll(/[^\n]/g, " ");
  return {
    inner: before + sql.slice((open.start ?? 0) + 1, closing?.start ?? 0),
    to: textOf(location),
    options: optionsOf(texts.slice(2), () =>
      queryError("SYNTAX_ERROR", "UNLOAD takes WITH (name = value, ...)", place(2)),
    ),
  };
}

function optionsOf(words: readonly string[], fault: () => Error): ReadonlyMap<string, string | readonly string[]> {
  const options = new Map<string, string | readonly string[]>();
  if (words[0]?.toLowerCase() !== "with" || words[1] !== "(" || words.at(-1) !== ")") throw fault();
  let at = 2;
  do {
    const [name = "", equals, value = ""] = words.slice(at, at + 3);
    if (equals !== "=") throw fault();
    at += 3;
    if (value.toLowerCase() === "array") {
      const close = words.indexOf("]", at);
      options.set(
        name.toLowerCase(),
        words
          .slice(at + 1, close)
          .filter((word) => word !== ",")
          .map(textOf),
      );
      at = close + 1;
    } else {
      options.set(name.toLowerCase(), isText(value) ? textOf(value) : value);
    }
  } while (words[at++] === ",");
  if (at !== words.length) throw fault();
  return options;
}

const isText = (word: string): boolean => word.startsWith("'");

/** What a text literal stands for. */
export const textOf = (literal: string): string => literal.slice(1, -1).replaceAll("''", "'");
