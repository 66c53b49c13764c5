// raster: a picture in memory, and colours laid over its pixels.

/** Rows from the top, four bytes to a pixel: red, green, blue and alpha, not premultiplied. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** 0xRRGGBBAA, as jimp writes colours. */
export type Colour = number;

/** A colour, or one for each pixel, asked for by the pixel's left upper corner. */
export type Paint = Colour | ((x: number, y: number) => Colour);

/** A raster of one colour: a transparent one where none is given. */
export function raster(width: number, height: number, colour: Colour = 0): Raster {
  const data = new Uint8ClampedArray(width * height * 4);
  new DataView(data.buffer).setUint32(0, colour);
  for (let filled = 4; filled < data.length; filled *= 2) data.copyWithin(filled, 0, filled);
  return { width, height, data };
}

/** Lays a colour over the pixel at `x` and `y`, which must be in the raster: `share` is how much of the pixel it covers. */
export function lay({ width, data }: Raster, x: number, y: number, colour: Colour, share: number): void {
  const at = (y * width + x) * 4;
  const alpha = ((colour & 0xff) / 255) * share;
  const under = data[at + 3] ?? 0;
  // All in whole numbers from here: the array rounds slowly.
  if (alpha > 0.998) {
    data[at] = colour >>> 24;
    data[at + 1] = (colour >>> 16) & 0xff;
    data[at + 2] = (colour >>> 8) & 0xff;
    data[at + 3] = 255;
  } else if (alpha > 0) {
    const both = alpha * 255 + under * (1 - alpha);
    const weight = under === 255 ? alpha : (alpha * 255) / both;
    const red = data[at] ?? 0;
    const green = data[at + 1] ?? 0;
    const blue = data[at + 2] ?? 0;
    data[at] = (red + ((colour >>> 24) - red) * weight + 0.5) | 0;
    data[at + 1] = (green + (((colour >>> 16) & 0xff) - green) * weight + 0.5) | 0;
    data[at + 2] = (blue + (((colour >>> 8) & 0xff) - blue) * weight + 0.5) | 0;
    data[at + 3] = (both + 0.5) | 0;
  }
}

export function colourAt({ width, data }: Raster, x: number, y: number): Colour {
  const at = (y * width + x) * 4;
  return rgba(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0, data[at + 3] ?? 0);
}

export const rgba = (red: number, green: number, blue: number, alpha = 255): Colour =>
  ((red << 24) | (green << 16) | (blue << 8) | alpha) >>> 0;

/** The picture turned a quarter to the left. */
export function turnedLeft({ width, height, data }: Raster): Raster {
  const turned = raster(height, width);
  const [from, to] = [new Uint32Array(data.buffer), new Uint32Array(turned.data.buffer)];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) to[(width - 1 - x) * height + y] = from[y * width + x] ?? 0;
  return turned;
}
