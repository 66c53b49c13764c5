// lines: a text broken into lines of a width.

import { charactersOf } from "./spelled";
import type { Typeface } from "./typeface";

const dots = "...";

/** At most `most` lines; what does not fit ends in dots. A word that is longer than a line is broken. */
export function lines(
  face: Pick<Typeface, "widthOf">,
  text: string,
  width: number,
  most = Number.POSITIVE_INFINITY,
): string[] {
  const set: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((each) => each !== "")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (face.widthOf(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== "") set.push(line);
    line = word;
    while (set.length < most && face.widthOf(line) > width) {
      const part = beginning(face, line, width);
      set.push(part);
      line = line.slice(part.length);
    }
    if (set.length >= most) return shortened(face, set.slice(0, most), width);
  }
  if (line !== "") set.push(line);
  return set.length > most ? shortened(face, set.slice(0, most), width) : set;
}

/** The last of the lines with dots at its end. */
function shortened(face: Pick<Typeface, "widthOf">, set: string[], width: number): string[] {
  const last = set.pop();
  return last === undefined
    ? []
    : [...set, `${beginning(face, last, width - face.widthOf(dots)).replace(/[\s.,;:]+$/, "")}${dots}`];
}

/** As many characters as fit, but one at least. */
function beginning(face: Pick<Typeface, "widthOf">, text: string, width: number): string {
  const characters = charactersOf(text);
  let [fits, fitsNot] = [1, characters.length + 1];
  while (fitsNot - fits > 1) {
    const count = (fits + fitsNot) >> 1;
    if (face.widthOf(characters.slice(0, count).join("")) <= width) fits = count;
    else fitsNot = count;
  }
  return characters.slice(0, fits).join("");
}
