// state-tables: the parts of the running aggregates that Athena reads, as tables of the catalog.

import type { ColumnType } from "../../../schemas/tables";

export interface StateTable {
  readonly about: string;
  /** In the prod bucket. */
  readonly folder: string;
  readonly columns: Readonly<Record<string, ColumnType>>;
}

export const stateTables = {
  market_intelligence_state_orders: {
    about: "State of market-intelligence: what it knows of each order, per partition that the order is in",
    folder: "state/orders/",
    columns: {
      order_id: "bigint",
      status: "varchar",
      country: "varchar",
      region: "varchar",
      channel: "varchar",
      currency: "varchar",
      dt: "date",
      updated_at: "timestamp",
    },
  },
  market_intelligence_state_products: {
    about: "State of market-intelligence: name and category of each product, per partition that the product is in",
    folder: "state/products/",
    columns: { product_id: "bigint", product: "varchar", category: "varchar", dt: "date", updated_at: "timestamp" },
  },
} as const satisfies Record<string, StateTable>;
