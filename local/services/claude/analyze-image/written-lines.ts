// written-lines: whether a picture looks written on. Not what is written: it cannot read.
//
// Ink is what differs much from the ground, which is what most of the picture is. A row of pixels through a line of text crosses
// many short strokes of ink, and between two lines there are rows with none: so lines are counted, and what they are like.

import type { Picture } from "./picture";

export interface WrittenLines {
  readonly lines: number;
  /** How many strokes a row through a line crosses, at the median. */
  readonly strokes: number;
  /** Of the pixels, from 0 to 1: what is neither ink nor close to it. */
  readonly ground: number;
  /** Whether the ground is light. */
  readonly onLight: boolean;
}

/** Of 255. */
const inkContrast = 70;
const leastStrokes = 5;

/** A line of text is at most this share of the height, and a stroke this share of the width. */
const tallestLine = 0.12;
const widestStroke = 0.04;

export function writtenLinesOf({ width, height, luma }: Picture): WrittenLines {
  const paper = groundOf(luma);
  const strokes: number[] = [];
  let ground = 0;
  for (let y = 0; y < height; y += 1) {
    let [runs, run] = [0, 0];
    for (let x = 0; x <= width; x += 1) {
      const away = x === width ? 0 : Math.abs((luma[y * width + x] ?? 0) - paper);
      if (away < inkContrast / 2) ground += 1;
      if (away >= inkContrast) run += 1;
      else {
        if (run > 0 && run <= Math.max(2, width * widestStroke)) runs += 1;
        run = 0;
      }
    }
    strokes.push(runs);
  }
  const lines = linesOf(strokes).filter((line) => line.length <= Math.max(3, height * tallestLine));
  const within = lines.flat().sort((one, other) => one - other);
  return {
    lines: lines.length,
    strokes: within[within.length >> 1] ?? 0,
    ground: Math.min(1, (ground - height) / (width * height)),
    onLight: paper >= 128,
  };
}

/** The brightness that most pixels are close to. */
function groundOf(luma: Uint8Array): number {
  const counts = new Uint32Array(256 / 16 + 1);
  for (const value of luma) counts[value >> 4] = (counts[value >> 4] ?? 0) + 1;
  let most = 0;
  for (let at = 0; at < 16; at += 1) {
    const both = (place: number) => (counts[place] ?? 0) + (counts[place + 1] ?? 0);
    if (both(at) > both(most)) most = at;
  }
  return most * 16 + 16;
}

/** Rows that follow on each other with ink in strokes, and the strokes of each. */
function linesOf(strokes: readonly number[]): readonly (readonly number[])[] {
  const lines: number[][] = [];
  let line: number[] = [];
  for (const count of [...strokes, 0]) {
    if (count > 0) line.push(count);
    else {
      if (line.length >= 3 && Math.max(...line) >= leastStrokes) lines.push(line);
      line = [];
    }
  }
  return lines;
}
