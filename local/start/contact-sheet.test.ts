import assert from "node:assert/strict";
import { test } from "node:test";
import { Jimp } from "jimp";
import { encodeJpeg, encodePng } from "../sample/pictures/raster/encode";
import { type Colour, colourAt, type Raster, raster } from "../sample/pictures/raster/raster";
import { contactSheet, type SheetEntry } from "./contact-sheet";
import { mountOf } from "./contact-sheet/card";
import { type Box, card, fitted, margin } from "./contact-sheet/layout";
import { colours } from "./contact-sheet/look";

const red = 0xe00000ff;

const entry = (more: Partial<SheetEntry> = {}, picture = raster(80, 60, red)): SheetEntry => ({
  thumbnail: encodePng(picture, { alpha: true }),
  contentType: "image/png",
  category: "graphic",
  title: "A picture.png",
  ...more,
});

async function read(sheet: Buffer): Promise<Raster> {
  const { width, height, data } = (await Jimp.read(sheet)).bitmap;
  return { width, height, data: new Uint8ClampedArray(data) };
}

/** Where the pixels are that `is` says yes to, all of them within one box; nothing where there are none. */
function extentOf(sheet: Raster, is: (colour: Colour) => boolean): Box | undefined {
  let [left, top, right, bottom] = [sheet.width, sheet.height, -1, -1];
  for (let y = 0; y < sheet.height; y++)
    for (let x = 0; x < sheet.width; x++) {
      if (!is(colourAt(sheet, x, y))) continue;
      [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
    }
  return right < 0 ? undefined : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** The mounts of the thumbnails, found by the cards' upper and left edges. */
function mountsOf(sheet: Raster): Box[] {
  const begins = (x: number, y: number, beforeX: number, beforeY: number) =>
    colourAt(sheet, x, y) === colours.edge && colourAt(sheet, beforeX, beforeY) === colours.sheet;
  const mounts: Box[] = [];
  for (let y = margin; y < sheet.height - card.height; y++)
    for (let x = margin; x < sheet.width - card.width; x++)
      if (
        begins(x + card.width / 2, y, x + card.width / 2, y - 1) &&
        begins(x, y + card.height / 2, x - 1, y + card.height / 2)
      )
        mounts.push(mountOf({ x, y, ...card }));
  return mounts;
}

test("contactSheet() draws a thumbnail into its cell, in its own proportions", async () => {
  for (const [width, height] of [
    [80, 60],
    [60, 80],
    [300, 100],
    [1, 1],
  ] as const) {
    const sheet = await read(await contactSheet([entry({}, raster(width, height, red))]));
    const [mount, ...others] = mountsOf(sheet);
    assert.ok(mount !== undefined && others.length === 0, `${others.length + 1} cards`);
    assert.deepEqual(
      extentOf(sheet, (colour) => colour === red),
      fitted({ width, height }, mount),
    );
  }
});

test("contactSheet() draws nothing in its margins, and nothing where there is no card", async () => {
  for (const count of [0, 1, 5, 16]) {
    const long = "a very long title that goes on and on ".repeat(20);
    const entries = Array.from({ length: count }, () => entry({ title: long, caption: long, category: long }));
    const sheet = await read(await contactSheet(entries, { title: long }));
    const drawn = extentOf(sheet, (colour) => colour !== colours.sheet);
    assert.ok(drawn !== undefined && drawn.x >= margin && drawn.y >= margin, JSON.stringify(drawn));
    assert.ok(drawn.x + drawn.width <= sheet.width - margin && drawn.y + drawn.height <= sheet.height - margin);
    assert.equal(mountsOf(sheet).length, count);
    if (count === 5)
      assert.equal(colourAt(sheet, sheet.width - margin - 100, sheet.height - margin - 100), colours.sheet);
  }
});

test("contactSheet() sorts by category", async () => {
  const entries = [
    entry({ category: "people" }, raster(80, 60, 0x0000ffff)),
    entry({ category: "document" }, raster(80, 60, 0x00ff00ff)),
    entry({ category: "no such category" }, raster(80, 60, red)),
  ];
  const sheet = await read(await contactSheet(entries));
  const inOrder = mountsOf(sheet).map(({ x, y }) => colourAt(sheet, x + 100, y + 100));
  assert.deepEqual(inOrder, [0x00ff00ff, red, 0x0000ffff]);
});

test("contactSheet() shows some of many, and says so", async () => {
  const entries = Array.from({ length: 30 }, (_, index) => entry({ category: index < 29 ? "food" : "people" }));
  const [all, some] = [await read(await contactSheet(entries)), await read(await contactSheet(entries, { most: 9 }))];
  assert.equal(mountsOf(all).length, 30);
  assert.equal(mountsOf(some).length, 9);
  const sentence = (sheet: Raster) => {
    const line = { ...sheet, height: margin + 62, data: sheet.data.slice(0, sheet.width * (margin + 62) * 4) };
    return extentOf(line, (colour) => colour === colours.grey)?.width ?? 0;
  };
  assert.ok(sentence(some) > 2 * sentence(all), `${sentence(some)} and ${sentence(all)} wide`);
});

test("contactSheet() reads JPEG, and lays what is transparent on the mount", async () => {
  const jpeg = entry({ thumbnail: encodeJpeg(raster(80, 60, red)), contentType: "image/jpeg", category: "a" });
  const sheet = await read(await contactSheet([jpeg, entry({ category: "b" }, raster(80, 60, 0x00000000))]));
  const [first = 0, second] = mountsOf(sheet).map(({ x, y }) => colourAt(sheet, x + 100, y + 100));
  assert.ok(first >>> 24 > 0xd8 && ((first >>> 16) & 0xff) < 8, first.toString(16));
  assert.equal(second, colours.mount);
});

test("contactSheet() keeps the card of a thumbnail that cannot be read", async () => {
  for (const contentType of ["image/jpeg", "image/png", "text/html", ""])
    for (const thumbnail of [Buffer.of(), Buffer.from("<html>"), encodePng(raster(9, 9)).subarray(0, 40)]) {
      const sheet = await read(await contactSheet([entry({ thumbnail, contentType }), entry()]));
      assert.equal(mountsOf(sheet).length, 2);
      assert.ok(extentOf(sheet, (colour) => colour === red));
    }
});

test("contactSheet() takes any letters", async () => {
  for (const text of [
    "Müller + Söhne 1.png",
    "日本語".repeat(30),
    "👩‍👩‍👧‍👦 🎉",
    "עברית",
    "a\u0000\u202eb\n\n",
    "\ud83d",
    "",
  ]) {
    const sheet = await read(
      await contactSheet([entry({ title: text, caption: text, category: text })], { title: text }),
    );
    assert.equal(mountsOf(sheet).length, 1, JSON.stringify(text));
  }
});
