// bad-file: a raw file that no retry will mend. It is kept whole in quarantine, with this as the reason.

export type BadFile = Error & { readonly code: BadFileCode };

type BadFileCode =
  | "NotParquet"
  | "Truncated"
  | "Encrypted"
  | "Unreadable"
  | "Columns"
  | "Empty"
  | "Damaged"
  | "UnknownTable"
  | "TooLarge";

/** Long enough for twenty columns. An audit row has 400 kB for everything, and a person less patience. */
const longestMessage = 2_000;

export const badFile = (code: BadFileCode, message: string): BadFile => {
  const told = message.length > longestMessage ? `${message.slice(0, longestMessage)} ...` : message;
  return Object.assign(new Error(told), { name: "BadFile", code });
};

export const isBadFile = (error: unknown): error is BadFile => error instanceof Error && error.name === "BadFile";
