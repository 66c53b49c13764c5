// item: a picture of a user and what a model has said of it, as the API shows them.

import {
  array,
  description,
  type InferOutput,
  integer,
  isoTimestamp,
  metadata,
  number,
  optional,
  picklist,
  pipe,
  regex,
  strictObject,
  string,
  transform,
} from "valibot";
import { Category } from "./analysis";
import { ItemId } from "./image-keys";
import { imageTypes } from "./image-types";
import { Day } from "./parameters";

const time = (what: string) => pipe(string(), isoTimestamp(), description(what));
const pixels = (what: string) => pipe(number(), integer(), description(what));

export const Item = strictObject({
  id: ItemId,
  filename: pipe(string(), description("Of the picture")),
  mimeType: pipe(picklist([...new Set(Object.values(imageTypes))]), description("What the picture is")),
  width: pixels("Of the picture as it is looked at, in pixels"),
  height: pixels("Of the picture as it is looked at, in pixels"),
  category: Category,
  summary: pipe(string(), description("Of the newest analysis, one or two sentences")),
  createdAt: time("When its first picture was analyzed"),
  updatedAt: time("When its newest analysis came"),
});

export type Item = InferOutput<typeof Item>;

/** The newest analysis of an item, all of it. */
export const ItemAnalysis = strictObject({
  version: pipe(number(), integer(), description("From 1; each analysis of the item adds one")),
  objects: pipe(array(string()), description("What is to be seen, the most important first")),
  colours: pipe(array(string()), description("What its main colours are called, the largest first")),
  text: pipe(string(), description("The text that is to be read in it, word for word; empty where there is none")),
  mood: pipe(string(), description("The mood in a word or two; empty where it has none")),
  confidence: pipe(number(), description("Of the model in what it says, from 0 to 1")),
  provider: pipe(string(), description("Whose model it is; `offline` where it is computed from the pixels")),
  model: pipe(string(), description("Which model has looked at it")),
  analyzedAt: time("When it was analyzed"),
});

export type ItemAnalysis = InferOutput<typeof ItemAnalysis>;

/** Days in UTC, both inclusive. */
export const itemFilters = {
  category: optional(Category),
  from: optional(pipe(Day, description("The first day on which an item was made, in UTC; it is one of them"))),
  to: optional(pipe(Day, description("The last day on which an item was made, in UTC; it is one of them"))),
};

export interface ItemFilters {
  readonly category?: Category | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** How much of a list of items; 20 where nothing is said. */
export const ItemLimit = optional(
  pipe(
    string(),
    metadata({ type: "integer", minimum: 1, maximum: 100, description: "How many of them a page has at most" }),
    regex(/^(?:[1-9]\d?|100)$/, "must be a whole number from 1 to 100"),
    transform(Number),
  ),
  "20",
);
