// search-queries: what was typed into the search box, in sessions: a word, a typing error that finds nothing, the same word
// once more, then a narrower one, a price, an item number, a click. What is found is really looked up in the catalogue.

import { type Calendar, day, midnight, minute, momentOfDay, second } from "./calendar";
import { cardOf, spelled } from "./cards";
import { foreign } from "./countries";
import type { Shopper } from "./customers";
import { between, chance, digits, integer, pick, weighted } from "./draw";
import { emailOf } from "./names";
import type { Planted } from "./notes";
import type { Placed } from "./orders";
import { type Article, priceAt, wareOf } from "./products";
import type { Life, SearchQuery } from "./rows";
import type { Random } from "./xoshiro128";

const firstQuery = 1_000_001;

interface Session {
  readonly at: number;
  readonly customer: number | null;
  readonly queries: readonly { readonly text: string; readonly click?: Article }[];
}

export function searchQueriesOf(
  random: Random,
  calendar: Calendar,
  {
    catalogue,
    orders,
    shoppers,
    planted,
  }: { catalogue: readonly Article[]; orders: readonly Placed[]; shoppers: readonly Shopper[]; planted: Planted },
): Life<SearchQuery>[] {
  const find = searchIn(catalogue);
  const sessions = [
    ...orders.flatMap((order) => beforeAnOrder(random, order)),
    ...Array.from({ length: Math.round(orders.length * 0.8) }, () =>
      browsing(random, calendar, { catalogue, orders, shoppers, planted }),
    ),
  ].sort((a, b) => a.at - b.at);

  let id = firstQuery;
  return sessions.flatMap(({ at, customer, queries }) => {
    const session = `s-${digits(random, 12)}`;
    let moment = at;
    return queries.map(({ text, click }) => {
      moment += Math.floor(between(random, 6, 90) * second);
      const query: SearchQuery = {
        query_id: id++,
        session_id: session,
        customer_id: customer,
        query: text,
        results: find(text, moment),
        clicked_product_id: null,
        created_at: moment,
        updated_at: moment,
      };
      if (click === undefined || query.results === 0 || click.since > moment) return [query];
      return [query, { ...query, clicked_product_id: click.id, updated_at: moment + integer(random, 2, 40) * second }];
    });
  });
}

/** How many articles have all the words of a query, at a price below the one named in it. */
function searchIn(catalogue: readonly Article[]) {
  const articlesWith = new Map<string, Set<Article>>();
  for (const article of catalogue) {
    for (const word of `${article.name} ${article.category.name} ${article.sku}`.toLowerCase().split(" ")) {
      articlesWith.set(word, (articlesWith.get(word) ?? new Set()).add(article));
    }
  }
  const none = new Set<Article>();

  return (text: string, at: number): number => {
    const [words = "", limit] = text.toLowerCase().split(" under ");
    const [first = none, ...others] = words.split(" ").map((word) => articlesWith.get(word) ?? none);
    const most = limit === undefined ? Number.POSITIVE_INFINITY : Number.parseInt(limit, 10) * 100;
    let found = 0;
    for (const article of first) {
      if (others.every((set) => set.has(article)) && article.since <= at && priceAt(article, at) < most) found++;
    }
    return found;
  };
}

/** Some who buy have looked for it first. */
function beforeAnOrder(random: Random, { shopper, at, lines, fraud, life }: Placed): Session[] {
  const article = lines[0]?.article;
  const channel = life[0]?.channel;
  if (fraud || article === undefined || (channel !== "web" && channel !== "app") || chance(random, 0.35)) return [];
  const queries = wayTo(random, article, 0.85);
  return [
    {
      at: at - Math.floor(between(random, 3, 12) * minute) - queries.length * 90 * second,
      customer: shopper.id,
      queries,
    },
  ];
}

interface Shop {
  readonly catalogue: readonly Article[];
  readonly orders: readonly Placed[];
  readonly shoppers: readonly Shopper[];
  readonly planted: Planted;
}

function browsing(random: Random, calendar: Calendar, { catalogue, orders, shoppers, planted }: Shop): Session {
  const day0 = calendar.momentOf(random() * calendar.days * 0.9999) ?? calendar.start;
  const shopper = chance(random, 0.35) ? pick(random, shoppers) : undefined;
  const known = shopper && (shopper.life[0]?.created_at ?? 0) < midnight(day0) ? shopper : undefined;
  const at = Math.min(momentOfDay(random, day0, chance(random, 0.6) ? "app" : "web"), calendar.end - day / 24);
  const customer = known?.id ?? null;

  const r = random();
  if (r < 0.006) return { at, customer, queries: [{ text: spilled(random, planted) }] };
  if (r < 0.0075) return { at, customer: null, queries: probes(random, orders) };
  if (r < 0.11) return { at, customer, queries: [{ text: question(random, orders, catalogue, at) }] };
  if (r < 0.15) return { at, customer, queries: missing(random) };
  return { at, customer, queries: wayTo(random, pick(random, catalogue), 0.45) };
}

