// seller-feeds: what two sellers of a marketplace send of their sales, each in the way of its own shop software, with the
// mistakes that such feeds have.

import { gzipSync } from "node:zlib";
import { ownColumns } from "../../schemas/feed";
import { day } from "./calendar";
import { chance, integer, logNormal, pick } from "./draw";
import { type Category, categories } from "./product-words";
import { type Random, xoshiro128 } from "./xoshiro128";

export interface SellerFeed {
  readonly seller: string;
  readonly file: string;
  readonly contentType: "text/csv" | "application/json" | "application/gzip";
  readonly bytes: Buffer;
  readonly rows: number;
  /** The cells that are wrong, and what they should be. */
  readonly mistakes: readonly Mistake[];
}

export interface Mistake {
  readonly transactionId: string;
  readonly column: string;
  readonly wrong: string;
  readonly right: string;
}

export const sampleSellers = ["acme", "berg"] as const;

/** A row of a feed. */
type Sale = Readonly<Record<(typeof ownColumns)[number], string>>;

/** The two months before `now`, in milliseconds since 1970: of the last week in a feed of its own. */
export function sellerFeeds({ seed, now }: { readonly seed: number; readonly now: number }): SellerFeed[] {
  const end = Math.floor(now / day) * day;
  const acme = salesOf("acme", { seed, end, count: 480, currency: "EUR", sells: ["Garden", "Kitchen"] });
  const berg = salesOf("berg", { seed, end, count: 260, currency: "USD", sells: ["School and office", "Toys"] });
  const isLate = ({ occurred_at }: Sale) => Date.parse(occurred_at) >= end - 7 * day;
  const { sales, mistakes } = withMistakes(acme.filter((sale) => !isLate(sale)));
  const late = acme.filter(isLate);
  return [
    { seller: "acme", file: "sales.csv", contentType: "text/csv", ...fileOf(sales, csv), mistakes },
    {
      seller: "acme",
      file: "week.ndjson.gz",
      contentType: "application/gzip",
      ...fileOf(late, ndjsonGz),
      mistakes: [],
    },
    { seller: "berg", file: "sales.json", contentType: "application/json", ...fileOf(berg, json), mistakes: [] },
  ];
}

interface Trade {
  readonly seed: number;
  readonly end: number;
  readonly count: number;
  readonly currency: string;
  /** Names of categories. */
  readonly sells: readonly string[];
}

interface Article {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly cents: number;
}

function salesOf(seller: string, { seed, end, count, currency, sells }: Trade): Sale[] {
  const random = xoshiro128(seed, `feeds of ${seller}`);
  const articles = categories
    .filter(({ name }) => sells.includes(name))
    .flatMap((category) => articlesOf(random, category));
  const stock = new Map(articles.map(({ id }) => [id, integer(random, 80, 200)]));
  const moments = Array.from({ length: count }, () => end - Math.ceil(random() * 60 * day)).sort((a, b) => a - b);
  return moments.map((moment, index) => {
    const { id, name, category, cents } = pick(random, articles);
    // One in thirty comes back.
    const quantity = chance(random, 1 / 30) ? -1 : integer(random, 1, 4);
    const left = Math.max(0, (stock.get(id) ?? 0) - quantity);
    stock.set(id, left);
    return {
      transaction_id: `${seller.toUpperCase()}-${1_000 + index}`,
      occurred_at: new Date(moment).toISOString().replace(/\.\d+/, ""),
      product_id: id,
      product_name: name,
      category,
      quantity: String(quantity),
      unit_price: money(cents),
      discount: chance(random, 0.15) ? money(Math.floor(Math.abs(quantity) * cents * 0.1)) : "0",
      currency,
      inventory_level: String(left),
    };
  });
}

const articlesOf = (random: Random, { name: category, prefix, wares, kinds }: Category): Article[] =>
  wares.slice(0, 6).map(({ noun, usual }, index) => ({
    id: `${prefix}-${100 + index}`,
    name: `${pick(random, kinds)} ${noun}`,
    category,
    cents: Math.round(logNormal(random, 100 * usual, 0.2)),
  }));

/** What people type into spreadsheets. */
function withMistakes(sales: readonly Sale[]): { sales: Sale[]; mistakes: Mistake[] } {
  const planned = [
    { at: 0.1, column: "unit_price", spoil: (price: string) => price.replace(".", ",") },
    { at: 0.3, column: "occurred_at", spoil: (time: string) => time.slice(0, 10).split("-").reverse().join("/") },
    { at: 0.5, column: "quantity", spoil: () => "0" },
    { at: 0.7, column: "currency", spoil: () => "EURO" },
    { at: 0.9, column: "product_id", spoil: () => "" },
  ] as const;
  const spoiled = [...sales];
  const mistakes = planned.flatMap(({ at, column, spoil }): Mistake[] => {
    const index = Math.floor(at * sales.length);
    const sale = sales[index];
    if (sale === undefined) return [];
    const [right, wrong] = [sale[column], spoil(sale[column])];
    spoiled[index] = { ...sale, [column]: wrong };
    return [{ transactionId: sale.transaction_id, column, wrong, right }];
  });
  return { sales: spoiled, mistakes };
}

const fileOf = (sales: readonly Sale[], write: (sales: readonly Sale[]) => Buffer) => ({
  bytes: write(sales),
  rows: sales.length,
});

/** As a spreadsheet of continental Europe saves it: with a mark at the beginning, and semicolons. */
const csv = (sales: readonly Sale[]): Buffer =>
  Buffer.from(`\uFEFF${[ownColumns, ...sales.map(valuesOf)].map((values) => `${values.join(";")}\r\n`).join("")}`);

const valuesOf = (sale: Sale): readonly string[] => ownColumns.map((column) => sale[column]);

const ndjsonGz = (sales: readonly Sale[]): Buffer =>
  gzipSync(sales.map((sale) => `${JSON.stringify(withNumbers(sale))}\n`).join(""));

const json = (sales: readonly Sale[]): Buffer => Buffer.from(JSON.stringify(sales.map(withNumbers)));

const withNumbers = (sale: Sale) => ({
  ...sale,
  quantity: Number(sale.quantity),
  inventory_level: Number(sale.inventory_level),
});

const money = (cents: number): string => (cents / 100).toFixed(2);
