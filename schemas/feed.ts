// feed: a row of a seller's feed - its columns, and what each must hold. A row is all texts, as a CSV has it, and all
// texts come out, exact and ready for the database. The reasons are sentences for the seller that continue the column's
// name.

import { type BaseIssue, type GenericSchema, object, pipe, rawCheck, rawTransform, string } from "valibot";
import { currencies } from "./feed/currencies";
import { readMoment } from "./feed/dates";
import { exceeds, readMoney, readWhole } from "./feed/numbers";
import type { Unreadable } from "./feed/unreadable";
import type { Seller } from "./seller";

export const feedColumns = {
  transaction_id: { required: true, holds: "text of 1 to 100 characters; its newest version counts" },
  occurred_at: { required: true, holds: "ISO 8601 with Z or an offset, or a day, which begins at midnight UTC" },
  product_id: { required: true, holds: "text of 1 to 100 characters" },
  product_name: { required: true, holds: "text of 1 to 200 characters" },
  category: { required: true, holds: "text of 1 to 200 characters" },
  quantity: { required: true, holds: "whole number, not 0; negative where goods came back" },
  unit_price: { required: true, holds: "0 or more, with a point before the decimals" },
  discount: { required: false, holds: "of the whole line: 0 to |quantity| x unit_price" },
  currency: { required: true, holds: "code of ISO 4217, such as EUR" },
  inventory_level: { required: false, holds: "whole number, 0 or more: what is left of the product" },
  seller_id: { required: false, holds: "the seller whose feed it is" },
} as const satisfies Readonly<Record<string, { readonly required: boolean; readonly holds: string }>>;

export type FeedColumn = keyof typeof feedColumns;

/** The columns of a feed that leaves it to its key whose it is. */
export const ownColumns = (Object.keys(feedColumns) as FeedColumn[]).filter((column) => column !== "seller_id");

/** Every column, as it was read; what is not there is "". */
export type FeedRow = Readonly<Record<FeedColumn, unknown>>;

export type FeedValues = Readonly<Record<Exclude<FeedColumn, "inventory_level" | "seller_id">, string>> & {
  readonly inventory_level: string | null;
};

/** Names are compared without regard to case, and to what stands between words. */
export const columnName = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, "_");

/** The schema of the rows of one feed. */
export function feedRow(seller: Seller, now: Date): GenericSchema<FeedRow, FeedValues> {
  const decimals = currencies();
  const time = now.getTime();
  const money = value(readMoney);
  return pipe(
    object({
      transaction_id: value(readId),
      occurred_at: value((text) => readMoment(text, time)),
      product_id: value(readId),
      product_name: value(readText),
      category: value(readText),
      quantity: value(readQuantity),
      unit_price: money,
      discount: value((text) => (text === "" ? "0" : readMoney(text)), { optional: true }),
      currency: value((text) => (decimals.has(text) ? text : { reason: notACurrency(text, decimals) })),
      inventory_level: value((text) => (text === "" ? null : readWhole(text, { negative: false })), { optional: true }),
      seller_id: value((text) => (text === "" || text === seller ? text : { reason: `must be "${seller}"` }), {
        optional: true,
      }),
    }),
    rawCheck(({ dataset, addIssue }) => {
      const values = dataset.value as FeedValues;
      for (const [key, message] of wrongTogether(values, dataset.issues ?? none, decimals)) {
        const path = { type: "object", origin: "value", input: { ...values }, key, value: values[key] } as const;
        addIssue({ message, path: [path] });
      }
    }),
  ) as unknown as GenericSchema<FeedRow, FeedValues>;
}

type Together = readonly [column: "unit_price" | "discount", reason: string];

const none: readonly never[] = [];

/** What is wrong with values because of others; those with an issue of their own are not looked at. */
function wrongTogether(
  { quantity, unit_price, discount, currency }: FeedValues,
  issues: readonly BaseIssue<unknown>[],
  decimals: ReadonlyMap<string, number>,
): readonly Together[] {
  const wrong = issues.map(({ path }) => path?.[0]?.key);
  const known = wrong.includes("currency") ? undefined : currency;
  const most = decimals.get(known ?? "") ?? 4;
  const priceIsLong = !wrong.includes("unit_price") && decimalsOf(unit_price) > most;
  const discountIsLong = !wrong.includes("discount") && decimalsOf(discount) > most;
  if (priceIsLong || discountIsLong) {
    const reason = tooManyDecimals(most, known);
    return [
      ...(priceIsLong ? [["unit_price", reason] as const] : none),
      ...(discountIsLong ? [["discount", reason] as const] : none),
    ];
  }
  if (wrong.length > 0 && ["quantity", "unit_price", "discount"].some((column) => wrong.includes(column))) return none;
  if (!exceeds(discount, quantity, unit_price)) return none;
  return [["discount", "must not be more than quantity x unit_price: it is of the whole line"]];
}

const decimalsOf = (money: string): number => (money.includes(".") ? money.length - money.indexOf(".") - 1 : 0);

type Read = (text: string) => string | null | Unreadable;

const value = (read: Read, { optional = false } = {}) =>
  pipe(
    string("must be a text or a number"),
    rawTransform<string, string | null>(({ dataset, addIssue, NEVER }) => {
      const text = dataset.value.trim();
      const output = text === "" && !optional ? missing : read(text);
      if (typeof output === "string" || output === null) return output;
      addIssue({ message: output.reason });
      return NEVER;
    }),
  );

const missing: Unreadable = { reason: "is missing" };

function readId(text: string): string | Unreadable {
  if (/\p{Cc}/u.test(text)) return { reason: "must not hold control characters, such as line ends" };
  return limited(text, 100);
}

/** Tabs and line ends may stand in a text; PostgreSQL takes no NUL, and the others come of a wrong encoding. */
function readText(text: string): string | Unreadable {
  if (/[^\P{Cc}\t\r\n]/u.test(text)) return { reason: "must not hold control characters" };
  return limited(text.normalize("NFC"), 200);
}

function limited(text: string, most: number): string | Unreadable {
  if (!text.isWellFormed()) return { reason: "must be Unicode: it holds half of a surrogate pair" };
  // Whoever reads bytes of another encoding as UTF-8 puts U+FFFD in their place; API Gateway does so with a text.
  if (text.includes("\uFFFD")) return { reason: "must be whole: a character was lost. Save the file as UTF-8" };
  const characters = text.length <= most ? text.length : [...text].length;
  if (characters > most) return { reason: `must have at most ${most} characters: it has ${characters}` };
  return text;
}

function readQuantity(text: string): string | Unreadable {
  const quantity = readWhole(text, { negative: true });
  if (quantity === "0") return { reason: "must not be 0" };
  if (typeof quantity === "string" && Math.abs(Number(quantity)) > 1e9) {
    return { reason: "must be between -1000000000 and 1000000000" };
  }
  return quantity;
}

function notACurrency(text: string, known: ReadonlyMap<string, number>): string {
  const upper = text.toUpperCase();
  return known.has(upper) ? `must be in capitals: ${upper}` : "must be a currency's code of ISO 4217, such as EUR";
}

function tooManyDecimals(most: number, currency: string | undefined): string {
  if (currency === undefined) return `must have at most ${most} decimals`;
  return most === 0
    ? `must have no decimals: ${currency} has none`
    : `must have at most ${most} decimals: ${currency} has no more`;
}
