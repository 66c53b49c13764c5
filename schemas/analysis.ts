// analysis: what a model says of a picture.

import {
  array,
  description,
  type InferOutput,
  maxLength,
  maxValue,
  minLength,
  minValue,
  number,
  picklist,
  pipe,
  strictObject,
  string,
  transform,
  trim,
} from "valibot";

/** One of them for each picture, so that a list can be filtered by it. */
export const categories = [
  "animal",
  "artwork",
  "building",
  "document",
  "food",
  "graphic",
  "landscape",
  "people",
  "plant",
  "product",
  "vehicle",
  "other",
] as const;

export const Category = pipe(picklist(categories), description("What the picture is of, above all"));

export type Category = InferOutput<typeof Category>;

const words = (most: number, about: string) =>
  pipe(
    array(string()),
    // A model is paid for what it says: what is too long or too much of it is cut.
    transform((list) => list.map((word) => [...word.trim()].slice(0, 100).join(""))),
    transform((list) => [...new Set(list)].filter((word) => word !== "").slice(0, most)),
    description(about),
  );

export const Analysis = strictObject({
  category: Category,
  summary: pipe(string(), trim(), minLength(1), maxLength(2_000), description("One or two sentences")),
  objects: words(30, "What is to be seen, the most important first"),
  colours: words(10, "What its main colours are called, the largest first"),
  text: pipe(
    string(),
    trim(),
    maxLength(10_000),
    description("The text that is to be read in it, word for word; empty where there is none"),
  ),
  mood: pipe(string(), trim(), maxLength(200), description("The mood in a word or two; empty where it has none")),
  // To four digits: some tables know no number as small as a model may write one.
  confidence: pipe(
    number(),
    minValue(0),
    maxValue(1),
    transform((confidence) => Math.round(confidence * 10_000) / 10_000),
    description("From 0 to 1"),
  ),
});

export type Analysis = InferOutput<typeof Analysis>;
