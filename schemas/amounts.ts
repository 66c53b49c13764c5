// amounts: how many and how much, as the HTTP API says it. Money is a text: as a number of JSON it would be a float somewhere.

import { description, examples, integer, nullable, number, pipe, string } from "valibot";

export const Whole = pipe(number(), integer());

export const Transactions = pipe(Whole, description("How many transactions this is of"));

export const Quantity = pipe(Whole, description("Pieces; negative where more came back than was sold"));

export const Amount = pipe(
  string(),
  description("Quantity times price, in `currency`: a decimal number as a text"),
  examples(["37.5000"]),
);

export const Revenue = pipe(
  string(),
  description("The amount less discounts, in `currency`: a decimal number as a text"),
  examples(["37.0000"]),
);

export const InventoryLevel = pipe(
  nullable(Whole),
  description("Pieces that are left of the product; null where no feed has said so"),
);
