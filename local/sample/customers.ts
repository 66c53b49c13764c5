// customers: who buys, what they like, where they live, and what changes about them.
//
// How often they buy is drawn apart from what they spend, as the Gamma-Gamma model of spending asks: see purchases.ts.

import { type Calendar, day, second } from "./calendar";
import { type Card, cardOf } from "./cards";
import { type Country, countries, type Region } from "./countries";
import { beta, between, chance, digits, exponential, gamma, integer, weighted } from "./draw";
import { emailOf, nameOf } from "./names";
import { customerNote, type Planted } from "./notes";
import { categories } from "./product-words";
import { type Purchase, purchasesOf } from "./purchases";
import type { Customer, Life } from "./rows";
import type { Random } from "./xoshiro128";

export interface Shopper {
  readonly id: number;
  readonly segment: Segment["name"];
  readonly country: Country;
  readonly region: Region;
  readonly cards: readonly [Card, ...Card[]];
  /** The number of lines above one, on average. */
  readonly basket: number;
  /** From 0, buys the cheapest that will do, to 1, buys the best. */
  readonly taste: number;
  /** How much each category is liked, in the order of `categories`. */
  readonly likes: readonly number[];
  readonly returns: number;
  readonly vouchers: number;
  readonly purchases: readonly Purchase[];
  readonly life: Life<Customer>;
}

interface Segment {
  readonly name: "family" | "home" | "outdoor" | "bargain";
  readonly share: number;
  readonly likes: readonly string[];
  readonly basket: number;
  readonly taste: readonly [number, number];
  readonly returns: number;
  readonly vouchers: number;
}

const segments: readonly Segment[] = [
  {
    name: "family",
    share: 30,
    likes: ["School and office", "Toys", "Fashion"],
    basket: 1.5,
    taste: [3, 4],
    returns: 0.09,
    vouchers: 0.08,
  },
  {
    name: "home",
    share: 30,
    likes: ["Kitchen", "Garden", "Beauty"],
    basket: 1,
    taste: [4, 3],
    returns: 0.05,
    vouchers: 0.05,
  },
  {
    name: "outdoor",
    share: 18,
    likes: ["Camping", "Garden", "Electronics"],
    basket: 0.6,
    taste: [5, 2],
    returns: 0.07,
    vouchers: 0.04,
  },
  {
    name: "bargain",
    share: 22,
    likes: ["Electronics", "School and office", "Beauty"],
    basket: 0.8,
    taste: [1.5, 5],
    returns: 0.06,
    vouchers: 0.4,
  },
];

const someSegment = weighted(segments, ({ share }) => share);
const someCountry = weighted(countries, ({ share }) => share);
const someRegion = new Map(countries.map(({ code, regions }) => [code, weighted(regions, ({ share }) => share)]));

const firstCustomer = 1001;

export function customersOf(random: Random, calendar: Calendar, count: number, planted: Planted): Shopper[] {
  const arrivals = Array.from({ length: count }, () => arrival(random, calendar)).sort((a, b) => a - b);
  return arrivals.map((arrived, index) => shopper(random, calendar, firstCustomer + index, arrived, planted));
}

/** Some come in the weeks after the opening; of the others twice as many at the end as at the start. */
function arrival(random: Random, calendar: Calendar): number {
  const when = chance(random, 0.2) ? exponential(random, 0.07) : Math.sqrt(1 + 3 * random()) - 1;
  return calendar.momentOf(Math.min(when, 0.999) * calendar.days) ?? calendar.start;
}

function shopper(random: Random, calendar: Calendar, id: number, arrived: number, planted: Planted): Shopper {
  const segment = someSegment(random);
  const country = someCountry(random);
  const region = (someRegion.get(country.code) ?? never)(random);
  const card = cardOf(random);
  const likes = categories.map(({ name }) => (segment.likes.includes(name) ? 2.2 : 0.7) * gamma(random, 4, 0.25));
  const purchases = purchasesOf(random, calendar, arrived, region);
  const since = purchases[0] ? purchases[0].at - integer(random, 90, 2_400) * second : Math.floor(arrived);

  return {
    id,
    segment: segment.name,
    country,
    region,
    cards: chance(random, 0.25) ? [card, cardOf(random)] : [card],
    basket: segment.basket * gamma(random, 6, 1 / 6),
    taste: beta(random, ...segment.taste),
    likes,
    returns: segment.returns,
    vouchers: segment.vouchers,
    purchases,
    life: lifeOf(random, calendar, { id, country, region, since, card }, planted),
  };
}

interface Start {
  readonly id: number;
  readonly country: Country;
  readonly region: Region;
  readonly since: number;
  readonly card: Card;
}

function lifeOf(
  random: Random,
  calendar: Calendar,
  { id, country, region, since, card }: Start,
  planted: Planted,
): Customer[] {
  const name = nameOf(random, country.language);
  let customer: Customer = {
    customer_id: id,
    full_name: name,
    email: emailOf(random, name, id),
    ssn: country.code === "US" && chance(random, 0.6) ? ssnOf(random) : null,
    country: country.code,
    region: region.name,
    marketing_consent: chance(random, 0.55),
    notes: customerNote(random, card, planted),
    created_at: since,
    updated_at: since,
  };
  const life = [customer];

  // About every third changes something in a year.
  for (let at = since + exponential(random, 900 * day); at < calendar.end; at += exponential(random, 900 * day)) {
    customer = { ...customer, ...changed(random, customer, country), updated_at: Math.floor(at) + 1 };
    life.push(customer);
  }
  return life;
}

function changed(random: Random, customer: Customer, country: Country): Partial<Customer> {
  const r = random();
  if (r < 0.5) return { marketing_consent: !customer.marketing_consent };
  if (r < 0.75)
    return { email: emailOf(random, customer.full_name, customer.customer_id * 10 + integer(random, 1, 9)) };
  return { region: (someRegion.get(country.code) ?? never)(random).name };
}

/**
 * An area of 900 and above was never issued, and a group below 50 keeps clear of taxpayer numbers, which use the same
 * areas: https://www.irs.gov/individuals/international-taxpayers/general-itin-information.
 */
function ssnOf(random: Random): string {
  const group = String(integer(random, 1, 49)).padStart(2, "0");
  const serial = `${integer(random, 1, 9)}${digits(random, 3)}`;
  return `${Math.floor(between(random, 900, 1000))}-${group}-${serial}`;
}

function never(): never {
  throw new Error("Cannot place a customer: the country has no regions");
}
