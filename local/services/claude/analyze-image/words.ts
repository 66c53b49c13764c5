// words: what is said of what was seen - the objects, the mood, and one or two sentences made of both.

import type { Category } from "../../../../schemas/analysis";
import type { ColourName } from "./colour-names";
import { shareOf } from "./colours";
import type { Part } from "./horizon";
import type { Seen } from "./seen";

/** Those that are seen at all, at most six. */
export function coloursTold({ colours }: Seen): readonly ColourName[] {
  const large = colours.shares.filter(([, share], at) => at === 0 || share >= 0.04);
  return large.slice(0, 6).map(([name]) => name);
}

/** The most important first. */
export function objectsOf(seen: Seen, category: Category): readonly string[] {
  const { colours, horizon, text, face, shapes, texture } = seen;
  const objects: string[] = category === "landscape" ? [...outdoors(seen)] : [];
  if (category === "document") objects.push(text.onLight ? "paper" : "dark page");
  if (category === "document" || (text.lines >= 3 && text.strokes >= 12 && text.ground > 0.7)) {
    objects.push("lines of text");
  }
  if (category === "people" || face.likeness > 0.5) objects.push("face");
  if (category === "building")
    objects.push("building", "windows", ...(isSky(horizon.sky) && texture.sky < 0.01 ? ["sky"] : []));
  if (category === "plant") objects.push("leaves");
  if (category === "food") objects.push("food");
  if (category === "product") objects.push("object", "plain background");
  if (category === "graphic" || category === "food" || category === "product") {
    objects.push(...shapes.filter(({ form }) => form !== "shape").map(({ form, colour }) => `${colour} ${form}`));
  }
  if (objects.length === 0) objects.push(shareOf(colours, "green") > 0.5 ? "greenery" : "pattern");
  return [...new Set(objects)].slice(0, 12);
}

/** Of an edge through the whole picture. */
const levelLine = 0.03;

function outdoors({ horizon, shapes, colours, stars }: Seen): readonly string[] {
  const { sky, ground, unevenness, height, line } = horizon;
  const found = [isNight(sky) ? "night sky" : "sky"];
  if (stars > 6 && isNight(sky)) found.push("stars");
  else found.push(line > levelLine || unevenness < 0.015 ? "horizon" : unevenness > 0.06 ? "mountains" : "hills");
  const sun = shapes.find(({ form, y, share }) => form === "circle" && y < height && share < 0.05);
  if (sun !== undefined && ["yellow", "white", "orange", "red", "beige"].includes(sun.colour)) {
    found.push(isNight(sky) ? "moon" : "sun");
  }
  if (isSky(sky) && shareOf(colours, "white", "grey") > 0.04) found.push("clouds");
  found.push(groundOf(ground));
  return found;
}

const isNight = ({ lightness }: Part): boolean => lightness < 0.35;

const isSky = ({ b, lightness }: Part): boolean => (b < -0.01 && lightness > 0.45) || lightness > 0.85;

const grounds = ["snow", "rocks", "water", "meadow", "sand", "earth"];

function groundOf({ lightness, a, b }: Part): string {
  if (Math.hypot(a, b) < 0.03) return lightness > 0.8 ? "snow" : "rocks";
  if (b < -0.01) return "water";
  if (a < -0.02) return "meadow";
  return lightness > 0.65 ? "sand" : "earth";
}

/** One or two words. */
export function moodOf({ colours, edges }: Seen): string {
  const { lightness, contrast, chroma, warmth } = colours;
  const light = lightness < 0.35 ? "dark" : lightness > 0.65 ? "bright" : "";
  const stir = chroma > 0.12 && contrast > 0.15 ? "lively" : edges.density < 0.08 ? "calm" : "";
  const tone = chroma < 0.02 ? "sober" : warmth > 0.04 ? "warm" : warmth < -0.03 ? "cool" : "";
  const words = [light, stir, tone].filter((word) => word !== "").slice(0, 2);
  return words.length === 0 ? "balanced" : words.join(" and ");
}

export function summaryOf(seen: Seen, category: Category, objects: readonly string[]): string {
  const { colours, text } = seen;
  const names = listed(coloursTold(seen).slice(0, 3));
  const kind = colours.lightness < 0.35 ? "A dark" : colours.lightness > 0.65 ? "A bright" : "A";
  const start = `${kind}${kind === "A" && /^[aeo]/.test(whatIs[category]) ? "n" : ""} ${whatIs[category]} in ${names}`;
  if (category === "landscape") return `${start}: ${landscapeTold(objects)}.`;
  if (category === "document") return `${start}: about ${text.lines} lines of text. It was not read.`;
  const shown = objects.length === 0 ? "" : `: ${listed(objects.slice(0, 4))}`;
  return `${start}${shown}.${besidesOf(seen)}`;
}

function besidesOf({ symmetry, edges, aspect }: Seen): string {
  if (symmetry > 0.85) return " Its halves are alike.";
  if (edges.density > 0.3) return " It is full of detail.";
  return aspect > 2.5 ? " It is much wider than high." : "";
}

function landscapeTold([sky = "sky", line = "horizon", ...others]: readonly string[]): string {
  const ground = others.find((other) => grounds.includes(other)) ?? "earth";
  const besides = others.filter((other) => other !== ground);
  if (line === "stars") return `${listed([sky, line, ...besides])} over ${ground}`;
  const between = line === "horizon" ? "a level horizon" : line === "hills" ? "a hilly horizon" : line;
  return `${sky}${besides.length === 0 ? "" : ` with ${listed(besides)}`} over ${between} and ${ground}`;
}

const whatIs: Readonly<Record<Category, string>> = {
  animal: "picture of an animal",
  artwork: "colourful picture",
  building: "picture of a building",
  document: "page",
  food: "picture of food",
  graphic: "drawing of flat forms",
  landscape: "landscape",
  people: "portrait",
  plant: "picture of greenery",
  product: "picture of a single object",
  vehicle: "picture of a vehicle",
  other: "picture",
};

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
