import assert from "node:assert/strict";
import { before, test } from "node:test";
import { imageSize } from "image-size";
import { Jimp } from "jimp";
import { imageKeyOf } from "../../schemas/image-keys";
import { type SamplePicture, samplePictures } from "./pictures";

let pictures: readonly SamplePicture[];
before(async () => {
  pictures = await samplePictures({ seed: 1 });
});

const called = (file: string) => {
  const found = pictures.find((picture) => picture.file === file);
  assert.ok(found, `there is no ${file}`);
  return found;
};

/** Red, green, blue and alpha of what lies between the edges, which are shares of the width and the height. */
async function meanOf({ bytes }: SamplePicture, [left, top, right, bottom]: readonly [number, number, number, number]) {
  const { width, height, data } = (await Jimp.read(Buffer.from(bytes))).bitmap;
  const sums = [0, 0, 0, 0];
  let count = 0;
  for (let y = Math.floor(top * height); y < bottom * height; y++)
    for (let x = Math.floor(left * width); x < right * width; x++, count++)
      for (let channel = 0; channel < 4; channel++)
        sums[channel] = (sums[channel] ?? 0) + (data[(y * width + x) * 4 + channel] ?? 0);
  const [red = 0, green = 0, blue = 0, alpha = 0] = sums.map((sum) => sum / count);
  return { red, green, blue, alpha };
}

test("samplePictures() draws the same bytes for the same seed, and others for another", async () => {
  const [again, other] = [await samplePictures({ seed: 1 }), await samplePictures({ seed: 2 })];
  for (const [index, { file, bytes }] of pictures.entries()) {
    assert.equal(Buffer.compare(bytes, again[index]?.bytes ?? Buffer.of()), 0, `${file} differs`);
    assert.equal(other[index]?.file, file);
    assert.notEqual(Buffer.compare(bytes, other[index]?.bytes ?? Buffer.of()), 0, `${file} is the same`);
  }
});

test("samplePictures() are what their names and types say, half of them JPEG, and larger than a thumbnail", () => {
  for (const { file, bytes, contentType } of pictures) {
    const { type, width, height } = imageSize(bytes);
    assert.equal(`image/${type === "jpg" ? "jpeg" : type}`, contentType, file);
    assert.equal(imageKeyOf(`someone/${file}`)?.mime, contentType, file);
    assert.ok(Math.max(width, height) > 700 && width * height < 2_000_000, `${file}: ${width} x ${height}`);
  }
  assert.equal(pictures.filter(({ contentType }) => contentType === "image/jpeg").length, pictures.length / 2);
  assert.equal(new Set(pictures.map(({ file }) => file)).size, pictures.length);
});

test("One of them lies on its side in its file and stands upright when it is read", async () => {
  const { bytes } = called("IMG_2041.JPG");
  const { width, height, orientation } = imageSize(bytes);
  assert.ok(width > height && orientation === 6, `${width} x ${height}, orientation ${orientation}`);
  const { bitmap } = await Jimp.read(Buffer.from(bytes));
  assert.deepEqual([bitmap.width, bitmap.height], [height, width]);
});

test("One of them is transparent round its edge, and the others are opaque", async () => {
  for (const picture of pictures) {
    const { alpha } = await meanOf(picture, [0, 0, 0.05, 0.05]);
    assert.equal(alpha, picture.file === "badge.png" ? 0 : 255, picture.file);
  }
});

test("Skies are bluish, faces of the colour of skin, pages bright with some dark on them", async () => {
  for (const picture of pictures) {
    const { file, shows } = picture;
    if (shows === "landscape") {
      const { red, green, blue } = await meanOf(picture, [0, 0, 1, 0.15]);
      assert.ok(blue > red * 1.1 && blue > green, `${file}: ${red}, ${green}, ${blue}`);
    } else if (shows === "people") {
      const { red, green, blue } = await meanOf(picture, [0.42, 0.38, 0.58, 0.46]);
      assert.ok(red > green * 1.15 && green > blue, `${file}: ${red}, ${green}, ${blue}`);
    } else if (shows === "document") {
      const { red, green, blue } = await meanOf(picture, [0, 0, 1, 1]);
      assert.ok(
        Math.min(red, green, blue) > 225 && Math.max(red, green, blue) < 252,
        `${file}: ${red}, ${green}, ${blue}`,
      );
    }
  }
});

test("Graphics are made of few colours", async () => {
  for (const { file, bytes, shows } of pictures) {
    if (shows !== "graphic") continue;
    const { data, width, height } = (await Jimp.read(Buffer.from(bytes))).bitmap;
    const counts = new Map<number, number>();
    for (let at = 0; at < data.length; at += 4) {
      const colour = data.readUInt32BE(at);
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
    const eight = [...counts.values()].sort((a, b) => b - a).slice(0, 8);
    const share = eight.reduce((sum, count) => sum + count, 0) / (width * height);
    assert.ok(share > 0.95, `${file}: ${share}`);
  }
});
