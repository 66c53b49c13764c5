// spelled: a text in the letters that a font has.
//
// A letter that the font lacks becomes its plain form (ő: o, “: ", ﬁ: fi) where there is one, and else a box, one for what a reader takes
// for one character: a family of emoji is a box, and not seven.

/** Stands for a letter that cannot be written. */
export const box = "\u{25a1}";

const plain: Readonly<Record<string, string>> = {
  "\u2018": "'",
  "\u2019": "'",
  "\u201a": ",",
  "\u201c": '"',
  "\u201d": '"',
  "\u201e": '"',
  "\u2010": "-",
  "\u2011": "-",
  "\u2012": "-",
  "\u2013": "-",
  "\u2014": "-",
  "\u2212": "-",
  "\u2022": "·",
  "\u2044": "/",
  "`": "'",
  Ł: "L",
  ł: "l",
  Đ: "D",
  đ: "d",
  Œ: "OE",
  œ: "oe",
  ı: "i",
  ẞ: "SS",
};

export function spelled(text: string, has: (letter: string) => boolean): string {
  if (/^[ !-_a-~]*$/.test(text)) return text; // every font has these
  return charactersOf(text.normalize("NFC"))
    .map((character) => characterIn(character, has))
    .join("");
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** What a reader takes for the characters of a text. */
export const charactersOf = (text: string): string[] => [...graphemes.segment(text)].map(({ segment }) => segment);

function characterIn(character: string, has: (letter: string) => boolean): string {
  if (/^\s+$/.test(character)) return " ";
  const visible = character.replace(/\p{C}/gu, "");
  if (visible === "" || [...visible].every(has)) return visible;
  const simple = [...visible.normalize("NFKD").replace(/\p{M}/gu, "")]
    .map((letter) => plain[letter] ?? letter)
    .join("");
  return simple !== "" && [...simple].every(has) ? simple : box;
}
