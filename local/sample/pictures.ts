// pictures: what a user might upload, drawn from a seed: the same seed gives the same files, to the byte.
//
// No file in the repository, and nobody's picture. Half of them are JPEG and half PNG; among them are one that lies on its side and says
// so in its EXIF, one that is transparent round its edge, one whose text gives orders to whoever reads it, one with a name that needs
// encoding wherever it goes, and endings as cameras and people write them.

import type { Category } from "../../schemas/analysis";
import { houseFront } from "./pictures/building/house-front";
import { invoice } from "./pictures/document/invoice";
import { letter } from "./pictures/document/letter";
import { noteWithOrders } from "./pictures/document/note-with-orders";
import { fruitPlate } from "./pictures/food/fruit-plate";
import { badge } from "./pictures/graphic/badge";
import { barChart } from "./pictures/graphic/bar-chart";
import { tiles } from "./pictures/graphic/tiles";
import { hillsAtNoon } from "./pictures/landscape/hills-at-noon";
import { mountainLake } from "./pictures/landscape/mountain-lake";
import { nightOfStars } from "./pictures/landscape/night-of-stars";
import { sunsetAtSea } from "./pictures/landscape/sunset-at-sea";
import { woodInAutumn } from "./pictures/landscape/wood-in-autumn";
import { manWithBeard, womanWithCurls, womanWithLongHair } from "./pictures/people/people";
import { encodeJpeg, encodePng } from "./pictures/raster/encode";
import { turnRight, withOrientation } from "./pictures/raster/exif";
import { type Raster, turnedLeft } from "./pictures/raster/raster";
import { type Random, xoshiro128 } from "./xoshiro128";

export interface SamplePicture {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly contentType: "image/jpeg" | "image/png";
  /** What a person would say that it is a picture of. */
  readonly shows: Category;
}

interface Motif {
  readonly file: string;
  readonly shows: Category;
  draw(random: Random): Raster | Promise<Raster>;
  /** Where the file is more than the plain picture. */
  encode?(raster: Raster): Uint8Array;
}

const lyingOnItsSide = (raster: Raster) => withOrientation(encodeJpeg(turnedLeft(raster)), turnRight);
const withAlpha = (raster: Raster) => encodePng(raster, { alpha: true });

const motifs: readonly Motif[] = [
  { file: "hills-at-noon.jpg", shows: "landscape", draw: hillsAtNoon },
  { file: "mountain-lake.png", shows: "landscape", draw: mountainLake },
  { file: "sunset-at-sea.jpg", shows: "landscape", draw: sunsetAtSea },
  { file: "night-of-stars.png", shows: "landscape", draw: nightOfStars },
  { file: "wood-in-autumn.jpg", shows: "landscape", draw: woodInAutumn },
  { file: "IMG_2041.JPG", shows: "people", draw: womanWithLongHair, encode: lyingOnItsSide },
  { file: "application-photo.png", shows: "people", draw: manWithBeard },
  { file: "new-colleague.jpeg", shows: "people", draw: womanWithCurls },
  { file: "letter-from-the-lake.jpg", shows: "document", draw: letter },
  { file: "Müller + Söhne 1.png", shows: "document", draw: invoice },
  { file: "note-to-the-assistant.png", shows: "document", draw: noteWithOrders },
  { file: "visitors-per-month.png", shows: "graphic", draw: barChart },
  { file: "badge.png", shows: "graphic", draw: badge, encode: withAlpha },
  { file: "tiles.png", shows: "graphic", draw: tiles },
  { file: "house-front.jpg", shows: "building", draw: houseFront },
  { file: "fruit-plate.jpg", shows: "food", draw: fruitPlate },
];

export async function samplePictures({ seed }: { readonly seed: number }): Promise<readonly SamplePicture[]> {
  const pictures: SamplePicture[] = [];
  for (const { file, shows, draw, encode } of motifs) {
    const contentType = file.endsWith(".png") ? "image/png" : "image/jpeg";
    const encoded = encode ?? (contentType === "image/png" ? encodePng : encodeJpeg);
    // Each has a stream of its own: a stroke more in one leaves the others as they were.
    const bytes = encoded(await draw(xoshiro128(seed, `picture ${file}`)));
    pictures.push({ file, bytes, contentType, shows });
  }
  return pictures;
}
