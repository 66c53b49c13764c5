// file-name: what a seller may call a feed. It ends up in keys of objects, in shells and in forms, and stays what it is in
// each.

import { description, type InferOutput, maxLength, metadata, pipe, regex, string } from "valibot";

const rule =
  "must be letters, digits, spaces and . _ - ( ), begin with a letter, a digit or _, and hold no two dots in a row";

export const FileName = pipe(
  string(),
  metadata({ minLength: 1 }),
  regex(/^(?!.*\.\.)[\p{L}\p{N}_][\p{L}\p{M}\p{N} ._()-]*$/u, rule),
  maxLength(120, "must have 120 characters at most"),
  description(`What the file is called. It ${rule}`),
);

export type FileName = InferOutput<typeof FileName>;
