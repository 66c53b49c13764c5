// payments: the money of the orders. A row is one movement of money and keeps its amount; what changes is its status.
//
//   authorised -> captured (-> charged_back)   what the customer pays, the order's total when it was placed
//   declined                                   an attempt that came to nothing
//   refunded                                   what the customer gets back, a row of its own with a negative amount
//
// So the amounts of an order's rows that were not declined add up to the order's total, or to nothing when it was cancelled.

import { day, second } from "./calendar";
import { spelled } from "./cards";
import { countries } from "./countries";
import { between, chance, integer, pick } from "./draw";
import { amount, type Placed } from "./orders";
import type { Life, Payment } from "./rows";
import type { Random } from "./xoshiro128";

const firstPayment = 500_001;

export interface Payments {
  readonly lives: readonly Life<Payment>[];
  /** The payments made with somebody else's card, whether or not the bank has found out. */
  readonly fraudulent: readonly number[];
}

export function paymentsOf(random: Random, orders: readonly Placed[]): Payments {
  const drafts = orders.flatMap((order) => draftsOf(random, order).map((life) => ({ order, life })));
  drafts.sort((a, b) => startOf(a.life) - startOf(b.life));
  const numbered = drafts.map(({ order, life }, index) => {
    const id = firstPayment + index;
    return { order, id, life: life.map((payment): Payment => ({ ...payment, payment_id: id })) };
  });
  return {
    lives: numbered.map(({ life }) => life),
    fraudulent: numbered.filter(({ order }) => order.fraud).map(({ id }) => id),
  };
}

const startOf = (life: Life<Payment>) => life[0]?.created_at ?? 0;

/** The movements of one order, not yet numbered. */
function draftsOf(random: Random, order: Placed): Payment[][] {
  const { paid, shipped, cancelled, returned, method, refusals } = order.way;
  const first = firstRow(random, order);
  const rows: Payment[][] = [];

  for (let refusal = 0; refusal < refusals; refusal++) {
    rows.push([at(first, "declined", order.at + (refusal * 45 + integer(random, 3, 7)) * second)]);
  }
  if (paid === undefined) return rows;

  const waits = method === "transfer";
  const authorised = at(first, "authorised", waits ? order.at + 2 * second : paid);
  const life = [authorised];
  const captured = method === "card" && order.life[0]?.channel !== "store" ? shipped : waits ? paid : paid + 2 * second;
  if (captured !== undefined) life.push({ ...authorised, status: "captured", updated_at: captured });
  const disputed = captured === undefined ? undefined : chargeback(random, order, captured);
  if (disputed !== undefined) life.push({ ...authorised, status: "charged_back", updated_at: disputed });
  rows.push(life);

  if (cancelled !== undefined) rows.push([at({ ...first, amount: -order.total }, "refunded", cancelled)]);
  if (returned !== undefined) {
    const back = returned.lines.reduce((sum, line) => sum + amount(line), 0);
    rows.push([at({ ...first, amount: -back }, "refunded", returned.at)]);
  }
  return rows;
}

const at = (payment: Payment, status: Payment["status"], moment: number): Payment => ({
  ...payment,
  status,
  created_at: moment,
  updated_at: moment,
});

function firstRow(random: Random, { id, shopper, total, way, fraud }: Placed): Payment {
  const { card, method } = way;
  const away = chance(random, 0.012) ? pick(random, countries).code : shopper.country.code;
  const separator = chance(random, 0.03) ? pick(random, [" ", "-"] as const) : undefined;
  return {
    payment_id: 0,
    order_id: id,
    customer_id: shopper.id,
    method,
    status: "authorised",
    amount: total,
    currency: shopper.country.currency,
    card_number: card && (separator ? spelled(card, separator) : card.number),
    card_cvv: card && chance(random, 0.93) ? card.cvv : null,
    country: fraud?.country ?? away,
    created_at: 0,
    updated_at: 0,
  };
}

/** Nearly every owner of a stolen card notices in the end; now and then a customer disputes what they did buy. */
function chargeback(random: Random, { fraud, way, total }: Placed, captured: number): number | undefined {
  if (way.method !== "card" || way.returned || total === 0) return undefined;
  if (!chance(random, fraud ? 0.94 : 0.0015)) return undefined;
  return captured + Math.floor(between(random, 3, fraud ? 24 : 40) * day);
}
