// styled: text for a person.

import { styleText } from "node:util";

/** Colour where the stream is a terminal that wants it (NO_COLOR, FORCE_COLOR), plain text elsewhere. */
export const styled = (
  format: Parameters<typeof styleText>[0],
  text: string,
  stream: NodeJS.WriteStream = process.stdout,
): string => styleText(format, text, { stream });
