// seen: all that is measured of a picture. The rules (scene.ts) and the words (words.ts) know of it no more than this.

import { type Colours, coloursOf } from "./colours";
import { type Edges, edgesOf, symmetryOf } from "./edges";
import { type Face, faceOf } from "./face";
import { type Horizon, horizonOf } from "./horizon";
import type { Picture } from "./picture";
import { type Shape, shapesOf } from "./shapes";
import { starsOf } from "./stars";
import { type Texture, textureOf } from "./texture";
import { type WrittenLines, writtenLinesOf } from "./written-lines";

export interface Seen {
  /** The width by the height. */
  readonly aspect: number;
  readonly colours: Colours;
  readonly edges: Edges;
  /** From -1 to 1. */
  readonly symmetry: number;
  readonly horizon: Horizon;
  readonly texture: Texture;
  readonly text: WrittenLines;
  readonly face: Face;
  readonly shapes: readonly Shape[];
  /** Points of light on the dark. */
  readonly stars: number;
}

export function seenOf(picture: Picture): Seen {
  const colours = coloursOf(picture);
  const edges = edgesOf(picture);
  const horizon = horizonOf(picture, edges);
  return {
    aspect: picture.width / picture.height,
    colours,
    edges,
    symmetry: symmetryOf(picture),
    horizon,
    texture: textureOf(picture, edges, horizon),
    text: writtenLinesOf(picture),
    face: faceOf(picture, edges),
    shapes: shapesOf(picture, colours),
    stars: starsOf(picture, colours),
  };
}
