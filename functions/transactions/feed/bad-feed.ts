// bad-feed: a feed that cannot be read as a whole, whatever is tried again. Rows that break a rule are no such thing.

export type BadFeedCode =
  | "Empty"
  | "NotUtf8"
  | "NotText"
  | "BrokenGzip"
  | "NestedGzip"
  | "ZipBomb"
  | "TooLarge"
  | "RecordTooLong"
  | "NoHeader"
  | "DuplicateColumn"
  | "TooManyColumns"
  | "TooManyRejects"
  | "UnclosedQuote"
  | "NotAnArray"
  | "BrokenJson";

export type BadFeed = Error & { readonly code: BadFeedCode };

/** Long enough for every column's name, and short enough for an item of DynamoDB. */
const longestMessage = 2_000;

/** `found` says what there is, as a clause: `byte 17 is no UTF-8`. */
export const badFeed = (code: BadFeedCode, found: string, cause?: unknown): BadFeed => {
  const told = found.length > longestMessage ? `${found.slice(0, longestMessage)} ...` : found;
  return Object.assign(new Error(told, { cause }), { name: "BadFeed", code });
};

export const isBadFeed = (error: unknown): error is BadFeed => error instanceof Error && error.name === "BadFeed";
