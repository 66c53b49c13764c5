// contact-sheet: thumbnails with their categories and captions, as one PNG to look at.
//
//   in    thumbnails, JPEG or PNG, each with its category, title and caption
//   out   a sheet of cards, sorted by category, below the counts of all
//
// A thumbnail that cannot be read leaves its card, which says so. Letters that the font lacks are replaced, texts that are too long end in
// dots, and of more pictures than fit some of each category are shown.

import { encodePng } from "../sample/pictures/raster/encode";
import { raster } from "../sample/pictures/raster/raster";
import { drawCard } from "./contact-sheet/card";
import { headingFor } from "./contact-sheet/heading";
import { layout, margin, sheetWidth } from "./contact-sheet/layout";
import { colours, faces } from "./contact-sheet/look";
import { selection } from "./contact-sheet/selection";
import { readThumbnail } from "./contact-sheet/thumbnail";

export interface SheetEntry {
  readonly thumbnail: Uint8Array;
  /** `image/png`, or else it is read as a JPEG. */
  readonly contentType: string;
  readonly category: string;
  readonly title: string;
  readonly caption?: string;
}

export interface SheetOptions {
  readonly title?: string;
  /** How many pictures there may be on it. */
  readonly most?: number;
}

export async function contactSheet(entries: readonly SheetEntry[], options: SheetOptions = {}): Promise<Buffer> {
  const { title = "Pictures", most = 64 } = options;
  const { shown, counts, more } = selection(entries, most);
  const type = await faces();
  const width = sheetWidth(shown.length);
  const heading = headingFor({ title, counts, more }, width - 2 * margin, type);
  const { height, boxes } = layout(shown.length, heading.height);

  const sheet = raster(width, height, colours.sheet);
  heading.draw(sheet);
  for (const [index, { thumbnail, contentType, caption = "", ...entry }] of shown.entries()) {
    const box = boxes[index];
    if (box === undefined) break;
    drawCard(sheet, box, { ...entry, caption, picture: readThumbnail(thumbnail, contentType) }, type);
  }
  return encodePng(sheet);
}
