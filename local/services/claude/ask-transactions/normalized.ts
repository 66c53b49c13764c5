// normalized: a question as words in lower case with single spaces between them; what is quoted stands apart.

import { notUnderstood } from "./not-understood";

export interface Normalized {
  /** A comma is a word, «0» the first quoted text, and cur:eur the currency EUR. */
  readonly words: string;
  readonly quoted: readonly string[];
}

export function normalized(text: string): Normalized {
  const quoted: string[] = [];
  const apart = text
    .replaceAll(/[«»]/g, " ")
    .replaceAll(/[‘’]/g, "'")
    .replaceAll(
      /"([^"]*)"|“([^”]*)”|(?<=^|\s)'((?:[^']|'(?=\w))+)'(?=$|[\s.,?!])/g,
      (_, ...found: (string | undefined)[]) => {
        quoted.push((found.slice(0, 3).find((each) => each !== undefined) ?? "").trim().toLowerCase());
        return ` «${quoted.length - 1}» `;
      },
    );
  if (/[;{}<>]|--|\/\*/.test(apart)) throw notUnderstood("it holds signs that no question needs");
  const words = apart
    .replaceAll(/\b[A-Z]{3}\b/g, (code) => (isCurrency(code) ? `cur:${code}` : code))
    .toLowerCase()
    .replaceAll(/\b(?:in (?:total|all)|altogether)\b/g, " ")
    .replaceAll(/(?<=[a-z])-(?=selling|performing)/g, " ")
    .replaceAll(/\beuros?\b/g, "cur:eur")
    .replaceAll(/\b(?:us )?dollars?\b/g, "cur:usd")
    .replaceAll(/\b(\d{1,2})(?:st|nd|rd|th)\b/g, "$1")
    .replaceAll(/, (?=\d{4}\b)/g, " ")
    .replaceAll(/[?!()]|\.(?=\s|$)/g, " ")
    .replaceAll(/,|: /g, " , ")
    .replaceAll(/\s+/g, " ")
    .trim();
  return { words, quoted };
}

/** Of those in use; ALL, TOP and TRY are words before they are money of Albania, Tonga and Turkey. */
const isCurrency = (code: string): boolean =>
  !["ALL", "TOP", "TRY"].includes(code) && Intl.supportedValuesOf("currency").includes(code);
