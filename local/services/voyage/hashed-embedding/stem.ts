// stem: an English word without its plural, -ing and -ed. By rule and without a dictionary, so that the stem need be no word:
// it is compared with other stems only. Words of other languages are as they are.

const english = /^[a-z]+$/;
const vowel = /[aeiouy]/;

export function stemOf(word: string): string {
  if (word.length < 4 || !english.test(word)) return word;
  return withoutLastE(withoutVerbEnding(singular(word)));
}

function singular(word: string): string {
  if (!word.endsWith("s") || /(?:ss|us|is)$/.test(word)) return word;
  if (/ies$/.test(word) && word.length > 4) return `${word.slice(0, -3)}y`;
  return /(?:ss|sh|ch|x|z)es$/.test(word) ? word.slice(0, -2) : word.slice(0, -1);
}

/** "sing" and "bed" are no endings: what is left has three letters and a vowel. */
function withoutVerbEnding(word: string): string {
  const [ending] = /(?:ing|(?<!e)ed)$/.exec(word) ?? [];
  if (ending === undefined) return word;
  const rest = word.slice(0, -ending.length);
  if (rest.length < 3 || !vowel.test(rest)) return word;
  return /([bdgmnprt])\1$/.test(rest) ? rest.slice(0, -1) : rest;
}

/** "make" and "making" are one. */
const withoutLastE = (word: string): string => (/[^e]e$/.test(word) && word.length > 3 ? word.slice(0, -1) : word);
