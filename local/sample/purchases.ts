// purchases: when one customer buys, and by which channel.
//
// Each buys at a pace of their own and, after each purchase but the first, may never come back: the story of the BG/NBD model (Fader,
// Hardie and Lee 2005), so that a model fitted to the shop can be held against the parameters below.

import { type Calendar, isSunday, minute, momentOfDay } from "./calendar";
import type { Region } from "./countries";
import { beta, chance, exponential, gamma, weighted } from "./draw";
import type { Order } from "./rows";
import type { Random } from "./xoshiro128";

/** Pace in purchases per week ~ gamma(r, 1/alpha); dropping out after a purchase ~ beta(a, b). */
export const purchasing = { r: 0.6, alpha: 3.6, a: 0.8, b: 3.2 } as const;

export interface Purchase {
  readonly at: number;
  readonly channel: Order["channel"];
}

/** The purchases in order of time: on a clock that runs faster on busy days, thinned out where a region is in decline. */
export function purchasesOf(random: Random, calendar: Calendar, arrived: number, { fate }: Region): Purchase[] {
  if (chance(random, 0.08)) return []; // signed up and never bought
  const pace = gamma(random, purchasing.r, 1 / purchasing.alpha) / 7;
  const dropout = beta(random, purchasing.a, purchasing.b);
  const channel = habitOf(random);
  const purchases: Purchase[] = [];

  let averageDays = calendar.averageDaysAt(arrived);
  buy(arrived);
  for (;;) {
    averageDays += exponential(random, 1 / pace);
    const moment = calendar.momentOf(averageDays);
    if (moment === undefined) break;
    buy(moment);
    if (chance(random, dropout)) break;
  }
  return purchases.sort((a, b) => a.at - b.at);

  function buy(moment: number) {
    const gone = (moment - calendar.start) / (calendar.end - calendar.start);
    if (chance(random, 1 - gone * (1 - fate))) purchases.push(purchase(random, calendar, moment, channel(random)));
  }
}

/** The same day, at an hour at which the channel is used; the stores are closed on Sundays. */
function purchase(random: Random, { end }: Calendar, moment: number, wanted: Order["channel"]): Purchase {
  const channel = wanted === "store" && isSunday(moment) ? "web" : wanted;
  return { at: Math.min(momentOfDay(random, moment, channel), end - minute), channel };
}

/** Everybody has a favourite channel, and few use only one. */
function habitOf(random: Random): (random: Random) => Order["channel"] {
  const likes = {
    web: gamma(random, 2, 1),
    app: gamma(random, 1.2, 1),
    store: gamma(random, 0.4, 1),
    marketplace: gamma(random, 0.4, 1),
  };
  return weighted(["web", "app", "store", "marketplace"] as const, (channel) => likes[channel]);
}
