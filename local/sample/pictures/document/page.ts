// page: a sheet of paper with type on it, as a scanner sees it.

import type { Random } from "../../xoshiro128";
import { fill } from "../raster/fill";
import { across } from "../raster/gradient";
import { lines } from "../raster/lines";
import { addGrain } from "../raster/noise";
import { rectangle } from "../raster/outline";
import { type Colour, type Raster, raster } from "../raster/raster";
import { type Typeface, typeface } from "../raster/typeface";

export const ink = 0x1f2329ff;
export const grey = 0x6b7280ff;

export interface Page {
  readonly picture: Raster;
  readonly margin: number;
  /** Where the next line's top is. */
  y: number;
}

export interface Faces {
  readonly small: Typeface;
  readonly text: Typeface;
  readonly heading: Typeface;
}

export const faces = async (small: number, text: number, heading: number): Promise<Faces> => ({
  small: await typeface(small),
  text: await typeface(text),
  heading: await typeface(heading),
});

export function page(width: number, height: number, margin: number, paper: Colour = 0xfdfdfbff): Page {
  return { picture: raster(width, height, paper), margin, y: margin };
}

/** Sets a paragraph from margin to margin, and goes on below it. */
export function paragraph(
  sheet: Page,
  face: Typeface,
  text: string,
  look: { colour?: Colour; bold?: boolean; leading?: number } = {},
): void {
  const { colour = ink, bold = false, leading = 1.3 } = look;
  for (const line of lines(face, text, sheet.picture.width - 2 * sheet.margin)) {
    face.write(sheet.picture, line, sheet.margin, sheet.y + face.ascent, colour, bold ? "bold" : "regular");
    sheet.y += face.size * leading;
  }
}

/** A line of words that end at the right margin. */
export function toTheRight({ picture, margin, y }: Page, face: Typeface, text: string, colour: Colour = ink): void {
  face.write(picture, text, picture.width - margin - face.widthOf(text), y + face.ascent, colour);
}

export const rule = ({ picture, margin, y }: Page, thick: number, colour: Colour): void =>
  fill(picture, rectangle(margin, y, picture.width - 2 * margin, thick), colour);

/** The shadow of the lamp, and grain. */
export function scanned({ picture }: Page, random: Random): Raster {
  const { width, height } = picture;
  fill(
    picture,
    rectangle(0, 0, width, height),
    across([0, 0], [width, height], [0, 0xffffff00], [0.75, 0x8a7f6a00], [1, 0x8a7f6a1c]),
  );
  addGrain(picture, random, 2);
  return picture;
}
