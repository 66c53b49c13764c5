// groups: by what a question wants its answer split, and of what it asks for the first ones.

import type { Group } from "./question";
import type { Remainder } from "./remainder";

export interface Groups {
  /** By month, per category, daily. */
  readonly groups: readonly Group[];
  /** Which product, the top 5 days. */
  readonly subjects: readonly Group[];
  /** Whether the subject is more than one thing: products, not product. */
  readonly plural: boolean;
  /** Of "5 products". */
  readonly count?: number;
}

const names: Readonly<Record<string, Group>> = {
  "day of the week": "weekday",
  "days of the week": "weekday",
  weekday: "weekday",
  day: "day",
  date: "day",
  week: "week",
  month: "month",
  quarter: "quarter",
  year: "year",
  "product name": "product",
  product: "product",
  item: "product",
  article: "product",
  category: "category",
  categorie: "category",
  currency: "currency",
  currencie: "currency",
  seller: "seller",
};

const adverbs: Readonly<Record<string, Group>> = {
  daily: "day",
  weekly: "week",
  monthly: "month",
  quarterly: "quarter",
  yearly: "year",
  annual: "year",
  annually: "year",
};

export const groupWords: readonly string[] = Object.keys(names)
  .filter((name) => !name.includes(" "))
  .flatMap((name) => [name, `${name}s`]);

export function takeGroups(rest: Remainder): Groups {
  const name = `(?:${Object.keys(names).join("|")})s?`;
  const groups: Group[] = [];
  const list = `(${name}(?:(?: ,)?(?: and| by| per| then by)? ${name})*)`;
  const by = `(?:grouped by|split by|broken down by|for each|for every|by|per|each|every)(?: the)? ${list}`;
  for (let found = rest.take(by); found !== undefined; found = rest.take(by)) {
    for (const [each] of (found.parts[0] ?? "").matchAll(new RegExp(name, "g"))) groups.push(groupOf(each));
  }
  const adverb = `(${Object.keys(adverbs).join("|")})`;
  for (let found = rest.take(adverb); found !== undefined; found = rest.take(adverb)) {
    groups.push(adverbs[found.parts[0] ?? ""] ?? "day");
  }
  const subjects: Group[] = [];
  let plural = false;
  let count: number | undefined;
  const subject = `(?:(\\d{1,4}) )?(${name})`;
  for (let found = rest.take(subject); found !== undefined; found = rest.take(subject)) {
    const [number = "", word = ""] = found.parts;
    subjects.push(groupOf(word));
    plural ||= word.endsWith("s");
    if (number !== "") count = Number(number);
  }
  return { groups, subjects, plural, ...(count === undefined ? {} : { count }) };
}

const groupOf = (word: string): Group => names[word] ?? names[word.replace(/s$/, "")] ?? "product";
