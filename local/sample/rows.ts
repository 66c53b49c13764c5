// rows: a row of each table as the sample shop holds it in memory. Money is in cents, a moment in milliseconds since 1970.

import type { Column, TableName, tables } from "../../schemas/tables";

type Columns<Name extends TableName> = (typeof tables)[Name]["columns"];

type Word<C extends Column> = C extends { readonly oneOf: readonly (infer V)[] } ? V : string;

type Filled<C extends Column> = C["type"] extends "varchar" ? Word<C> : C["type"] extends "boolean" ? boolean : number;

type Cell<C> = C extends Column ? (C extends { readonly nullable: true } ? Filled<C> | null : Filled<C>) : never;

/** A row as it should be. */
export type RowOf<Name extends TableName> = { readonly [C in keyof Columns<Name>]: Cell<Columns<Name>[C]> };

export type Customer = RowOf<"customers">;
export type Product = RowOf<"products">;
export type Order = RowOf<"orders">;
export type OrderItem = RowOf<"order_items">;
export type Payment = RowOf<"payments">;
export type SearchQuery = RowOf<"search_queries">;

/** A row as it may really come: any value can be missing or wrong, only its type is right. */
export type RawRow = Readonly<Record<string, string | number | boolean | null>>;

/** The states that one row goes through, the oldest first, each with a greater `updated_at` than the one before. */
export type Life<Row> = readonly Row[];
