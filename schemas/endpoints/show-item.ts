// GET /api/items/{id}: one picture, what was said of it, and its thumbnail.

import { description, integer, number, optional, picklist, pipe, strictObject, string } from "valibot";
import { endpoint } from "../endpoint";
import { ItemId } from "../image-keys";
import { Item, ItemAnalysis } from "../item";
import { Link } from "../link";

export const showItem = endpoint({
  route: "GET /api/items/{id}",
  summary: "Show an item",
  description:
    "`status` is what became of its newest picture: it is `waiting` until it is analyzed, and `rejected` where nothing can " +
    "be made of it, with the reason. `item` is what is known of the newest picture that was analyzed, if there is one. " +
    '`thumbnail` leads for 15 minutes to a small picture. The name "search" is taken: an item of this name is found by ' +
    "GET /api/items.",
  pipeline: "collections",
  for: "user",
  path: strictObject({ id: ItemId }),
  answer: {
    status: 200,
    description: "The item, or what is known of it",
    schema: strictObject({
      id: ItemId,
      status: pipe(picklist(["ready", "waiting", "rejected"]), description("What became of its newest picture")),
      error: optional(
        strictObject({
          code: pipe(string(), description("Why the picture was rejected; it stays the same")),
          message: pipe(string(), description("The same as a sentence")),
        }),
      ),
      item: optional(
        strictObject({
          ...Item.entries,
          analysis: ItemAnalysis,
          analyses: pipe(number(), integer(), description("How many analyses there are of it, the older ones with it")),
          thumbnail: pipe(Link, description("To a picture of 800 by 800 pixels at most")),
        }),
      ),
    }),
  },
  problems: {},
});
