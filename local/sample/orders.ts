// orders: what was bought, and the way of each order: placed, paid, shipped, delivered, or cancelled, or sent back.
//
// The amount of a line is quantity x unit_price - discount, and an order's total is the sum of its lines, always. What is
// sent back is a new line with a negative quantity at the price that was paid; the total falls with it, at the same moment.

import type { Basket, Line } from "./baskets";
import { day, hour, minute, second, workday } from "./calendar";
import type { Card } from "./cards";
import type { Shopper } from "./customers";
import { between, chance, integer, pick, weighted } from "./draw";
import type { AccountPurchase, Fraud } from "./fraud";
import { orderNote, type Planted } from "./notes";
import type { Life, Order, OrderItem, Payment } from "./rows";
import type { Random } from "./xoshiro128";

/** An order and all that payments.ts and search-queries.ts must know of it. */
export interface Placed {
  readonly id: number;
  readonly shopper: Shopper;
  readonly at: number;
  readonly lines: readonly Line[];
  readonly total: number;
  readonly way: Way;
  readonly fraud: Fraud | undefined;
  readonly life: Life<Order>;
  readonly items: readonly OrderItem[];
}

/** What happens to an order, and when. A moment that is missing does not come. */
export interface Way {
  readonly method: Payment["method"];
  readonly card: Card | null;
  /** How often the card was refused. */
  readonly refusals: number;
  readonly paid?: number;
  readonly shipped?: number;
  readonly delivered?: number;
  readonly cancelled?: number;
  readonly returned?: { readonly at: number; readonly lines: readonly Line[] };
}

const firstOrder = 100_001;

export function ordersOf(
  random: Random,
  purchases: readonly AccountPurchase[],
  basket: Basket,
  planted: Planted,
): Placed[] {
  const inTime = [...purchases].sort((a, b) => a.at - b.at);
  return inTime.map(({ shopper, at, channel, fraud }, index) => {
    const id = firstOrder + index;
    const lines = basket(shopper, at, fraud);
    const way = wayOf(random, shopper, at, channel, lines, fraud);
    const total = lines.reduce((sum, line) => sum + amount(line), 0);
    const placed: Order = {
      order_id: id,
      customer_id: shopper.id,
      status: "placed",
      channel,
      country: shopper.country.code,
      region: shopper.region.name,
      currency: shopper.country.currency,
      total,
      notes: fraud ? null : orderNote(random, pick(random, shopper.cards), id, planted),
      created_at: at,
      updated_at: at,
    };
    return { id, shopper, at, lines, total, way, fraud, life: lifeOf(placed, way), items: itemsOf(id, at, lines, way) };
  });
}

export const amount = ({ quantity, unitPrice, discount }: Line) => quantity * unitPrice - discount;

const online = weighted(["card", "paypal", "transfer", "voucher"] as const, (_, index) => [72, 16, 8, 4][index] ?? 0);
const overTheCounter = weighted(["card", "voucher"] as const, (_, index) => [92, 8][index] ?? 0);

function wayOf(
  random: Random,
  shopper: Shopper,
  at: number,
  channel: Order["channel"],
  lines: readonly Line[],
  fraud: Fraud | undefined,
): Way {
  const method = fraud ? "card" : channel === "store" ? overTheCounter(random) : online(random);
  const card = method === "card" ? (fraud?.card ?? pick(random, shopper.cards)) : null;

  const refused = method === "card" && chance(random, fraud ? (fraud.kind === "card testing" ? 0.55 : 0.3) : 0.045);
  const refusals = refused ? (fraud ? 1 : integer(random, 1, 2)) : 0;
  const start = { method, card, refusals };
  if (refused && (fraud || chance(random, 0.35))) {
    return { ...start, cancelled: at + Math.floor(between(random, 0.5, 20) * hour) };
  }

  const paid =
    method === "transfer"
      ? workday(random, at, integer(random, 1, 3))
      : at + (refusals * 60 + integer(random, 8, 50)) * second;
  if (channel === "store") {
    return { ...start, paid, delivered: paid + minute, ...sentBack(random, shopper, paid + minute, lines) };
  }
  if (!fraud && chance(random, 0.02)) {
    return { ...start, paid, cancelled: paid + Math.floor(between(random, 0.2, 9) * hour) };
  }
  const shipped = workday(random, paid, integer(random, 1, 2));
  const delivered =
    shipped + integer(random, 1, shopper.country.code === "DE" ? 3 : 6) * day + integer(random, -120, 240) * minute;
  return { ...start, paid, shipped, delivered, ...(fraud ? {} : sentBack(random, shopper, delivered, lines)) };
}

function sentBack(random: Random, shopper: Shopper, delivered: number, lines: readonly Line[]): Pick<Way, "returned"> {
  const tried = lines.some(({ article }) => article.category.name === "Fashion") ? 2.5 : 1;
  if (!chance(random, shopper.returns * tried)) return {};
  const all = lines.length === 1 || chance(random, 0.3);
  const back = all ? lines : [pick(random, lines)];
  return { returned: { at: delivered + Math.floor(between(random, 2, 24) * day), lines: back } };
}

function lifeOf(placed: Order, { paid, shipped, delivered, cancelled, returned }: Way): Order[] {
  const life = [placed];
  let order = placed;
  become("paid", paid);
  become("shipped", shipped);
  become("delivered", delivered);
  become("cancelled", cancelled);
  if (returned) {
    const total = order.total - returned.lines.reduce((sum, line) => sum + amount(line), 0);
    become(total === 0 ? "returned" : order.status, returned.at, total);
  }
  return life;

  function become(status: Order["status"], at: number | undefined, total = order.total) {
    if (at === undefined) return;
    order = { ...order, status, total, updated_at: at };
    life.push(order);
  }
}

function itemsOf(id: number, at: number, lines: readonly Line[], { returned }: Way): OrderItem[] {
  const bought = lines.map(({ article, quantity, unitPrice, discount }, index) => ({
    order_id: id,
    line: index + 1,
    product_id: article.id,
    quantity,
    unit_price: unitPrice,
    discount,
    created_at: at,
    updated_at: at,
  }));
  const back = (returned?.lines ?? []).map(({ article, quantity, unitPrice, discount }, index) => ({
    order_id: id,
    line: lines.length + index + 1,
    product_id: article.id,
    quantity: -quantity,
    unit_price: unitPrice - discount / quantity,
    discount: 0,
    created_at: returned?.at ?? at,
    updated_at: returned?.at ?? at,
  }));
  return [...bought, ...back];
}
