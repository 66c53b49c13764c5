// bad-image: a picture that no retry will mend.

export type BadImage = Error & { readonly code: BadImageCode };

type BadImageCode =
  | "NoImageKey"
  | "Empty"
  | "NotAnImage"
  | "UnknownType"
  | "Truncated"
  | "Damaged"
  | "TooLarge"
  | "TooManyPixels"
  | "TooManyScans"
  | "TooManyChunks";

/** `found` ends the sentence: it has no bytes. */
export const badImage = (code: BadImageCode, name: string, found: string): BadImage =>
  Object.assign(new Error(`Cannot make a thumbnail of "${name}": ${found}`), { name: "BadImage", code });

export const isBadImage = (error: unknown): error is BadImage => error instanceof Error && error.name === "BadImage";
