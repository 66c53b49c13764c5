// GET /api/items: a user's pictures, the newest first.

import { array, forward, partialCheck, pipe, strictObject } from "valibot";
import { endpoint } from "../endpoint";
import { Item, ItemLimit, itemFilters } from "../item";
import { Cursor, endsAfterItBegins, NextCursor } from "../parameters";

export const listItems = endpoint({
  route: "GET /api/items",
  summary: "List items",
  description:
    "Pictures that were analyzed, the newest first. Pages follow one another by `cursor`, each item once, whatever is " +
    "uploaded in between.",
  pipeline: "collections",
  for: "user",
  query: pipe(
    strictObject({ ...itemFilters, limit: ItemLimit, cursor: Cursor }),
    forward(partialCheck([["from"], ["to"]], endsAfterItBegins, "must not be earlier than `from`"), ["to"]),
  ),
  answer: {
    status: 200,
    description: "A page, and where the next one begins",
    schema: strictObject({ items: array(Item), cursor: NextCursor }),
  },
  problems: {},
});
