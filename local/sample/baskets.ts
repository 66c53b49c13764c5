// baskets: what is put into one order: by the season, by what the customer likes, and by what goes well together.

import { type Calendar, season } from "./calendar";
import { type Country, listed } from "./countries";
import type { Shopper } from "./customers";
import { chance, firstAbove, poisson, weighted } from "./draw";
import type { Fraud } from "./fraud";
import { categories } from "./product-words";
import { type Article, priceAt } from "./products";
import type { Random } from "./xoshiro128";

export interface Line {
  readonly article: Article;
  readonly quantity: number;
  /** In cents of the order's currency, as all money from here on. */
  readonly unitPrice: number;
  /** Of the whole line, a multiple of its quantity: what was paid for one piece is a whole number of cents. */
  readonly discount: number;
}

export type Basket = (shopper: Shopper, at: number, fraud?: Fraud) => Line[];

const promoted = ["Electronics", "Kitchen", "School and office"];

export function basketsOf(random: Random, calendar: Calendar, catalogue: readonly Article[]): Basket {
  const shelves = categories.map((category) => catalogue.filter((article) => article.category === category));
  const draws = shelves.map((articles) => weighted(articles, ({ popularity }) => popularity));
  const companions = companionsOf(shelves);

  return (shopper, at, fraud) => {
    if (fraud?.kind === "card testing") return [line(shopper.country, cheapest(random, catalogue, at), 1, at, 0)];
    const size = fraud ? 3 : 1 + Math.min(4, poisson(random, shopper.basket * 0.9));
    const chosen: Article[] = [];
    for (let tries = 0; chosen.length < size && tries < 20; tries++) {
      const companion = chosen[0] && companions.get(chosen[0]);
      const article = companion && chance(random, 0.3) ? companion : choose(shopper, at, fraud ? 1 : shopper.taste);
      if (article && article.since <= at && !chosen.includes(article)) chosen.push(article);
    }
    const voucher = !fraud && chance(random, shopper.vouchers) ? 0.1 : 0;
    return chosen.map((article) => {
      const quantity = chance(random, 0.86) ? 1 : chance(random, 0.8) ? 2 : 3;
      return line(shopper.country, article, fraud ? 2 : quantity, at, Math.max(voucher, cut(calendar, article, at)));
    });
  };

  /** Of two that come to mind, the dearer or the cheaper, as the taste is. */
  function choose(shopper: Shopper, at: number, taste: number): Article | undefined {
    const draw = draws[likedCategory(random, shopper, at, shelves)];
    if (draw === undefined) return undefined;
    const one = draw(random);
    const other = draw(random);
    const dearer = priceAt(one, at) > priceAt(other, at) ? one : other;
    return chance(random, taste) ? dearer : dearer === one ? other : one;
  }
}

function likedCategory(random: Random, shopper: Shopper, at: number, shelves: readonly (readonly Article[])[]): number {
  let sum = 0;
  const sums = categories.map((category, index) => {
    const stocked = (shelves[index]?.length ?? 0) > 0;
    if (stocked) sum += category.share * season(at, category.season) * (shopper.likes[index] ?? 1);
    return sum;
  });
  return firstAbove(sums, random() * sum);
}

/** Each article and its neighbour on the shelf are bought together more often than chance would have it. */
function companionsOf(shelves: readonly (readonly Article[])[]): Map<Article, Article> {
  const companions = new Map<Article, Article>();
  for (const shelf of shelves) {
    shelf.forEach((article, index) => {
      const neighbour = shelf[index % 2 === 0 ? index + 1 : index - 1];
      if (neighbour) companions.set(article, neighbour);
    });
  }
  return companions;
}

function cheapest(random: Random, catalogue: readonly Article[], at: number): Article {
  const onSale = catalogue.filter(({ since }) => since <= at).sort((a, b) => priceAt(a, at) - priceAt(b, at));
  const article = onSale[Math.floor(random() * Math.min(8, onSale.length))];
  if (article === undefined) throw new RangeError("Cannot fill a basket: nothing is on sale");
  return article;
}

const cut = ({ promotion }: Calendar, { category }: Article, at: number) =>
  at >= promotion.from && at < promotion.to && promoted.includes(category.name) ? 0.2 : 0;

function line({ currency }: Country, article: Article, quantity: number, at: number, off: number): Line {
  const unitPrice = listed(priceAt(article, at), currency);
  return { article, quantity, unitPrice, discount: Math.round(unitPrice * off) * quantity };
}
