// GET /api/items/search: a user's pictures that show what was asked for, by words and by meaning.

import {
  array,
  boolean,
  description,
  forward,
  metadata,
  nullable,
  number,
  optional,
  partialCheck,
  pipe,
  regex,
  strictObject,
  string,
} from "valibot";
import { endpoint } from "../endpoint";
import { Item, ItemLimit, itemFilters } from "../item";
import { Cursor, endsAfterItBegins, NextCursor } from "../parameters";

const Segments = array(
  strictObject({
    text: string(),
    match: pipe(boolean(), description("Whether it is one of the words that were searched for")),
  }),
);
const highlighted = (where: string) =>
  optional(
    pipe(Segments, description(`${where}, in pieces to be put together as they are; missing where no word matches`)),
  );

export const searchItems = endpoint({
  route: "GET /api/items/search",
  summary: "Search items",
  description:
    'In what was said of each picture, two ways at once: by words (`or`, `-without` and "a phrase" are understood), and by ' +
    "meaning, as a model of language has it. The best of both come first: an item's `score` is the sum of 1 / (60 + its " +
    "place) in either list, of which each has 100 at most. Pages follow one another by `cursor`; an item that comes or goes in between " +
    "may move others from one page to another.",
  pipeline: "collections",
  for: "user",
  query: pipe(
    strictObject({
      q: pipe(
        string(),
        metadata({ minLength: 1, maxLength: 500 }),
        regex(
          /^(?=[\s\S]*\S)(?:\P{Cc}|[\t\r\n]){1,500}$/u,
          "must be a text of 1 to 500 characters, with no control characters in it",
        ),
        description("What is searched for, in words; 500 characters at most, no control characters"),
      ),
      ...itemFilters,
      limit: ItemLimit,
      cursor: Cursor,
    }),
    forward(partialCheck([["from"], ["to"]], endsAfterItBegins, "must not be earlier than `from`"), ["to"]),
  ),
  answer: {
    status: 200,
    description: "A page of hits, the best first, and where the next one begins",
    schema: strictObject({
      items: array(
        strictObject({
          ...Item.entries,
          score: pipe(number(), description("By which they are ordered; it means something within one search only")),
          similarity: pipe(
            nullable(number()),
            description(
              "In meaning: 1 is the same, 0 has nothing in common; null where it is not among the 100 nearest",
            ),
          ),
          textRank: pipe(
            nullable(number()),
            description("By words, from 0 to 1; null where it has none of them, or others have them more often"),
          ),
          highlights: strictObject({
            summary: highlighted("The summary"),
            objects: highlighted("What is to be seen, with commas"),
            colours: highlighted("The colours, with commas"),
            mood: highlighted("The mood"),
            text: highlighted("Parts of the text that is to be read in it, with dots between them"),
          }),
        }),
      ),
      cursor: NextCursor,
      truncated: pipe(
        boolean(),
        description(
          "Whether there are more items than are looked at, the 100 best by words and the 100 nearest in meaning",
        ),
      ),
    }),
  },
  problems: {},
});
