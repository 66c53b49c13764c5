// rank: whether a question asks for the first ones, and how many.

import type { Groups } from "./groups";
import { notUnderstood } from "./not-understood";
import type { Rank } from "./question";
import type { Remainder } from "./remainder";

const most = ["top", "best", "most", "highest", "largest", "biggest", "greatest", "maximum"];
const least = ["bottom", "worst", "least", "lowest", "smallest", "fewest", "minimum"];
const numbers = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

export const rankWords: readonly string[] = [...most, ...least];

/** How many are meant by "the best products". */
const some = 10;

export function takeRank(rest: Remainder, { plural, count: counted }: Groups): Rank | undefined {
  const word = `(${rankWords.join("|")})(?: performing)?`;
  const number = `(\\d{1,4}|${numbers.join("|")})`;
  const before = rest.take(`${word} ${number}`)?.parts;
  const behind = before === undefined ? rest.take(`${number} ${word}`)?.parts : undefined;
  const alone = before === undefined && behind === undefined ? rest.take(word)?.parts : undefined;
  const kind = before?.[0] ?? behind?.[1] ?? alone?.[0];
  if (kind === undefined && counted === undefined) return undefined;
  if (kind === undefined) throw notUnderstood(`it does not say which ${counted}: the top, or the bottom ones`);
  const said = before?.[1] ?? behind?.[0];
  const spoken = said === undefined ? counted : numbers.includes(said) ? numbers.indexOf(said) + 1 : Number(said);
  const count = spoken ?? (plural ? some : 1);
  // "The top 5 products with the highest revenue" says it twice.
  rest.take(word);
  return { most: most.includes(kind), count: Math.max(1, count) };
}
