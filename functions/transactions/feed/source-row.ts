// source-row: a row as it came, in whichever format, before it is held against the rules.

import { columnName, type FeedColumn, type FeedRow, feedColumns } from "../../../schemas/feed";
import { limits } from "./limits";

export interface Problem {
  /** A column; "row" where it is of the row as a whole. */
  readonly field: string;
  readonly reason: string;
  /** What stands there, or its beginning. */
  readonly found: string;
}

export interface SourceRow {
  /** In the file, from 1 on. */
  readonly line?: number;
  readonly values: FeedRow;
  /** What is wrong with it before its values are looked at. */
  readonly problems: readonly Problem[];
  /** By the feed's own names. Asked for where the row is rejected. */
  source(): Readonly<Record<string, string>>;
}

/** Enough to see what was meant. */
const mostShown = 200;

export const problem = (field: string, reason: string, found: string): Problem => ({
  field: shown(field),
  reason,
  found: shown(found),
});

const shown = (text: string): string =>
  text.length > mostShown ? `${text.slice(0, mostShown).toWellFormed()}...` : text;

export const tooLong = (field: string, text: string): Problem =>
  problem(field, `must have at most ${limits.characters} characters: it has ${text.length}`, text);

export const noValues: FeedRow = {
  transaction_id: "",
  occurred_at: "",
  product_id: "",
  product_name: "",
  category: "",
  quantity: "",
  unit_price: "",
  discount: "",
  currency: "",
  inventory_level: "",
  seller_id: "",
};

/** Which of the columns that every feed has are not among these. */
export const missingColumns = (names: readonly string[]): string[] =>
  Object.entries(feedColumns).flatMap(([name, { required }]) => (required && !names.includes(name) ? [name] : []));

export const isFeedColumn = (name: string): name is FeedColumn => Object.hasOwn(feedColumns, name);

/** Ours, in a CSV of rejected rows (see rejected-rows.ts). */
export const isErrorColumn = (name: string): boolean => columnName(name).startsWith("error_");
