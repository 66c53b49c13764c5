import assert from "node:assert/strict";
import { test } from "node:test";
import { Jimp } from "jimp";
import { exifSegment, tiffBlock } from "./exif-fixture";
import { jpeg, withSegment } from "./jpeg-fixture";
import { assertCorners, assertNear, blue, corners, green, red, seen, thumbnailOf, white } from "./picture-fixture";
import { chunk, type PngFixture, png, type SamplesAt } from "./png-fixture";

const app1 = 0xe1;
const named = { red, green, blue, white };

/** The colours of a picture's corners as it lies, and as it is seen by each orientation. */
const turned = {
  1: ["red", "green", "blue", "white"],
  2: ["green", "red", "white", "blue"],
  3: ["white", "blue", "green", "red"],
  4: ["blue", "white", "red", "green"],
  5: ["red", "blue", "green", "white"],
  6: ["blue", "red", "white", "green"],
  7: ["white", "green", "blue", "red"],
  8: ["green", "white", "red", "blue"],
} as const;

/** Four fields: red and green above, blue and white below. */
const fields =
  ({ width, height }: PngFixture): SamplesAt =>
  (x, y) =>
    (y < height / 2 ? (x < width / 2 ? red : green) : x < width / 2 ? blue : white).slice(0, 3);

test("a thumbnail is upright, whichever way its picture lies", async () => {
  for (const [orientation, names] of Object.entries(turned)) {
    const exif = { orientation: Number(orientation) };
    const drawing = { width: 1_000, height: 60, chunks: [chunk("eXIf", tiffBlock(exif))] };
    const [taken, drawn] = [
      await seen(withSegment(jpeg("baseline"), app1, exifSegment(exif))),
      await seen(png(drawing, fields(drawing))),
    ];
    for (const picture of [taken, drawn]) {
      assertCorners(
        picture,
        names.map((name) => named[name]),
      );
    }
    const sideways = Number(orientation) > 4;
    assert.deepEqual([taken.width, taken.height], sideways ? [16, 32] : [32, 16]);
    assert.deepEqual([drawn.width, drawn.height], sideways ? [48, 800] : [800, 48]);
  }
});

test("a thumbnail tells how large its picture is to the eye", async () => {
  const bytes = withSegment(jpeg("baseline"), app1, exifSegment({ orientation: 6 }));
  assert.deepEqual((await thumbnailOf(bytes)).source, { mime: "image/jpeg", width: 16, height: 32 });
});

test("a thumbnail has 800 pixels a side at most, one at least, and no more than its picture", async () => {
  const sizes = [
    [1, 1, 1, 1],
    [800, 3, 800, 3],
    [801, 2, 800, 2],
    [1_600, 90, 800, 45],
    [70, 2_100, 27, 800],
    [1, 20_000, 1, 800],
    [20_000, 1, 800, 1],
    [3, 65_535, 1, 800],
  ] as const;
  for (const [width, height, across, down] of sizes) {
    const picture = await seen(png({ width, height }, () => [10, 20, 30]));
    assert.deepEqual([picture.width, picture.height], [across, down], `${width}x${height}`);
    for (const colour of corners(picture)) assertNear(colour, [10, 20, 30, 255], 1);
  }
});

test("a large JPEG keeps its colours where they were", async () => {
  const [width, height] = [2_400, 480];
  const data = Buffer.alloc(width * height * 4, 255);
  for (let at = 0; at < data.length; at += 4) {
    const [x, y] = [(at / 4) % width, Math.floor(at / 4 / width)];
    data.set([(x * 255) / width, (y * 255) / height, ((x + y) * 255) / (width + height)], at);
  }
  const bytes = await new Jimp({ data, width, height }).getBuffer("image/jpeg", { quality: 90 });
  const { at, ...size } = await seen(bytes, "image/jpeg");
  assert.deepEqual([size.width, size.height], [800, 160]);
  for (let y = 0; y < size.height; y += 7) {
    for (let x = 0; x < size.width; x += 7) {
      const [across, down] = [(x + 0.5) / size.width, (y + 0.5) / size.height];
      assertNear(at(x, y), [across * 255, down * 255, (across * 2_400 + down * 480) * (255 / 2_880), 255]);
    }
  }
});

