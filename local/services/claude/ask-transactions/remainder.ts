// remainder: what of a question has not been understood yet. Whoever understands a part takes it out, and nothing may be left:
// half a question is another one.

export interface Taken {
  /** Where it stood. */
  readonly at: number;
  /** The groups of the pattern; empty where one has no part in it. */
  readonly parts: readonly string[];
}

export interface Remainder {
  /** Takes out the first words that match; nothing where none do. */
  take(pattern: string): Taken | undefined;
  /** The words that are left. */
  words(): string[];
}

/** Of words with single spaces between them. */
export function remainder(words: string): Remainder {
  let rest = ` ${words} `;
  return {
    take(pattern) {
      const found = new RegExp(`(?<= )(?:${pattern})(?= )`).exec(rest);
      if (found === null) return undefined;
      const [whole, ...parts] = found;
      // What stood around it does not come together, and stays where it is.
      rest = rest.slice(0, found.index) + ";".repeat(whole.length) + rest.slice(found.index + whole.length);
      return { at: found.index, parts: parts.map((part) => part ?? "") };
    },
    words: () => rest.split(" ").filter((word) => !/^;*$/.test(word)),
  };
}
