// image-types: which pictures the collections take, by what they are called, what they are and how large they may be.

/** What a key ends with, in any case, and what a picture of that name is served as. */
export const imageTypes = { ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png" } as const;

export type ImageMime = (typeof imageTypes)[keyof typeof imageTypes];

/** A picture of 24 megapixels has some 12 MB, one of 12 in sixteen bits a channel some 50. */
export const maxImageBytes = 50 * 1_024 * 1_024;

/** The longer side of a thumbnail, in pixels. */
export const thumbnailSide = 800;