const noun = ({ name, category }: Article) => wareOf(category, name).noun;
const narrow = ({ name }: Article) => name.toLowerCase().split(" ").slice(1).join(" ");
const branded = (article: Article) => `${article.name.split(" ")[0]?.toLowerCase()} ${noun(article)}`;
const priced = (article: Article) =>
  `${noun(article)} under ${(Math.floor(priceAt(article, article.since) / 1000) + 2) * 10} euro`;

const openings = weighted<(article: Article) => string>(
  [
    noun,
    narrow,
    branded,
    priced,
    ({ sku }) => sku,
    ({ category }) => category.name.split(" ")[0]?.toLowerCase() ?? category.name,
  ],
  (_, index) => [46, 18, 11, 9, 8, 8][index] ?? 0,
);
const refinements = weighted<(article: Article) => string>(
  [narrow, branded, priced, ({ sku }) => sku],
  (_, index) => [45, 20, 20, 15][index] ?? 0,
);

/** The queries by which one comes to an article, or gives up. */
function wayTo(random: Random, article: Article, success: number): Session["queries"] {
  const text = openings(random)(article);
  const texts = chance(random, 0.1) ? [misspelt(random, text), text] : [text];
  while (texts.length < 5 && chance(random, 0.38)) {
    const next = refinements(random)(article);
    if (!texts.includes(next)) texts.push(next);
  }
  const clicked = chance(random, success);
  return texts.map((query, index) =>
    clicked && index === texts.length - 1 ? { text: query, click: article } : { text: query },
  );
}

/** Two letters swapped, one lost or one doubled. */
function misspelt(random: Random, text: string): string {
  const place = integer(random, 1, Math.max(1, text.length - 2));
  const [before, one, other, after] = [
    text.slice(0, place),
    text.slice(place, place + 1),
    text.slice(place + 1, place + 2),
    text.slice(place + 2),
  ];
  return before + pick(random, [other + one, other, one + one + other]) + after;
}

function question(random: Random, orders: readonly Placed[], catalogue: readonly Article[], at: number): string {
  const earlier = orders[Math.floor(random() * orders.length)];
  const order = earlier && earlier.at < at ? earlier.id : 100_001;
  return pick(random, [
    `where is my order ${order}`,
    `cancel order ${order}`,
    `invoice for order ${order}`,
    "return policy",
    "opening hours",
    `delivery time ${pick(random, catalogue).sku}`,
    `shipping to ${pick(random, foreign)}`,
    `open on ${new Date(at + 3 * day).toISOString().slice(0, 10)}`,
  ]);
}

const notSold = [
  "dog food",
  "bicycle pump",
  "gift card",
  "lego castle",
  "printer ink",
  "baby monitor",
  "wine glasses",
  "ski boots",
];

/** What the shop has not got: asked for twice, in other words. */
function missing(random: Random): Session["queries"] {
  const text = pick(random, notSold);
  return chance(random, 0.5) ? [{ text }] : [{ text }, { text: text.split(" ").reverse().join(" for ") }];
}

/** What does not belong in a search box. */
function spilled(random: Random, planted: Planted): string {
  const card = cardOf(random);
  switch (integer(random, 1, 5)) {
    case 1:
      return `my card ${planted.secret(spelled(card, " "))} was declined`;
    case 2:
      return planted.secret(card.number);
    case 3:
      return `pay with ${planted.secret(spelled(card, "-"))}`;
    case 4:
      return `order confirmation for ${emailOf(random, "Anna Weber", integer(random, 1, 999))}`;
    default:
      return `change e-mail to ${emailOf(random, "Hugo Petit", integer(random, 1, 999))}`;
  }
}

function probes(random: Random, orders: readonly Placed[]): Session["queries"] {
  const order = orders[Math.floor(random() * orders.length)]?.id ?? 1;
  return [
    { text: "' or 1=1 --" },
    { text: `select * from orders where order_id = ${order}` },
    { text: "<script>alert(1)</script>" },
  ];
}
