// thumbnails: how many megapixels a second process-image takes, how many Pillow does, and how many jimp does by itself.
//
// On the same picture of twelve megapixels: a JPEG, a progressive one, which only Pillow can write, and a PNG. process-image and
// Pillow take turns, warm. jimp comes after them, for it leaves much to be cleared away in the process that it shares with
// process-image. Where no Python has Pillow, jimp alone is there to be held against.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Jimp } from "jimp";
import { readHeader } from "../functions/collections/process-image/header";
import { thumbnailer } from "../functions/collections/process-image/thumbnailer";
import { type ImageMime, thumbnailSide } from "../schemas/image-types";
import { child } from "./child";
import { type Measurement, median } from "./measurement";

const turns = 7;
const jimpTurns = 3;
const [width, height] = [4_000, 3_000];
const megapixels = (width * height) / 1e6;
const python = { program: process.env.PYTHON ?? "python3" };
const withPillow = join(__dirname, "with-pillow.py");

interface Drawn {
  readonly what: string;
  readonly path: string;
  readonly mime: ImageMime;
  /** In times of Pillow's. */
  readonly goal?: number;
}

export async function thumbnails(directory: string): Promise<Measurement[]> {
  const hasPillow = await child(["-c", "import PIL; print('{}')"], python).then(
    () => true,
    () => false,
  );
  const measured: Measurement[] = [];
  for (const drawn of await draw(directory, hasPillow)) measured.push(...(await measure(drawn, hasPillow)));
  return measured;
}

async function measure({ what, path, mime, goal }: Drawn, hasPillow: boolean): Promise<Measurement[]> {
  const bytes = await readFile(path);
  const makeThumbnail = thumbnailer();
  const ours = () => makeThumbnail(bytes, readHeader(bytes, path), mime);
  const pillows = () => child<{ ms: number }>([withPillow, "thumbnail", path], python);
  const jimps = async () => {
    const picture = await Jimp.fromBuffer(bytes);
    picture.scaleToFit({ w: thumbnailSide, h: thumbnailSide });
    return mime === "image/jpeg" ? picture.getBuffer(mime, { quality: 85 }) : picture.getBuffer(mime);
  };
  for (let warm = 0; warm < turns; warm++) await ours();

  const taken: { readonly ms: number; readonly pillowMs: number }[] = [];
  for (let turn = 0; turn < turns; turn++) {
    taken.push({ ms: await took(ours), pillowMs: hasPillow ? (await pillows()).ms : 0 });
  }
  const jimpTaken: number[] = [];
  for (let turn = -1; turn < jimpTurns; turn++) jimpTaken.push(await took(jimps));

  const ms = median(taken.map((turn) => turn.ms));
  const line = (against: string, baselineMs: number): Measurement => ({
    what: `thumbnail of a ${what}, against ${against}`,
    measured: rate(ms),
    unit: "megapixels/s",
    baseline: rate(baselineMs),
    ratio: ms / baselineMs,
    note: `${(1_000 / ms).toFixed(1)} thumbnails/s of ${megapixels} megapixels: ${ms.toFixed()} ms`,
  });
  const jimp = line("jimp alone", median(jimpTaken.slice(1)));
  if (!hasPillow) return [{ ...jimp, note: `${jimp.note}; "${python.program}" has no Pillow` }];
  const ratio = median(taken.map((turn) => turn.ms / turn.pillowMs));
  const pillow = { ...line("Pillow", median(taken.map(({ pillowMs }) => pillowMs))), ratio };
  return [goal === undefined ? pillow : { ...pillow, goal: `<= ${goal}`, met: ratio <= goal }, jimp];
}

const rate = (ms: number) => (megapixels / ms) * 1_000;

async function took(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function draw(directory: string, hasPillow: boolean): Promise<Drawn[]> {
  const picture = new Jimp({ data: pixels(), width, height });
  const [jpeg, progressive, png] = ["a.jpg", "progressive.jpg", "a.png"].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(jpeg, await picture.getBuffer("image/jpeg", { quality: 90 }));
  await writeFile(png, await picture.getBuffer("image/png", { deflateLevel: 3, filterType: 4, colorType: 2 }));
  if (hasPillow) await child([withPillow, "progressive", png, progressive], python);
  return [
    { what: "JPEG", path: jpeg, mime: "image/jpeg" as const, goal: 2 },
    ...(hasPillow ? [{ what: "progressive JPEG", path: progressive, mime: "image/jpeg" as const, goal: 2 }] : []),
    { what: "PNG", path: png, mime: "image/png" as const },
  ];
}

/** Waves of several lengths, and the noise of a camera: the same each time. */
function pixels(): Buffer {
  const data = Buffer.alloc(width * height * 4, 255);
  let noise = 1;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      noise = (Math.imul(noise, 1_664_525) + 1_013_904_223) >>> 0;
      const grain = (noise >>> 28) - 8;
      data[at] = 128 + 80 * Math.sin(x / 211 + y / 97) + grain;
      data[at + 1] = 128 + 90 * Math.sin(y / 131) + grain;
      data[at + 2] = 128 + 70 * Math.cos((x + y) / 53) + grain;
    }
  }
  return data;
}
