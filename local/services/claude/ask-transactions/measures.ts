// measures: what a question wants to know of what was sold.

import type { Measure } from "./question";
import type { Remainder } from "./remainder";

/** In the order in which they are looked for: the longer ones first. */
const patterns: readonly (readonly [Measure, string])[] = [
  ["average_amount", "(?:average|mean|avg) (?:gross )?amount(?: per (?:transaction|order|sale))?"],
  ["average_revenue", "(?:average|mean|avg) (?:revenue|sales?|order value|basket)(?: per (?:transaction|order|sale))?"],
  [
    "transactions",
    "(?:number of |count of |how many )?(?:transactions?|orders)|(?:number of |how many )sales|sales count",
  ],
  ["amount", "gross(?: sales| revenue| amount)?|amounts?"],
  ["revenue", "net sales|revenues?|turnover|earnings|income|earn|earned"],
  ["discount", "discounts?"],
  [
    "returned",
    "(?:number of |how many )?returns|returned(?: units| items| pieces)?|refunds|refunded|(?:came|come|sent) back",
  ],
  ["inventory_level", "inventory(?: levels?)?|(?:in )?stock(?: levels?)?|left|remaining"],
  ["quantity", "quantit(?:y|ies)|units|pieces|items"],
];

export const measureWords: readonly string[] = (
  "average mean avg transactions transaction orders sales amount amounts gross net revenue revenues turnover earnings income earn " +
  "earned discount discounts returns returned refunds inventory stock left remaining quantity quantities units pieces items sold sell " +
  "selling"
).split(" ");

/** What it is ranked by comes first: by revenue, the most units. */
export function takeMeasures(rest: Remainder, isOfStock: boolean): Measure[] {
  const found: { measure: Measure; at: number; leads: boolean }[] = [];
  for (const [measure, pattern] of patterns) {
    const leading = rest.take(`(?:by|with the|had the|has the|have the) (?:${pattern})`);
    const taken = leading ?? rest.take(pattern);
    // Said twice it is the same.
    while (rest.take(pattern) !== undefined);
    if (taken === undefined) continue;
    found.push({ measure, at: taken.at, leads: leading !== undefined });
    // Said again it is the same.
    while (rest.take(pattern) !== undefined);
  }
  if (isOfStock && found.length === 0) {
    found.push({ measure: "inventory_level", at: 0, leads: true });
  }
  found.sort((one, other) => Number(other.leads) - Number(one.leads) || one.at - other.at);
  if (found.length > 0) return found.map(({ measure }) => measure);
  const words = rest.words();
  if (words.some((word) => ["sales", "sale"].includes(word))) return ["revenue"];
  return words.some((word) => ["sold", "sell", "selling", "bought"].includes(word)) ? ["quantity"] : [];
}
