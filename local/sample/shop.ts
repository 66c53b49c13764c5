// shop: a believable online shop, made up from a seed: the same seed gives the same shop, to the byte, on every machine.
//
//   customers ─┬─> purchases ──┬─> orders and their items ──> payments ──┐
//   products ──┘   fraud ──────┘            └─> search queries ──────────┴─> deliveries ──> dirt ──> files
//
// Everything is computed here and in memory; write.ts makes Parquet files of it.

import { type TableName, tableNames } from "../../schemas/tables";
import { basketsOf } from "./baskets";
import { type Calendar, calendarOf } from "./calendar";
import { countries } from "./countries";
import { customersOf, type Shopper } from "./customers";
import { deliveriesOf, latest } from "./deliveries";
import { soiler } from "./dirt";
import { fraudOf } from "./fraud";
import { plantedTexts } from "./notes";
import { ordersOf } from "./orders";
import { paymentsOf } from "./payments";
import { productsOf } from "./products";
import type { Life, RawRow, RowOf } from "./rows";
import { searchQueriesOf } from "./search-queries";
import { xoshiro128 } from "./xoshiro128";

export interface Settings {
  readonly seed?: number;
  readonly customers?: number;
  readonly products?: number;
  /** How many days the shop has been open. */
  readonly days?: number;
  /** The last day, YYYY-MM-DD. */
  readonly endDate?: string;
  /** How many of the last days come in files of their own, after one full export. */
  readonly increments?: number;
}

export interface Shop {
  readonly files: readonly ShopFile[];
  /** What the pipeline should end up with: every good row in its last state. */
  readonly latest: { readonly [Name in TableName]: readonly RowOf<Name>[] };
  readonly truth: Truth;
}

export interface ShopFile {
  /** `raw/orders/2026-10-31.parquet`; the files of a table are listed in the order in which they were exported. */
  readonly key: string;
  readonly table: TableName;
  readonly rows: readonly RawRow[];
  /** How many of the rows break a rule of the table, and how many repeat the key of another good row of this file. */
  readonly dirty: number;
  readonly duplicates: number;
}

/** What the tables do not tell: what an analysis of them should find. */
export interface Truth {
  /** The payments that were made with somebody else's card. */
  readonly fraudulentPayments: readonly number[];
  readonly segmentOf: ReadonlyMap<number, Shopper["segment"]>;
  /** The week of lower prices, from its first millisecond until that after its last. */
  readonly promotion: { readonly from: number; readonly to: number };
  readonly decliningRegion: { readonly country: string; readonly region: string };
  /** Card and social security numbers in free texts, as they were typed: none may leave the raw bucket. */
  readonly secrets: readonly string[];
  /** Numbers in free texts that only look like those, and must stay. */
  readonly lookalikes: readonly string[];
}

export function sampleShop({
  seed = 1,
  customers = 4_000,
  products = 200,
  days = 273,
  endDate = "2026-10-31",
  increments = 7,
}: Settings = {}): Shop {
  mustBeWhole({ seed }, 0);
  mustBeWhole({ customers, products, days }, 1);
  mustBeWhole({ increments }, 0);
  if (increments >= days)
    throw new RangeError(`Cannot open the sample shop: increments is ${increments}, not below days, ${days}`);
  const stream = (name: string) => xoshiro128(seed, name);
  const planted = plantedTexts();

  const calendar = calendarOf(endDate, days);
  const catalogue = productsOf(stream("products"), calendar, products, planted);
  const shoppers = customersOf(stream("customers"), calendar, customers, planted);
  const purchases = [
    ...shoppers.flatMap((shopper) => shopper.purchases.map((purchase) => ({ shopper, ...purchase }))),
    ...fraudOf(stream("fraud"), calendar, shoppers),
  ];
  const orders = ordersOf(stream("orders"), purchases, basketsOf(stream("baskets"), calendar, catalogue), planted);
  const payments = paymentsOf(stream("payments"), orders);
  const searches = searchQueriesOf(stream("searches"), calendar, { catalogue, orders, shoppers, planted });

  const lives: { readonly [Name in TableName]: readonly Life<RowOf<Name>>[] } = {
    customers: shoppers.map(({ life }) => life),
    products: catalogue.map(({ life }) => life),
    orders: orders.map(({ life }) => life),
    order_items: orders.flatMap(({ items }) => items.map((item) => [item])),
    payments: payments.lives,
    search_queries: searches,
  };

  const soil = soiler(stream("dirt"));
  return {
    files: tableNames.flatMap((table) =>
      deliveriesOf<RawRow & Versioned>(table, lives[table], calendar, increments).map(({ key, rows }) => ({
        key,
        table,
        ...soil(table, rows),
      })),
    ),
    latest: {
      customers: lastStates(lives.customers, calendar),
      products: lastStates(lives.products, calendar),
      orders: lastStates(lives.orders, calendar),
      order_items: lastStates(lives.order_items, calendar),
      payments: lastStates(lives.payments, calendar),
      search_queries: lastStates(lives.search_queries, calendar),
    },
    truth: {
      fraudulentPayments: payments.fraudulent,
      segmentOf: new Map(shoppers.map(({ id, segment }) => [id, segment])),
      promotion: calendar.promotion,
      decliningRegion: decliningRegion(),
      secrets: planted.secrets,
      lookalikes: planted.lookalikes,
    },
  };
}

interface Versioned {
  readonly created_at: number;
  readonly updated_at: number;
}

const lastStates = <Row extends Versioned>(lives: readonly Life<Row>[], calendar: Calendar): Row[] =>
  lives.flatMap((life) => latest(life, calendar) ?? []);

function decliningRegion() {
  const all = countries.flatMap(({ code, regions }) =>
    regions.map(({ name, fate }) => ({ country: code, region: name, fate })),
  );
  const [{ country, region } = { country: "", region: "" }] = all.sort((a, b) => a.fate - b.fate);
  return { country, region };
}

function mustBeWhole(settings: Readonly<Record<string, number>>, least: number) {
  for (const [name, value] of Object.entries(settings)) {
    if (Number.isSafeInteger(value) && value >= least) continue;
    throw new RangeError(`Cannot open the sample shop: ${name} is ${value}, not a whole number from ${least} on`);
  }
}
