// png-decoder: the pixels of a PNG, which pngjs reads.
//
// pngjs inflates an interlaced picture without a limit, and of a picture that is damaged where it is deflated it makes pixels of
// whatever lay in the memory. So its pixels are inflated beforehand, a piece at a time, and counted: they have to be as many as
// the header says. No other chunk is inflated. Of an animated PNG it gives what programs show that know of no animation.

import { createInflate } from "node:zlib";
import { PNG } from "pngjs";
import { badImage } from "./bad-image";
import type { Bitmap } from "./bitmap";
import { checkSound, pngChunks } from "./png-chunks";
import type { PngHeader } from "./png-header";
import { pngRowBytes } from "./png-row-bytes";

/** Throws a BadImage. */
export async function decodePng(bytes: Uint8Array, header: PngHeader): Promise<Bitmap> {
  const { name } = header;
  await checkPixelBytes(deflatedPixels(bytes, name), header);
  try {
    // The checksums that count are checked.
    const { data, width, height } = PNG.sync.read(withoutMore(bytes, name), { checkCRC: false });
    return { data, width, height };
  } catch (error) {
    throw badImage("Damaged", name, `pngjs says: ${(error as Error).message}`);
  }
}

/** The data of all chunks IDAT, if what the picture cannot do without is sound. */
function deflatedPixels(bytes: Uint8Array, name: string): Buffer {
  const deflated: Uint8Array[] = [];
  for (const chunk of pngChunks(bytes, name)) {
    if (/^[A-Z]/.test(chunk.type)) checkSound(chunk, name);
    if (chunk.type === "IDAT") deflated.push(chunk.data);
  }
  return Buffer.concat(deflated);
}

async function checkPixelBytes(deflated: Buffer, header: PngHeader): Promise<void> {
  const { name } = header;
  const promised = pngRowBytes(header);
  const inflated = createInflate({ chunkSize: 256 * 1_024 });
  inflated.end(deflated);
  let count = 0;
  try {
    // Throwing in the loop ends the inflating.
    for await (const piece of inflated as AsyncIterable<Uint8Array>) {
      count += piece.length;
      if (count > promised) throw badImage("Damaged", name, "it has more pixels than its header says");
    }
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (code === "Z_BUF_ERROR") throw badImage("Truncated", name, "its pixels end too early");
    if (code === "Z_DATA_ERROR" || code === "Z_NEED_DICT") throw badImage("Damaged", name, "its pixels do not inflate");
    throw error;
  }
  if (count < promised) throw badImage("Truncated", name, "its pixels end too early");
}

/** pngjs wants nothing to come behind the end chunk. */
function withoutMore(bytes: Uint8Array, name: string): Buffer {
  const end = [...pngChunks(bytes, name)].at(-1)?.end;
  return Buffer.from(bytes.buffer, bytes.byteOffset, end);
}
