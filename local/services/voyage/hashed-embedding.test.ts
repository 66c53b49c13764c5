// What an embedding must be, and which texts must be nearer than others.

import assert from "node:assert/strict";
import { test } from "node:test";
import { embedText } from "./hashed-embedding";
import { stemOf } from "./hashed-embedding/stem";

const cosine = (one: string, other: string, dimensions?: number): number => {
  const second = embedText(other, dimensions);
  return embedText(one, dimensions).reduce((sum, value, at) => sum + value * (second[at] ?? 0), 0);
};

test("an embedding has the length 1, of whatever text and in whatever dimensions", () => {
  for (const text of [
    "A bright landscape",
    "the of and",
    "?!",
    " ",
    "\u0000",
    "山の風景",
    "🦊🦊",
    "x".repeat(100_000),
  ]) {
    for (const dimensions of [256, 512, 1_024, 2_048]) {
      const embedding = embedText(text, dimensions);
      assert.equal(embedding.length, dimensions);
      const length = Math.hypot(...embedding);
      assert.ok(Math.abs(length - 1) < 1e-5, `${text.slice(0, 20)}: ${length}`);
    }
  }
});

test("the same text has the same embedding, and that of another day", () => {
  assert.deepEqual(embedText("A green meadow"), embedText("A green meadow"));
  // What is stored was embedded by another program on another day: who changes this must embed it again.
  const strongest = [...embedText("meadow", 256).entries()].filter(([, value]) => Math.abs(value) > 0.5);
  assert.deepEqual(
    strongest.map(([at, value]) => [at, value.toFixed(4)]),
    [[62, "-0.8018"]],
  );
});

test("forms of a word, of letters and of a case are near to one", () => {
  for (const [one, other, least] of [
    ["mountain", "Mountains", 0.8],
    ["painted houses", "PAINTING A HOUSE", 0.6],
    ["ﬁne café", "fine cafe\u0301", 0.999],
    ["cities and berries", "city, berry", 0.7],
    ["the picture of a dog", "dog picture", 0.9],
  ] as const) {
    assert.ok(cosine(one, other) > least, `${one} / ${other}: ${cosine(one, other)}`);
  }
});

test("a text is nearer to one like it than to one unlike it", () => {
  for (const [text, like, unlike] of [
    ["landscape", "landscpae", "portrait"],
    ["a red bicycle by the sea", "red bicyle at sea", "green apples in a bowl"],
    ["sky over a hilly horizon", "hills under the sky", "lines of text on white paper"],
    ["invoice number 2041", "invoice 2041", "invoice 7730"],
    ["blue blue blue green", "blue", "green"],
    ["what is there of the sun", "sun", "what is there of the"],
    ["Straße im Regen", "Regen auf der Strasse", "Hund am Strand"],
    ["山の風景", "風景と山の", "人物の写真"],
  ] as const) {
    const [near, far] = [cosine(text, like), cosine(text, unlike)];
    assert.ok(near > far + 0.05, `${text}: ${like} ${near}, ${unlike} ${far}`);
  }
});

test("texts without a word in common are about at a right angle", () => {
  const words = ["apple", "window", "thunder", "copper", "violin", "garden", "pepper", "island", "bucket", "rocket"];
  const cosines = words.flatMap((one, at) => words.slice(at + 1).map((other) => cosine(one, other)));
  assert.ok(Math.max(...cosines.map(Math.abs)) < 0.35, String(Math.max(...cosines.map(Math.abs))));
  const mean = cosines.reduce((sum, value) => sum + value, 0) / cosines.length;
  assert.ok(Math.abs(mean) < 0.03, String(mean));
});

test("a stem is without plural, -ing and -ed, and words of another kind are whole", () => {
  for (const [stem, ...words] of [
    ["mak", "make", "makes", "making"],
    ["run", "running"],
    ["paint", "paint", "paints", "painted", "painting"],
    ["box", "box", "boxes"],
    ["city", "city", "cities"],
    ["glass", "glass", "glasses"],
    ["tree", "tree", "trees"],
    ["sing", "sing", "sings"],
    ["need", "need", "needed"],
    ["bus", "bus"],
    ["straßen", "straßen"],
    ["as", "as"],
  ] as const) {
    for (const word of words) assert.equal(stemOf(word), stem, word);
  }
});
