// fraud: purchases that are none: stolen cards tried out in bursts of small orders at night, or used up in one large order.
//
// Both come through the account of a customer who knows nothing of it, with a card from a country where the shop has no
// customers. The banks take the money back weeks later: see payments.ts.

import { type Calendar, day, hour, midnight, second } from "./calendar";
import { type Card, cardOf } from "./cards";
import { foreign } from "./countries";
import type { Shopper } from "./customers";
import { between, chance, integer, pick } from "./draw";
import type { Purchase } from "./purchases";
import type { Random } from "./xoshiro128";

/** A purchase through the account of `shopper`, by them or, where there is `fraud`, by somebody else. */
export interface AccountPurchase extends Purchase {
  readonly shopper: Shopper;
  readonly fraud?: Fraud;
}

export interface Fraud {
  readonly kind: "card testing" | "stolen card";
  readonly card: Card;
  readonly country: string;
}

export function fraudOf(random: Random, calendar: Calendar, shoppers: readonly Shopper[]): AccountPurchase[] {
  const victims = shoppers.filter(({ purchases }) => purchases.length > 0);
  if (victims.length === 0) return [];
  const purchases: AccountPurchase[] = [];
  const bursts = Math.max(1, Math.round((calendar.days * victims.length) / 90_000));
  for (let i = 0; i < bursts; i++) purchases.push(...burst(random, calendar, victims));
  for (let i = 0; i < bursts * 5; i++) purchases.push(spree(random, calendar, victims));
  return purchases;
}

/** One card, one night, a dozen or two of the smallest orders within minutes. */
function burst(random: Random, calendar: Calendar, victims: readonly Shopper[]): AccountPurchase[] {
  const { shopper, date } = takeover(random, calendar, victims);
  const fraud = { kind: "card testing", card: cardOf(random), country: pick(random, foreign) } as const;
  let at = date + Math.floor(between(random, 0.7, 3.5) * hour);
  return Array.from({ length: integer(random, 10, 24) }, () => {
    at += Math.floor(between(random, 6, 50) * second);
    return { shopper, at, channel: "web", fraud };
  });
}

function spree(random: Random, calendar: Calendar, victims: readonly Shopper[]): AccountPurchase {
  const { shopper, date } = takeover(random, calendar, victims);
  const fraud = { kind: "stolen card", card: cardOf(random), country: pick(random, foreign) } as const;
  const at = date + Math.floor(between(random, 0, chance(random, 0.6) ? 5 : 24) * hour);
  return { shopper, at, channel: chance(random, 0.7) ? "web" : "app", fraud };
}

/** An account, and a later day on which somebody else has its password. */
function takeover(random: Random, calendar: Calendar, victims: readonly Shopper[]) {
  const shopper = pick(random, victims);
  const first = midnight(shopper.purchases[0]?.at ?? calendar.start);
  const days = (calendar.end - first) / day;
  return { shopper, date: first + Math.floor(between(random, Math.min(1, days - 1), days)) * day };
}
