// read-question: an English question, understood word by word or not at all.

import { takeFilters } from "./filters";
import { takeGroups } from "./groups";
import { takeMeasures } from "./measures";
import { normalized } from "./normalized";
import { notUnderstood } from "./not-understood";
import { takePeriod } from "./period";
import type { Question } from "./question";
import { takeRank } from "./rank";
import { remainder } from "./remainder";

/** Throws `NotUnderstood`. `today` is YYYY-MM-DD. */
export function readQuestion(text: string, today: string): Question {
  const { words, quoted } = normalized(text);
  const rest = remainder(words);
  const period = takePeriod(rest, today);
  const filters = takeFilters(rest, quoted);
  const split = takeGroups(rest);
  const { groups, subjects } = split;
  const rank = takeRank(rest, split);
  const measures = takeMeasures(rest, filters.stockBelow !== undefined);

  const left = rest.words().filter((word) => !meaningless.includes(word));
  if (left.length > 0) throw notUnderstood(`I do not understand "${left.join(" ")}"`);
  if (measures.length === 0) throw notUnderstood("it asks for none of the measures that I know");
  const isStock = measures.includes("inventory_level");
  if (isStock && measures.length > 1) throw notUnderstood("stock and what was sold are two questions");
  if (isStock && period !== undefined)
    throw notUnderstood("of stock I know what is left now, and not what was left then");
  if (!isStock && filters.stockBelow !== undefined) throw notUnderstood("I know no other limit than one of the stock");
  if (isStock && filters.currency.length > 0) throw notUnderstood("stock has no currency");
  // The first ones of something; of products, where nothing is said.
  const ranked = subjects.length > 0 ? subjects : groups.length > 0 ? groups : (["product"] as const);
  const all = rank === undefined ? [...groups, ...subjects] : [...groups, ...ranked];
  return {
    measures,
    groups: all.filter((group, index) => all.indexOf(group) === index),
    ranked: rank === undefined ? [] : ranked,
    filters,
    ...(rank === undefined ? {} : { rank }),
    ...(period === undefined ? {} : { period }),
  };
}

/** What a question may hold besides, without being another one by it. */
const meaningless: readonly string[] = (
  "a an and are at be been by can could did do does each for from get give had has have how i in is it its know like list made make " +
  "many me much my of on ordered our overall own per please see show sorted sum tell that the their them there to total totals us " +
  "value want was we were what which with would you your , sold sell selling sales sale bought number count all"
).split(" ");
