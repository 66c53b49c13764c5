// card: one picture with what it is called and what is to be seen on it.
//
//   ┌──────────────────┐
//   │ ┌──────────────┐ │
//   │ │   thumbnail  │ │
//   │ └──────────────┘ │
//   │ ● category       │
//   │ title            │
//   │ caption, on two  │
//   │ lines at most    │
//   └──────────────────┘

import { fill } from "../../sample/pictures/raster/fill";
import { lines } from "../../sample/pictures/raster/lines";
import { ellipse, rectangle, roundedRectangle } from "../../sample/pictures/raster/outline";
import type { Raster } from "../../sample/pictures/raster/raster";
import type { Box } from "./layout";
import { colours, type Faces, markOf } from "./look";
import { drawThumbnail } from "./thumbnail";

export interface Card {
  /** Nothing where it cannot be read: the card says so in its place. */
  readonly picture: Raster | undefined;
  readonly category: string;
  readonly title: string;
  readonly caption: string;
}

const inset = 10;

/** Where the thumbnail of a card may be. */
export const mountOf = ({ x, y, width }: Box): Box => ({
  x: x + inset,
  y: y + inset,
  width: width - 2 * inset,
  height: ((width - 2 * inset) * 3) / 4,
});

export function drawCard(sheet: Raster, box: Box, { picture, category, title, caption }: Card, faces: Faces): void {
  fill(sheet, roundedRectangle(box.x, box.y, box.width, box.height, 8), colours.edge);
  fill(sheet, roundedRectangle(box.x + 1, box.y + 1, box.width - 2, box.height - 2, 7), colours.card);
  const mount = mountOf(box);
  fill(sheet, rectangle(mount.x, mount.y, mount.width, mount.height), colours.mount);
  if (picture === undefined) {
    const text = "cannot be shown";
    const x = mount.x + (mount.width - faces.text.widthOf(text)) / 2;
    faces.text.write(sheet, text, x, mount.y + mount.height / 2 + 5, colours.grey);
  } else drawThumbnail(sheet, picture, mount);

  const [left, wide] = [box.x + inset + 2, box.width - 2 * inset - 4];
  let baseline = mount.y + mount.height + 23;
  fill(sheet, ellipse(left + 5, baseline - 5, 5), markOf(category));
  const [name = ""] = lines(faces.text, category, wide - 18, 1);
  faces.text.write(sheet, name, left + 17, baseline, markOf(category), "bold");
  baseline += 22;
  const [heading = ""] = lines(faces.title, title, wide, 1);
  faces.title.write(sheet, heading, left, baseline, colours.ink, "bold");
  for (const line of lines(faces.text, caption, wide, 2)) {
    baseline += 20;
    faces.text.write(sheet, line, left, baseline, colours.grey);
  }
}
