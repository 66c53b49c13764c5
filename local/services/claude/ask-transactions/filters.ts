// filters: of what alone a question wants to know.

import { groupWords } from "./groups";
import { measureWords } from "./measures";
import { dateWords } from "./period";
import type { Filters } from "./question";
import { rankWords } from "./rank";
import type { Remainder } from "./remainder";

/** Words that are no part of a name, unless it is quoted. */
const known: readonly string[] = [
  ...[...measureWords, ...groupWords, ...rankWords, ...dateWords],
  ...(
    "a an and are as at below between by categories currencies daily did do each every for from had has have how in is it me monthly my " +
    "of on or our own per since that the them to total under us was we weekly were what which with all another any everybody everyone " +
    "except everything no not other others over above than without"
  ).split(" "),
];

const word = `(?!(?:${known.join("|")}|(?:19|20)\\d\\d) )[^ ;,«»]+`;
const name = `(?:«\\d+»|${word}(?: ${word}){0,3})`;
const names = `(${name}(?: ?(?:,|and|or|, and|, or) ${name})*)`;
const currency = "cur:([a-z]{3})";

export function takeFilters(rest: Remainder, quoted: readonly string[]): Filters {
  const listed = (text = ""): string[] =>
    text
      .split(/ ?, (?:and |or )?| and | or /)
      .filter((each) => each !== "")
      .map((each) => quoted[Number(/^«(\d+)»$/.exec(each)?.[1])] ?? each);
  const first = (...patterns: string[]): string[] => {
    for (const pattern of patterns) {
      const found = rest.take(pattern);
      if (found !== undefined) return listed(found.parts[0]);
    }
    return [];
  };
  const article = "(?:the )?";

  const out = rest.take("out of stock|sold out");
  const below = rest.take(`(?:below|under|less than|fewer than) (\\d{1,9})(?: units| pieces| items)?`);
  const [, one, other] = /^(\w*) ?(\w*)$/.exec(takeCurrencies(rest)) ?? [];
  return {
    category: first(
      `(?:in|of|for|from|within) ${article}categor(?:y|ies) (?:called |named )?${names}`,
      `categor(?:y|ies) (?:called |named |= )${names}`,
      `categor(?:y|ies) («\\d+»(?: ?(?:,|and|or) «\\d+»)*)`,
      `(?:in|of|for|from|within) ${article}${names} categor(?:y|ies)`,
    ),
    product: first(
      `(?:of|for|from) ${article}products? (?:called |named )?${names}`,
      `products? (?:called |named |= )${names}`,
      `products? («\\d+»(?: ?(?:,|and|or) «\\d+»)*)`,
    ),
    seller: first(
      `(?:of|for|by|from) ${article}sellers? (?:called |named )?${names}`,
      `sellers? (?:called |named |= )${names}`,
      `sellers? («\\d+»)`,
    ),
    either: first(`(?:of|for|from|in) ${article}${names}`),
    currency: [one, other]
      .filter((code) => code !== undefined && code !== "")
      .map((code) => String(code).toUpperCase()),
    ...(out ? { stockBelow: 1 } : below ? { stockBelow: Number(below.parts[0]) } : {}),
  };
}

/** Codes with a space between them. */
function takeCurrencies(rest: Remainder): string {
  const found = rest.take(
    `(?:(?:in|for|of|only|as) )?(?:currency )?${currency}(?: (?:,|and|or) ${currency})?(?: only)?`,
  );
  return (found?.parts ?? []).join(" ").trim();
}
