// thumbnailer: a picture's bytes in, its thumbnail's bytes out.
//
//   JPEG ──> jpeg-decoder ──┐
//                           ├──> jimp's resize ──> upright ──> JPEG or PNG, as the file is named
//   PNG  ──> png-decoder  ──┘
//
// 800 pixels at most on the longer side, and never more than there were. Nothing but pixels comes out: no EXIF, no place, no
// colour profile. A PNG stays transparent; what is named a JPEG is laid on white. A bad picture throws a BadImage.
//
// jimp resizes and encodes. Its decoder of JPEGs reads every pixel of the picture, which takes over a second for twelve million,
// and its decoder of PNGs, which is pngjs, has to be guarded (png-decoder.ts).

import { createJimp } from "@jimp/core";
import { methods as resizing } from "@jimp/plugin-resize";
import { type ImageMime, thumbnailSide } from "../../../schemas/image-types";
import type { Bitmap } from "./bitmap";
import type { ImageHeader } from "./header";
import { jpegDecoder } from "./jpeg-decoder";
import { isOpaque, layOnWhite } from "./opacity";
import { decodePng } from "./png-decoder";
import { premultiply, unpremultiply } from "./premultiplied";
import { upright } from "./upright";

import jimpJpeg = require("@jimp/js-jpeg");
import jimpPng = require("@jimp/js-png");

export interface Thumbnail {
  readonly bytes: Uint8Array;
  readonly mime: ImageMime;
  readonly width: number;
  readonly height: number;
  /** What the picture itself is, whatever its file is called, and measures, upright. */
  readonly source: Source;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Source extends Size {
  readonly mime: ImageMime;
}

export type Thumbnailer = (bytes: Uint8Array, header: ImageHeader, mime: ImageMime) => Promise<Thumbnail>;

/** A JPEG's pixels that a pixel of the thumbnail is made from, on each side: with fewer, fine patterns turn into coarse ones. */
const least = 1.75 * thumbnailSide;

/** For a factory. `mime` is what the thumbnail is to be. Throws a BadImage. */
export function thumbnailer(): Thumbnailer {
  const decodeJpeg = jpegDecoder();
  const Picture = createJimp({ formats: [opaqueJpeg, jimpPng.default], plugins: [resizing] });

  return async (bytes, header, mime) => {
    const decoded = header.type === "jpeg" ? decodeJpeg(bytes, header, least) : await decodePng(bytes, header);
    const opaque = header.type === "jpeg" || isOpaque(decoded);
    const bitmap = upright(shrunken(decoded, fitted(header), opaque), header.orientation);
    const picture = new Picture(bitmap);
    const { width, height } = bitmap;
    return { bytes: await encoded(), mime, width, height, source: sourceOf(header) };

    function encoded(): Promise<Uint8Array> {
      if (mime === "image/png") return picture.getBuffer(mime, opaque ? { colorType: withoutAlpha } : {});
      if (!opaque) layOnWhite(bitmap);
      return picture.getBuffer(mime, { quality: 85 });
    }
  };

  function shrunken(bitmap: Bitmap, { width: w, height: h }: Size, opaque: boolean): Bitmap {
    if (w === bitmap.width && h === bitmap.height) return bitmap;
    if (!opaque) premultiply(bitmap);
    const picture = new Picture(bitmap).resize({ w, h });
    if (!opaque) unpremultiply(picture.bitmap);
    return picture.bitmap;
  }
}

/** jimp would lay it on a colour itself, pixel by pixel, which takes longer than the encoding. */
const opaqueJpeg = () => ({ ...jimpJpeg.default(), hasAlpha: true });

/** PNGColorType.COLOR */
const withoutAlpha = 2;

/** How large a thumbnail is, as its picture lies. */
function fitted({ width, height }: ImageHeader): Size {
  const scale = Math.min(1, thumbnailSide / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

const sourceOf = ({ type, width, height, orientation }: ImageHeader): Source => ({
  mime: `image/${type}`,
  ...(orientation < 5 ? { width, height } : { width: height, height: width }),
});
