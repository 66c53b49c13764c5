// GET /api/items/{id}/similar: more like this.

import { array, description, number, pipe, strictObject } from "valibot";
import { endpoint } from "../endpoint";
import { ItemId } from "../image-keys";
import { Item, ItemLimit } from "../item";

export const similarItems = endpoint({
  route: "GET /api/items/{id}/similar",
  summary: "Find items like another one",
  description: "The user's other items, those first that are nearest in meaning.",
  pipeline: "collections",
  for: "user",
  path: strictObject({ id: ItemId }),
  query: strictObject({ limit: ItemLimit }),
  answer: {
    status: 200,
    description: "The nearest first",
    schema: strictObject({
      items: array(
        strictObject({
          ...Item.entries,
          similarity: pipe(number(), description("In meaning: 1 is the same, 0 has nothing in common")),
        }),
      ),
    }),
  },
  problems: { NotEmbedded: { status: 409, when: "the item is so new that it has no place among the others yet" } },
});
