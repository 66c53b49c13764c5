// bitmap: decoded pixels, as jimp takes them.

export interface Bitmap {
  /** Four bytes a pixel - red, green, blue, alpha - row after row. */
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}
