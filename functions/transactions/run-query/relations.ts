// relations: what of the schema `transactions` questions are answered from, as a model is told of it and as a statement is held
// to it. What feeds were processed, and when, is no part of it.

export interface Relation {
  /** What a row of it is. */
  readonly row: string;
  /** By name: the type, and after a colon what it means. */
  readonly columns: Readonly<Record<string, string>>;
}

const seller = "text: whose row it is";
const day = "date: in UTC";
const productId = "text: the seller's own key of the product, unique within the seller";
const category = "text: of the product, as the seller's feed calls it";
const currency = "text: ISO 4217, as EUR; money of two currencies must never be added up";
const amount = "numeric: quantity x unit price, before discounts; negative for returns";
const revenue = "numeric: amount less discounts; negative for returns";

export const relations: Readonly<Record<string, Relation>> = {
  transactions: {
    row: "a line of a sale, or of a return",
    columns: {
      seller_id: seller,
      transaction_id: "text: unique within the seller",
      occurred_at: "timestamptz: when it was sold or came back",
      day,
      product_id: productId,
      product_name: "text: what this line calls the product",
      category,
      currency,
      quantity: "int8: units; negative where goods came back, and never 0",
      unit_price: "numeric: of one unit, in the currency",
      discount: "numeric: of the whole line, 0 or more",
      amount,
      revenue,
      inventory_level: "int8: units left of the product when it happened; null where nobody said",
    },
  },
  daily_totals: {
    row: "what the transactions of a seller's day, product, category and currency add up to",
    columns: {
      seller_id: seller,
      day,
      product_id: productId,
      category,
      currency,
      transactions: "int8: how many there were, returns as well",
      quantity: "int8: units sold less units returned",
      amount,
      revenue,
    },
  },
  products: {
    row: "a product of a seller, as it is now",
    columns: {
      seller_id: seller,
      product_id: productId,
      product_name: "text: its name",
      category,
      inventory_level: "int8: units left; null where nobody said",
      inventory_at: "timestamptz: when so many were left",
    },
  },
};
