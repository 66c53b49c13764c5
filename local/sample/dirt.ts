// dirt: what is wrong with the files of a real shop, in known amounts: the same row twice, an older version of a row in
// the same file, and rows that no table should take.
//
// A bad row is always one too many: a copy of a good row under a key that nothing else has, with one value broken. So
// every good row arrives, and what the pipeline sets aside can be counted against what was put in here.

import type { TableName } from "../../schemas/tables";
import { integer, pick } from "./draw";
import type { RawRow } from "./rows";
import type { Random } from "./xoshiro128";

export interface Soiled {
  readonly rows: readonly RawRow[];
  /** Rows that break a rule of their table. */
  readonly dirty: number;
  /** Rows that have the key of another good row in the same file, and are no newer. */
  readonly duplicates: number;
}

/** Of a thousand rows. */
const share = { dirty: 4, twice: 3, older: 2 } as const;

/** Keys from here on belong to bad rows. */
export const firstBadKey = 900_000_001;

export function soiler(random: Random) {
  let made = 0;

  return (table: TableName, rows: readonly RawRow[]): Soiled => {
    const { key, broken, earlier } = habits[table];
    const extras: { readonly after: number; readonly row: RawRow }[] = [];
    const somewhere = () => integer(random, 0, rows.length - 1);

    const dirty = atLeastOne(rows, share.dirty);
    for (let i = 0; i < dirty; i++, made++) {
      const row = { ...pick(random, rows), [key]: firstBadKey + made, ...broken[made % broken.length] };
      extras.push({ after: somewhere(), row });
    }

    const twice = atLeastOne(rows, share.twice);
    for (let i = 0; i < twice; i++) extras.push({ after: somewhere(), row: pick(random, rows) });

    const changed = rows.filter(({ created_at, updated_at }) => created_at !== updated_at);
    const older = changed.length === 0 ? 0 : atLeastOne(rows, share.older);
    for (let i = 0; i < older; i++) {
      const row = pick(random, changed);
      extras.push({
        after: somewhere(),
        row: { ...row, ...earlier, updated_at: row.created_at ?? null },
      });
    }

    return { rows: merged(rows, extras), dirty, duplicates: twice + older };
  };
}

/** None in a file of a few rows, so that there are also files with nothing wrong in them. */
const atLeastOne = (rows: readonly RawRow[], perThousand: number) =>
  rows.length < 20 ? 0 : Math.max(1, Math.round((rows.length * perThousand) / 1_000));

function merged(rows: readonly RawRow[], extras: { readonly after: number; readonly row: RawRow }[]): RawRow[] {
  const inOrder = [...extras].sort((a, b) => a.after - b.after);
  const all: RawRow[] = [];
  let next = 0;
  rows.forEach((row, index) => {
    all.push(row);
    for (; inOrder[next]?.after === index; next++) all.push(inOrder[next]?.row ?? row);
  });
  return all;
}

interface Habits {
  /** The column that a bad row gets a key of its own in. */
  readonly key: string;
  /** Values that the table must refuse, one way of being wrong after the other. */
  readonly broken: readonly RawRow[];
  /** What an older version of a changed row looked like. */
  readonly earlier: RawRow;
}

const habits: Readonly<Record<TableName, Habits>> = {
  customers: {
    key: "customer_id",
    broken: [
      { customer_id: null },
      { email: "anna.weber.example.com" },
      { country: "Germany" },
      { ssn: "12-345-678" },
      { email: "hugo petit@example" },
      { full_name: "" },
      { created_at: null },
      { country: "de" },
      { ssn: "unknown" },
    ],
    earlier: {},
  },
  products: {
    key: "product_id",
    broken: [{ price: -1_999 }, { product_id: null }, { currency: "€" }, { cost: -1 }, { name: null }],
    earlier: {},
  },
  orders: {
    key: "order_id",
    broken: [
      { status: "in transit" },
      { order_id: null },
      { country: "Germany" },
      { channel: "fax" },
      { currency: "euro" },
      { customer_id: null },
      { status: "PAID" },
      { total: 9_999_999_999 },
      { updated_at: null },
      { customer_id: -1 },
    ],
    earlier: { status: "placed" },
  },
  order_items: {
    key: "order_id",
    broken: [
      { quantity: 100_000 },
      { line: null },
      { unit_price: -499 },
      { line: 0 },
      { quantity: null },
      { discount: -100 },
      { product_id: null },
      { order_id: null },
      { quantity: -2_147_483_648 },
    ],
    earlier: {},
  },
  payments: {
    key: "payment_id",
    broken: [
      { card_number: "4111-1111-1111" },
      { status: "pending" },
      { payment_id: null },
      { card_number: "4111 1111 1111 111X" },
      { method: "cash" },
      { card_number: "n/a" },
      { amount: null },
      { country: "Germany" },
      { card_number: "55555555555544445555555" },
      { created_at: null },
    ],
    earlier: { status: "authorised" },
  },
  search_queries: {
    key: "query_id",
    broken: [
      { query: "" },
      { query_id: null },
      { results: -1 },
      { session_id: null },
      { query: null },
      { clicked_product_id: 0 },
    ],
    earlier: { clicked_product_id: null },
  },
};