test("a large JPEG keeps its lines", async () => {
  const [width, height] = [2_400, 240];
  const isWhite = (x: number) => Math.floor(x / 12) % 2 === 0;
  const shades = Array.from({ length: width * height }, (_, index) => (isWhite(index % width) ? 255 : 0));
  const data = Buffer.from(shades.flatMap((shade) => [shade, shade, shade, 255]));
  const bytes = await new Jimp({ data, width, height }).getBuffer("image/jpeg", { quality: 90 });
  const { at } = await seen(bytes);
  // Four pixels a line by now, of which the two in the middle are clear of the next.
  for (let line = 2; line < 798; line += 4) {
    assertNear(at(line, 40), isWhite(line * 3) ? white : [0, 0, 0, 255], 25);
  }
});

test("fine stripes become what they are from afar, and no coarse ones", async () => {
  for (const width of [2_400, 3_000, 3_217]) {
    const stripes = png({ width, height: 40, colourType: 0 }, (x) => [x % 2 === 0 ? 255 : 0]);
    const { at, ...size } = await seen(stripes);
    for (let x = 1; x < size.width - 1; x++) {
      const [grey = 0] = at(x, 5);
      assert.ok(grey > 80 && grey < 175, `${grey} in column ${x} of ${width}`);
    }
  }
});

test("what is transparent stays so in a PNG, and lies on white in a JPEG", async () => {
  const half = png({ width: 8, height: 8, colourType: 6 }, (x) => (x < 4 ? [255, 0, 0, 128] : [9, 9, 9, 0]));
  const kept = await seen(half);
  assert.deepEqual([kept.at(0, 0), kept.at(7, 0)[3]], [[255, 0, 0, 128], 0]);
  const laid = await seen(half, "image/jpeg");
  assertNear(laid.at(0, 4), [255, 127, 127, 255]);
  assertNear(laid.at(7, 4), white);
});

test("what is transparent gives no colour to what is beside it", async () => {
  // Every other column is there, in red; those between are black, and transparent.
  const columns = png({ width: 3_000, height: 8, colourType: 6 }, (x) =>
    x % 2 === 0 ? [255, 0, 0, 255] : [0, 0, 0, 0],
  );
  const { at } = await seen(columns);
  for (let x = 1; x < 799; x++) {
    const [red = 0, green, blue, alpha = 0] = at(x, 1);
    assert.deepEqual([red > 250, green, blue, alpha > 80 && alpha < 175], [true, 0, 0, true], `${at(x, 1)}`);
  }
});

test("a mean takes colours as much as they are there", async () => {
  const columns = png({ width: 1_600, height: 4, colourType: 6 }, (x) =>
    x % 2 === 0 ? [200, 0, 0, 255] : [0, 100, 0, 85],
  );
  const { at } = await seen(columns);
  for (let x = 0; x < 800; x++) assertNear(at(x, 1), [150, 25, 0, 170], 1);
});

test("a thumbnail that is less wide and no less high stays opaque", async () => {
  const { at, ...size } = await seen(png({ width: 803, height: 3 }, () => [255, 254, 253]));
  assert.deepEqual([size.width, size.height], [800, 3]);
  for (let x = 0; x < 800; x++) {
    assert.equal(at(x, 1)[3], 255);
    assertNear(at(x, 1), [255, 254, 253, 255], 1);
  }
});

test("a thumbnail is of the type that its file is named after, whatever the picture is", async () => {
  for (const bytes of [jpeg("baseline"), png({ width: 2, height: 2 }, () => [1, 2, 3])]) {
    assert.equal((await thumbnailOf(bytes, "image/jpeg")).bytes.at(0), 0xff);
    assert.equal((await thumbnailOf(bytes, "image/png")).bytes.at(0), 0x89);
  }
});

test("nothing but pixels comes out", async () => {
  const secret = Buffer.from("GPS 52.5200 N 13.4050 E");
  const taken = [0xe0, 0xe1, 0xe2, 0xed, 0xfe].reduce(
    (bytes, marker) => withSegment(bytes, marker, secret),
    jpeg("baseline"),
  );
  const chunks = ["tEXt", "iTXt", "zTXt", "iCCP", "eXIf", "teST"].map((type) => chunk(type, secret));
  const drawn = png({ width: 8, height: 8, chunks }, () => [0, 0, 0]);
  for (const bytes of [taken, drawn]) {
    for (const mime of ["image/jpeg", "image/png"] as const) {
      const made = Buffer.from((await thumbnailOf(bytes, mime)).bytes);
      assert.equal(made.includes("GPS"), false);
      assert.doesNotMatch(made.toString("latin1"), /Exif|ICC_PROFILE|tEXt|iTXt|zTXt|iCCP|eXIf|teST/);
    }
  }
});
