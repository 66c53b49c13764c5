import assert from "node:assert/strict";
import { test } from "node:test";
import { lines } from "./lines";
import { raster } from "./raster";
import { box, spelled } from "./spelled";
import { typeface } from "./typeface";

const latin = (letter: string) => /^[\x20-\x5f\x61-\x7e\xa1-\xff€]$/.test(letter);

test("spelled() writes what the font has, and what it lacks in plainer letters or as a box", () => {
  for (const [text, written] of [
    ["Müller + Söhne 1.png", "Müller + Söhne 1.png"],
    ["Mu\u0308ller", "Müller"],
    ["“naïve” – d’œuvre…", '"naïve" - d\'oeuvre...'],
    ["Łódź, Gyűr, ﬁn", "Lódz, Gyur, fin"],
    ["a`b", "a'b"],
    ["日本", box + box],
    ["👩‍👩‍👧‍👦!", `${box}!`],
    ["a\tb\u00a0c\nd", "a b c d"],
    ["x\u0000y\u202ez\u200b", "xyz"],
    ["\ud83d", ""],
    ["", ""],
  ] as const)
    assert.equal(spelled(text, latin), written);
});

test("typeface() writes a line from its left end, on its baseline, and no wider than it says", async () => {
  for (const size of [12, 16, 23.5, 32, 50, 100]) {
    const face = await typeface(size);
    const text = "Hähne, 日";
    const wide = face.widthOf(text);
    const picture = raster(Math.ceil(wide) + 40, Math.ceil(size * 2.5));
    const baseline = Math.round(size * 1.5);
    face.write(picture, text, 20, baseline, 0x102030ff);
    let [left, right, above, below] = [picture.width, 0, 0, 0];
    for (let at = 0; at < picture.width * picture.height; at++) {
      if ((picture.data[at * 4 + 3] ?? 0) < 40) continue;
      const [x, y] = [at % picture.width, Math.floor(at / picture.width)];
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      if (y < baseline) above++;
      else below++;
    }
    assert.ok(left >= 19 && left <= 20 + size * 0.25, `size ${size}: begins at ${left}`);
    assert.ok(right <= 21 + wide && right > 20 + wide * 0.9, `size ${size}: ends at ${right} of ${wide}`);
    assert.ok(above > 10 * below && below > 0, `size ${size}: ${above} above, ${below} below`);
    assert.ok(Math.abs(wide / size - (await typeface(64)).widthOf(text) / 64) < 0.35, `size ${size} is ${wide} wide`);
  }
});

test("typeface() refuses sizes that there are no letters for", async () => {
  for (const size of [0, -1, 129, Number.NaN]) await assert.rejects(typeface(size), /size of ".*": must be above 0/);
});

/** Each character is one wide. */
const typewriter = { widthOf: (text: string) => [...text].length };

test("lines() breaks at spaces, within long words, and ends in dots what is too much", () => {
  for (const [text, most, expected] of [
    ["the quick brown fox", undefined, ["the quick", "brown fox"]],
    ["  the\n quick  ", undefined, ["the quick"]],
    ["abcdefghijklmnopqrstuvw", undefined, ["abcdefghij", "klmnopqrst", "uvw"]],
    ["see abcdefghijklm now", undefined, ["see", "abcdefghij", "klm now"]],
    ["the quick brown fox", 1, ["the qui..."]],
    ["the quick. brown fox jumps", 2, ["the quick.", "brown f..."]],
    ["abcdefghijklmnopqrstuvw", 2, ["abcdefghij", "klmnopq..."]],
    ["abcdefghij", 1, ["abcdefghij"]],
    ["one, two", 1, ["one, two"]],
    ["", 2, []],
    [" \n ", 2, []],
  ] as const)
    assert.deepEqual(lines(typewriter, text, 10, most), expected, text);
});

test("lines() ends with any width", () => {
  assert.deepEqual(lines(typewriter, "abc", 0), ["a", "b", "c"]);
});
