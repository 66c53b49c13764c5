// file-name: what a seller may call a feed. It ends up in keys of objects, in shells and in forms, and stays what it is in each.

import { type InferOutput, maxLength, pipe, regex, string } from "valibot";

export const FileName = pipe(
  string(),
  regex(
    /^(?!.*\.\.)[\p{L}\p{N}_][\p{L}\p{M}\p{N} ._()-]*$/u,
    "must be letters, digits, spaces and . _ - ( ), begin with a letter or a digit, and hold no two dots in a row",
  ),
  maxLength(120, "must have 120 characters at most"),
);

export type FileName = InferOutput<typeof FileName>;
