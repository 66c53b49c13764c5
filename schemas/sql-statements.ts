// sql-statements: an SQL text taken apart into its statements, as PostgreSQL would, each with the line that it begins on.
//
// What a statement is, PostgreSQL's lexer decides (https://www.postgresql.org/docs/17/sql-syntax-lexical.html): a semicolon
// inside a string, a quoted name, a comment, parentheses or the body of a function is not the end of one.

export interface SqlStatement {
  /** Of the file; the first is 1. */
  readonly line: number;
  /** From its first word to its last, without the semicolon. */
  readonly sql: string;
}

/** What ends a token of its own; in this order, because `e'` begins a string and `e` a word. */
const tokens = [
  { kind: "space", pattern: /\s+|--[^\n]*/y },
  { kind: "text", pattern: /e'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"/isy },
  { kind: "text", pattern: /(\$(?:[a-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$).*?\1/isy },
  { kind: "word", pattern: /(?!e')[a-z_\u0080-\uffff][\w$\u0080-\uffff]*/iy },
  { kind: "text", pattern: /\d[\w.]*|\$\d+/y },
] as const;

/** What begins something that must end, where none of the above has matched it whole. */
const openings: readonly (readonly [RegExp, string])[] = [
  [/e?'/iy, "a string"],
  [/"/y, "a quoted name"],
  [/\/\*/y, "a comment"],
  [/\$(?:[a-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/iy, "a dollar-quoted string"],
];

/** The statements of `text`, in their order; throws an error that names the line where something never ends. */
export function sqlStatements(text: string): SqlStatement[] {
  const statements: SqlStatement[] = [];
  let start: number | undefined;
  let end = 0;
  let parentheses = 0;
  /** Of the body of a function in standard SQL, `begin atomic ... end`, and of each `case ... end` in it. */
  let body = 0;
  let previous = "";

  const finish = () => {
    if (start !== undefined) statements.push({ line: lineAt(text, start), sql: text.slice(start, end) });
    start = undefined;
    parentheses = 0;
    body = 0;
    previous = "";
  };

  for (let at = 0; at < text.length; ) {
    const { kind, length } = tokenAt(text, at);
    const token = text.slice(at, at + length).toLowerCase();
    if (token === ";" && parentheses === 0 && body === 0) finish();
    else if (kind !== "space") {
      start ??= at;
      end = at + length;
      if (token === "(") parentheses += 1;
      if (token === ")") parentheses = Math.max(0, parentheses - 1);
      if (token === "atomic" && previous === "begin") body = 1;
      else if (token === "case" && body > 0) body += 1;
      else if (token === "end" && body > 0) body -= 1;
      previous = token;
    }
    at += length;
  }
  finish();
  return statements;
}

function tokenAt(text: string, at: number): { kind: "space" | "text" | "word" | "sign"; length: number } {
  const comment = commentLength(text, at);
  if (comment > 0) return { kind: "space", length: comment };
  for (const { kind, pattern } of tokens) {
    const length = lengthAt(pattern, text, at);
    if (length > 0) return { kind, length };
  }
  const open = openings.find(([pattern]) => lengthAt(pattern, text, at) > 0);
  if (open === undefined) return { kind: "sign", length: 1 };
  throw Object.assign(new Error(`line ${lineAt(text, at)} begins ${open[1]} that never ends`), {
    code: "Unterminated",
  });
}

/** Of the block comment that begins at `at`; they nest. 0 where there is none, or none that ends. */
function commentLength(text: string, at: number): number {
  if (!text.startsWith("/*", at)) return 0;
  const edge = /\/\*|\*\//g;
  edge.lastIndex = at;
  let depth = 0;
  for (let found = edge.exec(text); found !== null; found = edge.exec(text)) {
    depth += found[0] === "/*" ? 1 : -1;
    if (depth === 0) return edge.lastIndex - at;
  }
  return 0;
}

function lengthAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

const lineAt = (text: string, at: number): number => text.slice(0, at).split("\n").length;
