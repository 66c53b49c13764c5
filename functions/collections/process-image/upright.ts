// upright: pixels as they were seen, from as they are stored.

import type { Bitmap } from "./bitmap";
import type { Orientation } from "./exif-orientation";

export function upright(bitmap: Bitmap, orientation: Orientation): Bitmap {
  if (orientation === 1) return bitmap;
  const { data, width, height } = bitmap;
  const last = width * height - 1;
  const bottom = last - width + 1;
  // Of the pixels as stored: which comes first, and how far it is to the next one across and down.
  const [first, across, down] = {
    2: [width - 1, -1, width],
    3: [last, -1, -width],
    4: [bottom, 1, -width],
    5: [0, width, 1],
    6: [bottom, -width, 1],
    7: [last, -width, -1],
    8: [width - 1, width, -1],
  }[orientation] as [number, number, number];
  const size = orientation < 5 ? { width, height } : { width: height, height: width };
  const turned = Buffer.alloc(data.length);
  for (let y = 0, to = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++, to += 4) {
      const from = (first + x * across + y * down) * 4;
      for (let channel = 0; channel < 4; channel++) turned[to + channel] = data[from + channel] ?? 0;
    }
  }
  return { data: turned, ...size };
}
