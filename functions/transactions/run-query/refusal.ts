// refusal: why a statement is not run, and where in its text the reason stands.

import type { Refusal } from "../../../schemas/query-result";

/** Thrown within the check, which answers with it. */
export const refusal = (code: Refusal["code"], found: string): Error =>
  Object.assign(new Error(`Cannot run the query: ${found}`), { name: "Refusal", code });

/** Of what comes behind `before`. */
export function placeOf(before: string): string {
  const lines = before.split("\n");
  return `line ${lines.length}, column ${[...(lines.at(-1) ?? "")].length + 1}`;
}

/** `DropStmt`: a DROP statement. */
export function article(kind: string): string {
  const words = kind
    .replace(/Stmt$/, "")
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toUpperCase();
  return `${/^[AEIO]/.test(words) ? "an" : "a"} ${words} statement`;
}

/** Places in the tree are in bytes. */
export const inBytes = (text: string, location = 0, length?: number): string =>
  Buffer.from(text)
    .subarray(location, length === undefined ? undefined : location + length)
    .toString();

/** Behind what is found: ` at line 1, column 8`. */
export const whereIn = (text: string, location: unknown): string =>
  typeof location === "number" && location >= 0 ? ` at ${placeOf(inBytes(text, 0, location))}` : "";
