// heading: what a sheet is called, and how many pictures there are of each category.

import { fill } from "../../sample/pictures/raster/fill";
import { lines } from "../../sample/pictures/raster/lines";
import { ellipse } from "../../sample/pictures/raster/outline";
import type { Raster } from "../../sample/pictures/raster/raster";
import { margin } from "./layout";
import { colours, type Faces, markOf } from "./look";

export interface Heading {
  readonly title: string;
  readonly counts: readonly (readonly [category: string, count: number])[];
  /** How many pictures are not on the sheet. */
  readonly more: number;
}

const [titleHeight, rowHeight, space] = [76, 28, 18];

/** The counts are set in rows of the sheet's width; the height is what all of it needs, with the space below. */
export function headingFor(heading: Heading, width: number, faces: Faces) {
  const rows: { readonly x: number; readonly row: number; readonly category: string; readonly text: string }[] = [];
  let [x, row] = [0, 0];
  for (const [category, count] of heading.counts) {
    const text = `${lines(faces.title, category, width / 3, 1)[0] ?? ""} ${count}`;
    const wide = 18 + faces.title.widthOf(text) + 26;
    if (x > 0 && x + wide - 26 > width) [x, row] = [0, row + 1];
    rows.push({ x, row, category, text });
    x += wide;
  }
  const height = titleHeight + (rows.length === 0 ? 0 : (row + 1) * rowHeight) + space;

  return {
    height,
    draw(sheet: Raster): void {
      const [title = ""] = lines(faces.heading, heading.title, width, 1);
      faces.heading.write(sheet, title, margin, margin + 24, colours.ink, "bold");
      faces.title.write(sheet, sentence(heading), margin, margin + 54, colours.grey);
      for (const { x, row, category, text } of rows) {
        const baseline = margin + titleHeight + row * rowHeight + 16;
        fill(sheet, ellipse(margin + x + 6, baseline - 5.5, 6), markOf(category));
        faces.title.write(sheet, text, margin + x + 18, baseline, colours.ink);
      }
    },
  };
}

function sentence({ counts, more }: Heading): string {
  const all = counts.reduce((sum, [, count]) => sum + count, 0);
  if (all === 0) return "There are no pictures to show.";
  const pictures = `${all} ${all === 1 ? "picture" : "pictures"}`;
  return more === 0 ? pictures : `${pictures}: ${all - more} are shown, and ${more} more are not`;
}
