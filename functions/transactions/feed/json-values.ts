// json-values: the values of a JSON text as they come, one after another: what stands in an array, or what stands
// alone. Of each, what a plain object would not show: whether a name stands in it twice.

import { Tokenizer, TokenParser, TokenType } from "@streamparser/json";
import { plainNumber } from "./json-number";

export interface JsonValue {
  /** Numbers are texts, see json-number.ts. */
  readonly value: unknown;
  /** Its last byte, counted from the first one that was written. */
  readonly offset: number;
  /** The object has a name more than once. */
  readonly twice: boolean;
}

export interface JsonValues {
  /** Throws at what is no JSON. */
  write(bytes: Uint8Array): void;
  /** Whether everything that was opened is closed. */
  ended(): boolean;
  /** Of the last token. */
  offset(): number;
}

/** No row is, and JSON.stringify goes only as deep as its stack. */
const deepest = 100;

export function jsonValues(within: "array" | "text", onValue: (value: JsonValue) => void): JsonValues {
  const array = within === "array";
  const outside = array ? 1 : 0;
  const tokenizer = new Tokenizer();
  const parser = array
    ? new TokenParser({ paths: ["$.*"], keepStack: false })
    : new TokenParser({ paths: ["$"], keepStack: false, separator: "" });
  let offset = 0;
  let depth = 0;
  let names = 0;

  // Its type promises a number.
  Object.assign(tokenizer, { parseNumber: plainNumber });
  tokenizer.onToken = (token) => {
    offset = token.offset;
    switch (token.token) {
      case TokenType.LEFT_BRACE:
      case TokenType.LEFT_BRACKET:
        depth++;
        if (depth > deepest) throw new Error(`It is nested more than ${deepest} deep`);
        break;
      case TokenType.RIGHT_BRACE:
      case TokenType.RIGHT_BRACKET:
        depth--;
        break;
      case TokenType.COLON:
        if (depth === outside + 1) names++;
        break;
    }
    parser.write(token);
  };
  parser.onValue = ({ value }) => {
    const distinct = isObject(value) ? Object.keys(value).length : names;
    onValue({ value, offset, twice: distinct !== names });
    names = 0;
  };
  return {
    write: (bytes) => tokenizer.write(bytes),
    ended: () => (array ? parser.isEnded : depth === 0),
    offset: () => offset,
  };
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Where writing failed: the byte that the tokenizer names, or the last token. */
export function failedAt(error: unknown, { offset }: JsonValues): number {
  const [, named] = /absolute position "(\d+)"/.exec((error as Error).message) ?? [];
  return named === undefined ? offset() : Number(named);
}
