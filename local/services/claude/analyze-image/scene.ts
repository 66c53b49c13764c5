// scene: the rules by which a picture is of a category. Each gives a number from 0 to 1 for how much of what it asks for is
// there; the highest has it. Animals and vehicles have no rule: they are known by their form, and this knows of none.
//
//   document    lines of many short strokes on one ground
//   people      an oval of skin with eyes
//   landscape   a calm part above, lighter or bluer, and another below, with the cut at about one height; or stars
//   building    many edges, and of them most upright or level
//   graphic     few tones, and between them nothing: flat forms
//   plant       green and busy all over
//   food        round pieces in the colours of fruit
//   product     one thing in the middle of a plain ground
//   artwork     many strong colours
//   other       where nothing of this is clearly there

import type { Category } from "../../../../schemas/analysis";
import type { ColourName } from "./colour-names";
import { shareOf } from "./colours";
import type { Seen } from "./seen";

export interface Scene {
  readonly category: Category;
  /** How far it is before the second, from 0 to 1. */
  readonly confidence: number;
}

/** Of the categories that are allowed; the first of them where no rule knows any. */
export function sceneOf(seen: Seen, allowed: readonly string[]): Scene {
  const scores = Object.entries(scoresOf(seen))
    .filter(([category]) => allowed.includes(category))
    .sort(([, one], [, other]) => other - one);
  const [[category, best] = [allowed[0] ?? "other", 0], [, second] = ["", 0]] = scores;
  return { category: category as Category, confidence: Math.round((best - second) * 100) / 100 };
}

type Scores = Readonly<Partial<Record<Category, number>>>;

function scoresOf(seen: Seen): Scores {
  const document = documentScore(seen);
  const people = peopleScore(seen) * (1 - document);
  const landscape = landscapeScore(seen) * (1 - document) * (1 - people);
  const straight = straightness(seen);
  const graphic = graphicScore(seen) * (1 - document) * (1 - people) * (1 - landscape);
  const rest = (1 - document) * (1 - people) * (1 - graphic);
  return {
    document,
    people,
    landscape: landscape * (1 - 0.7 * straight),
    building: straight * rest,
    graphic,
    plant: plantScore(seen) * rest * (1 - landscape),
    food: foodScore(seen) * rest * (1 - landscape) * (1 - straight),
    product: productScore(seen) * rest * (1 - landscape),
    artwork: artworkScore(seen) * rest * (1 - landscape),
    other: 0.2,
  };
}

function documentScore({ text }: Seen): number {
  return ramp(text.lines, 2, 5) * ramp(text.strokes, 5, 12) * ramp(text.ground, 0.6, 0.75);
}

const peopleScore = ({ face }: Seen): number => face.likeness * ramp(face.skin, 0.01, 0.03);

function landscapeScore(seen: Seen): number {
  const { horizon, texture, edges } = seen;
  const { sky, ground, strength, unevenness, skyDifference, line } = horizon;
  const level = ramp(line, 0.02, 0.05) * ramp(edges.level - edges.upright, 0.1, 0.4);
  const lighter = ramp(sky.lightness - ground.lightness, -0.02, 0.1);
  const bluer = ramp(ground.b - sky.b, 0, 0.06);
  const parts =
    ramp(strength, 0.3, 0.5) *
    Math.max(level, ramp(unevenness, 0.16, 0.08)) *
    ramp(skyDifference, 0.12, 0.06) *
    ramp(texture.sky, 0.035, 0.015) *
    Math.max(lighter, bluer);
  return Math.max(parts, nightScore(seen));
}

/** The ground is as dark as the sky, and the stars are what is known of it. */
function nightScore({ colours, stars }: Seen): number {
  return ramp(colours.lightness, 0.45, 0.38) * ramp(shareOf(colours, "blue", "black"), 0.5, 0.8) * ramp(stars, 6, 20);
}

function straightness({ edges }: Seen): number {
  const both = ramp(Math.min(edges.upright, edges.level), 0.08, 0.2);
  return both * ramp(edges.upright + edges.level, 0.4, 0.7) * ramp(edges.density, 0.03, 0.1);
}

/** What edges there are stand between areas in which nothing changes. */
function graphicScore({ colours, edges, shapes }: Seen): number {
  const flat = edges.still / Math.max(0.01, 1 - edges.density);
  return ramp(colours.tones, 20, 13) * ramp(flat, 0.75, 0.87) * (shapes.length > 0 ? 1 : 0.6);
}

const plantScore = ({ colours, edges }: Seen): number =>
  ramp(shareOf(colours, "green"), 0.4, 0.7) * ramp(edges.density, 0.1, 0.3);

function foodScore({ shapes }: Seen): number {
  const pieces = shapes.filter(({ round, colour, share }) => round && appetizing.includes(colour) && share < 0.3);
  const hues = new Set(pieces.map(({ colour }) => colour));
  return 0.9 * ramp(pieces.length, 1, 3) * ramp(hues.size, 0, 2);
}

const appetizing: readonly ColourName[] = ["red", "orange", "yellow", "green", "purple"];

function productScore({ texture }: Seen): number {
  const plain = ramp(texture.borderContrast, 0.08, 0.03) * ramp(texture.border, 0.012, 0.006);
  return 0.7 * plain * ramp(texture.middle - texture.border, 0.002, 0.008);
}

function artworkScore({ colours }: Seen): number {
  const strong = colours.shares.filter(([name, share]) => share > 0.05 && !["black", "grey", "white"].includes(name));
  return 0.6 * ramp(strong.length, 3, 6) * ramp(colours.chroma, 0.06, 0.14);
}

/** From 0 at `from` to 1 at `to`, which may be the lower one. */
export const ramp = (value: number, from: number, to: number): number =>
  Math.max(0, Math.min(1, (value - from) / (to - from)));
