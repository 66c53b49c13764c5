import assert from "node:assert/strict";
import { test } from "node:test";
import { imageSize } from "image-size";
import { Jimp } from "jimp";
import { encodeJpeg, encodePng } from "./encode";
import { turnRight, withOrientation } from "./exif";
import { fill } from "./fill";
import { rectangle } from "./outline";
import { raster, turnedLeft } from "./raster";

function corners() {
  const picture = raster(48, 32, 0xffffffff);
  fill(picture, rectangle(0, 0, 16, 16), 0xff0000ff);
  fill(picture, rectangle(32, 16, 16, 16), 0x0000ff80);
  picture.data.set([9, 8, 7, 0], 4);
  return picture;
}

test("encodePng() writes what others read pixel by pixel", async () => {
  const picture = corners();
  const { bitmap } = await Jimp.read(encodePng(picture, { alpha: true }));
  assert.deepEqual([bitmap.width, bitmap.height], [48, 32]);
  assert.deepEqual([...bitmap.data], [...picture.data]);
  const opaque = raster(48, 32, 0x102030ff);
  fill(opaque, rectangle(3, 2, 16, 16), 0xff0000ff);
  assert.deepEqual([...(await Jimp.read(encodePng(opaque))).bitmap.data], [...opaque.data]);
});

test("encodeJpeg() writes a JPEG of these colours", async () => {
  const { bitmap } = await Jimp.read(encodeJpeg(corners()));
  assert.deepEqual([bitmap.width, bitmap.height], [48, 32]);
  const [red = 0, green = 0] = bitmap.data.subarray((8 * 48 + 8) * 4);
  assert.ok(red > 245 && green < 10, `${red}, ${green}`);
});

test("withOrientation() of a picture turned to the left stands upright again", async () => {
  const file = withOrientation(encodeJpeg(turnedLeft(corners())), turnRight);
  const { width, height, orientation } = imageSize(file);
  assert.deepEqual([width, height, orientation], [32, 48, turnRight]);
  const { bitmap } = await Jimp.read(Buffer.from(file)); // which turns it
  assert.deepEqual([bitmap.width, bitmap.height], [48, 32]);
  const [red = 0, green = 0] = bitmap.data.subarray((8 * 48 + 8) * 4);
  assert.ok(red > 245 && green < 10, `${red}, ${green}`);
});

test("withOrientation() refuses what is no JPEG", () => {
  assert.throws(() => withOrientation(encodePng(corners()), turnRight), /Cannot add an orientation/);
});
