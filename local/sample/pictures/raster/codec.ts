// codec: jimp's coders for files of one type, without what jimp does round them.

import { defaultFormats } from "jimp";

const formats = defaultFormats.map((format) => format());

type Format = (typeof formats)[number];

export function codec<Mime extends Format["mime"]>(mime: Mime) {
  const found = formats.find((format): format is Extract<Format, { mime: Mime }> => format.mime === mime);
  if (found === undefined) throw new Error(`Cannot read or write "${mime}": jimp has no codec for it`);
  return found;
}
