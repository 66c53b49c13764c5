// products: the catalogue, and what becomes of it: prices change on Mondays, new articles come now and then.

import { type Calendar, day, hour, minute } from "./calendar";
import { beta, between, chance, digits, exponential, logNormal, pick } from "./draw";
import type { Planted } from "./notes";
import { brands, type Category, categories, type Ware } from "./product-words";
import type { Life, Product } from "./rows";
import type { Random } from "./xoshiro128";

export interface Article {
  readonly id: number;
  readonly name: string;
  /** The item number that customers type: `GA-2004`. */
  readonly sku: string;
  readonly category: Category;
  /** How often it is bought, against others of its category. */
  readonly popularity: number;
  readonly since: number;
  readonly life: Life<Product>;
}

const firstProduct = 2001;

export function productsOf(random: Random, calendar: Calendar, count: number, planted: Planted): Article[] {
  const perCategory = Math.ceil(count / categories.length);
  const named = categories.flatMap((category) =>
    namesIn(random, category, perCategory).map((name, rank) => ({ category, name, popularity: 1 / (rank + 2) ** 0.8 })),
  );

  return named.slice(0, count).map(({ category, name, popularity }, index) => {
    const id = firstProduct + index;
    const sku = `${category.prefix}-${id}`;
    const since = chance(random, 0.85)
      ? calendar.start - Math.floor(between(random, 1, 20 * day))
      : calendar.start + Math.floor(between(random, 0, calendar.days * 0.9) * day);
    const life = lifeOf(random, calendar, { id, category, name, sku, since }, planted);
    return { id, name, sku, category, popularity, since, life };
  });
}

/** The price in euro cents at that moment. */
export function priceAt({ life }: Article, moment: number): number {
  let price = life[0]?.price ?? 0;
  for (const { price: next, updated_at } of life) if (updated_at <= moment) price = next;
  return price;
}

export function wareOf({ wares }: Category, name: string): Ware {
  const ware = wares.find(({ noun }) => name.endsWith(` ${noun}`));
  if (ware === undefined) throw new Error(`Cannot price "${name}": no such ware in its category`);
  return ware;
}

function namesIn(random: Random, { wares, kinds }: Category, count: number): string[] {
  const names = new Set<string>();
  for (let tries = 0; names.size < count && tries < count * 100; tries++) {
    names.add(`${pick(random, brands)} ${pick(random, kinds)} ${pick(random, wares).noun}`);
  }
  return [...names];
}

interface Start {
  readonly id: number;
  readonly category: Category;
  readonly name: string;
  readonly sku: string;
  readonly since: number;
}

function lifeOf(
  random: Random,
  calendar: Calendar,
  { id, category, name, sku, since }: Start,
  planted: Planted,
): Product[] {
  const price = charming(random, logNormal(random, wareOf(category, name).usual, 0.3));
  const ean = eanOf(random);
  let product: Product = {
    product_id: id,
    name,
    category: category.name,
    price,
    cost: Math.round(price * between(random, 0.35, 0.7)),
    currency: "EUR",
    description: chance(random, 0.9) ? `${name}. Item no. ${sku}, EAN ${planted.lookalike(ean)}.` : null,
    created_at: since,
    updated_at: since,
  };
  const life = [product];

  for (let monday = mondayAfter(since, calendar); monday < calendar.end; monday += 7 * day) {
    if (!chance(random, 0.05)) continue;
    const changed = charming(
      random,
      (product.price / 100) * (chance(random, 0.65) ? 1 + beta(random, 2, 20) : 1 - beta(random, 2, 14)),
    );
    product = {
      ...product,
      price: changed,
      cost: chance(random, 0.3) ? Math.round(product.cost * between(random, 0.97, 1.06)) : product.cost,
      updated_at: monday + 5 * hour + Math.floor(exponential(random, 20 * minute)),
    };
    life.push(product);
  }
  return life;
}

function mondayAfter(moment: number, { start }: Calendar): number {
  const from = Math.max(moment + day, start);
  const date = from - (from % day);
  return date + ((8 - new Date(date).getUTCDay()) % 7) * day;
}

/** Euro cents that look like a price: 12.99, 12.49, 13.00. */
function charming(random: Random, euros: number): number {
  const whole = Math.max(1, Math.round(euros));
  const r = random();
  if (r < 0.1) return whole * 100;
  return whole * 100 - (r < 0.7 ? 1 : r < 0.85 ? 5 : 51);
}

/** GS1 keeps the prefixes 20 to 29 for use inside a shop; 13 digits that start with 2 are no card number either. */
function eanOf(random: Random): string {
  const body = `20${digits(random, 10)}`;
  const sum = [...body].reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
  return body + ((10 - (sum % 10)) % 10);
}
