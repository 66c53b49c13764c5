// tables: the lake's tables, defined once.
//
// Everything that must know a table's shape asks here: what raw-to-curated accepts and writes, the rows that the sample
// shop makes, the types of the Glue catalog. See column-types.ts for a type's names elsewhere, row.ts for the valibot
// schema of a row, protection.ts for what becomes of a sensitive column.

/** SQL's words for the types of the lake. `timestamp` is UTC without a zone, in milliseconds (Athena's precision). */
export type ColumnType =
  | "bigint"
  | "integer"
  | "double"
  | "boolean"
  | "date"
  | "timestamp"
  | "varchar"
  | `decimal(${number},${number})`;

/**
 * How a sensitive column is protected before it leaves the raw bucket (PCI DSS 4.0.1, 3.3 to 3.5):
 * - `card`  becomes `{as}_last4` and `{as}_token`, a keyed HMAC that joins equal cards and tells nothing else;
 * - `drop`  is not kept at all (a CVV may not be stored after authorisation, masked or not);
 * - `ssn`   becomes `{as}_last4`;
 * - `email` stays in its place, of the local part only the first character;
 * - `text`  stays in its place, card and social security numbers in it masked.
 */
export type Protection =
  | { readonly kind: "card" | "ssn"; readonly as: string }
  | { readonly kind: "drop" | "email" | "text" };

export interface Column {
  readonly type: ColumnType;
  readonly nullable?: true;
  /** The only values allowed. */
  readonly oneOf?: readonly string[];
  /** What a value must match whole, in the syntax that RE2 and JavaScript share: no `.`, no `\s`, which differ. */
  readonly pattern?: string;
  /** Inclusive bounds: of a number's value, of a text's length in characters. */
  readonly min?: number;
  readonly max?: number;
  readonly protect?: Protection;
}

export interface Table {
  readonly columns: Readonly<Record<string, Column>>;
  readonly primaryKey: readonly string[];
  /** Of two rows with one primary key the one with the greater version is the newer. */
  readonly version: string;
  /**
   * The column whose day (or month) is the partition `dt`. It belongs to the row's identity: a shop never changes it,
   * and so every version of a row meets its predecessors in one partition.
   */
  readonly partition: { readonly column: string; readonly by: "day" | "month" };
}

const id = { type: "bigint", min: 1 } as const;
const money = { type: "decimal(12,2)", min: -10_000_000, max: 10_000_000 } as const;
const price = { ...money, min: 0 } as const;
const currency = { type: "varchar", pattern: "[A-Z]{3}" } as const;
const country = { type: "varchar", pattern: "[A-Z]{2}" } as const;
/** From outside, so scanned: a row whose columns are shifted has anything anywhere. */
const name = { type: "varchar", pattern: "[^\\r\\n]{1,200}", protect: { kind: "text" } } as const;
const code = { type: "varchar", pattern: "[^\\r\\n]{1,200}" } as const;
const freeText = { type: "varchar", nullable: true, protect: { kind: "text" } } as const;
const moment = { type: "timestamp" } as const;
const versioned = { version: "updated_at", partition: { column: "created_at", by: "day" } } as const;
const slowlyChanging = { version: "updated_at", partition: { column: "created_at", by: "month" } } as const;

export const tables = {
  customers: {
    columns: {
      customer_id: id,
      full_name: name,
      email: {
        type: "varchar",
        pattern: "[^@ \\t\\r\\n]+@[^@ \\t\\r\\n]+\\.[^@ \\t\\r\\n]+",
        protect: { kind: "email" },
      },
      ssn: { type: "varchar", nullable: true, pattern: "\\d{3}-?\\d{2}-?\\d{4}", protect: { kind: "ssn", as: "ssn" } },
      country,
      region: name,
      marketing_consent: { type: "boolean" },
      notes: freeText,
      created_at: moment,
      updated_at: moment,
    },
    primaryKey: ["customer_id"],
    ...slowlyChanging,
  },
  products: {
    columns: {
      product_id: id,
      name,
      category: name,
      price,
      cost: price,
      currency,
      description: freeText,
      created_at: moment,
      updated_at: moment,
    },
    primaryKey: ["product_id"],
    ...slowlyChanging,
  },
  orders: {
    columns: {
      order_id: id,
      customer_id: id,
      status: { type: "varchar", oneOf: ["placed", "paid", "shipped", "delivered", "cancelled", "returned"] },
      channel: { type: "varchar", oneOf: ["web", "app", "store", "marketplace"] },
      country,
      region: name,
      currency,
      total: money,
      notes: freeText,
      created_at: moment,
      updated_at: moment,
    },
    primaryKey: ["order_id"],
    ...versioned,
  },
  order_items: {
    columns: {
      order_id: id,
      line: { type: "integer", min: 1, max: 1_000 },
      product_id: id,
      /** Negative for a return. */
      quantity: { type: "integer", min: -10_000, max: 10_000 },
      unit_price: price,
      discount: price,
      created_at: moment,
      updated_at: moment,
    },
    primaryKey: ["order_id", "line"],
    ...versioned,
  },
  payments: {
    columns: {
      payment_id: id,
      order_id: id,
      customer_id: id,
      method: { type: "varchar", oneOf: ["card", "paypal", "transfer", "voucher"] },
      status: { type: "varchar", oneOf: ["authorised", "captured", "declined", "refunded", "charged_back"] },
      amount: money,
      currency,
      card_number: {
        type: "varchar",
        nullable: true,
        pattern: "\\d(?:[ -]?\\d){12,18}",
        protect: { kind: "card", as: "card" },
      },
      card_cvv: { type: "varchar", nullable: true, protect: { kind: "drop" } },
      country,
      created_at: moment,
      updated_at: moment,
    },
    primaryKey: ["payment_id"],
    ...versioned,
  },
  search_queries: {
    columns: {
      query_id: id,
      session_id: code,
      customer_id: { ...id, nullable: true },
      query: { type: "varchar", min: 1, max: 2_000, protect: { kind: "text" } },
      results: { type: "integer", min: 0 },
      clicked_product_id: { ...id, nullable: true },
      created_at: moment,
      updated_at: moment,
    },
    primaryKey: ["query_id"],
    ...versioned,
  },
} as const satisfies Record<string, Table>;

export type TableName = keyof typeof tables;

export const tableNames = Object.keys(tables) as TableName[];

/** The table of that name, or nothing: a name from outside may be any string. */
export const tableNamed = (name: string): Table | undefined =>
  Object.hasOwn(tables, name) ? tables[name as TableName] : undefined;
