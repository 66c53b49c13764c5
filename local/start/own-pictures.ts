// own-pictures: the pictures of a directory, as they are.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ImageMime, imageTypes } from "../../schemas/image-types";
import { usageError } from "./options";

export interface Picture {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly contentType: ImageMime;
}

/** By what they are called; what they are the pipeline finds. Other files are passed over. */
export function ownPictures(directory: string): Picture[] {
  const pictures = readdirSync(directory, { recursive: true, encoding: "utf8" })
    .sort()
    .flatMap((file) => {
      const ending = /\.[^.]+$/.exec(file)?.[0].toLowerCase();
      const contentType = imageTypes[ending as keyof typeof imageTypes];
      return contentType === undefined ? [] : [{ file, bytes: readFileSync(join(directory, file)), contentType }];
    });
  if (pictures.length > 0) return pictures;
  const endings = Object.keys(imageTypes).join(", ");
  throw usageError(`Cannot take --images "${directory}": there is no ${endings} in it.`);
}
