// jpeg-turbo: libjpeg-turbo as WebAssembly, of the package @cwasm/jpeg-turbo, which comes in a layer
// (stage/image-codec-layer.ts). The package's own function decodes at full size only, and is broken by the first bad file.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What it exports of the TurboJPEG API (turbojpeg.h of libjpeg-turbo 2.0). Lengths are in bytes. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  malloc(length: number): number;
  tjInitDecompress(): number;
  tjDecompress2(
    decompressor: number,
    jpeg: number,
    jpegLength: number,
    pixels: number,
    width: number,
    rowLength: number,
    height: number,
    pixelFormat: number,
    flags: number,
  ): number;
}

/** Node's; its types do not tell of it. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** What libjpeg leaves by. */
const left = "longjmp";

const outOfMemory = /^Insufficient memory/;

/** Four bytes a pixel each. */
export const pixelFormats = { rgba: 7, cmyk: 11 } as const;

export interface Decoded {
  /** In the decoder's memory, which nobody else uses, and which lives as long as they do. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** What libjpeg had to say, and went on; nothing as a rule. */
  readonly warning: string | undefined;
}

/**
 * Whether it is scaled, `width` and `height` say: so many eighths of the picture's, rounded up. Throws a JpegError where libjpeg
 * or its memory gave up, and another error where there was no room for it.
 */
export type JpegTurbo = (
  jpeg: Uint8Array,
  to: { readonly width: number; readonly height: number; readonly pixelFormat: number },
) => Decoded;

/** For a factory: it compiles for some milliseconds. */
export function jpegTurbo(): JpegTurbo {
  const file = join(dirname(require.resolve("@cwasm/jpeg-turbo")), "jpeg-turbo.wasm");
  const code = new WebAssembly.Module(readFileSync(file));
  const messageAt = placeOfMessage(start(code));

  return (jpeg, { width, height, pixelFormat }) => {
    // Each picture has a memory of its own: after an error it is no good, and it never shrinks.
    const turbo = start(code);
    const { memory, malloc, tjInitDecompress, tjDecompress2 } = turbo;
    const [input, output] = [malloc(jpeg.length), malloc(width * height * 4)];
    if (input === 0 || output === 0) throw new Error(`Cannot decode ${width}x${height} pixels: there is no memory`);
    new Uint8Array(memory.buffer).set(jpeg, input);
    const rowLength = width * 4;
    let status: number;
    try {
      status = tjDecompress2(tjInitDecompress(), input, jpeg.length, output, width, rowLength, height, pixelFormat, 0);
    } catch (cause) {
      // What it says when it leaves; a trap says so itself.
      const message = (cause as Error).message === left ? textAt(turbo, messageAt) : String(cause);
      throw Object.assign(new Error(message, { cause }), outOfMemory.test(message) ? {} : { name: "JpegError" });
    }
    const pixels = new Uint8Array(memory.buffer, output, rowLength * height);
    return { pixels, warning: status === 0 ? undefined : textAt(turbo, messageAt) };
  };
}

function start(code: object): Exports {
  const leave = () => {
    throw new Error(left);
  };
  const { exports } = new WebAssembly.Instance(code, {
    // libjpeg leaves by longjmp. An exception does the same, but that nobody can go on from where it was set.
    env: { setjmp: () => 0, longjmp: leave },
    wasi_snapshot_preview1: {
      environ_sizes_get: () => 0,
      environ_get: leave,
      proc_exit: leave,
      fd_close: leave,
      fd_seek: leave,
      fd_write: leave,
    },
  });
  return exports as Exports;
}

/**
 * It does not export the function that tells what went wrong. Where it writes that down, shows when it is made to, and is the
 * same in every instance.
 */
function placeOfMessage({ memory, malloc, tjInitDecompress, tjDecompress2 }: Exports): number {
  const complaint = "Not a JPEG file: starts with 0x00 0x00";
  try {
    const zeros = malloc(64);
    new Uint8Array(memory.buffer).fill(0, zeros, zeros + 64);
    tjDecompress2(tjInitDecompress(), zeros, 64, zeros, 1, 4, 1, pixelFormats.rgba, 0);
  } catch {
    const at = Buffer.from(memory.buffer).indexOf(complaint);
    if (at >= 0) return at;
  }
  throw new Error(`Cannot use jpeg-turbo.wasm: it did not say "${complaint}"`);
}

function textAt({ memory }: Exports, at: number): string {
  const bytes = new Uint8Array(memory.buffer);
  return Buffer.from(bytes.subarray(at, bytes.indexOf(0, at))).toString("latin1");
}
