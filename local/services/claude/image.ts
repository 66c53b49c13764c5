// image: an image of a request, checked as far as its header says what it is. Its pixels are decoded by whoever needs them.
// Limits: https://platform.claude.com/docs/en/build-with-claude/vision, "General limits". The API's pages do not list its
// errors: their words are as https://github.com/anthropics/claude-code/issues quotes them (4778, 10612, 35234, 3073, 56511).

import { imageSize } from "image-size";
import { literal, picklist, strictObject, string } from "valibot";
import { apiError } from "./api-error";
import { checked } from "./checked";

export interface Image {
  readonly bytes: Buffer;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

const mediaTypes = ["image/jpeg", "image/png", "image/gif", "image/webp"] as const;

type MediaType = (typeof mediaTypes)[number];

/** What of them is imitated. */
const decodable: readonly MediaType[] = ["image/jpeg", "image/png"];

/** Of the text in base64. */
const mostCharacters = 10 * 1_024 * 1_024;

/** Of a side, in pixels. */
const longestSide = 8_000;

/** More is not decoded here; the API takes up to 64. */
const mostMegapixels = 16;

const Base64 = strictObject({ type: literal("base64"), media_type: string(), data: string() });

/** `at` is where the source stands in the request. */
export function imageOf(source: { readonly type: string }, at: string): Image {
  if (source.type !== "base64") throw refused(`${at}.${source.type}: is not imitated offline: base64 is`);
  const place = `${at}.base64`;
  const { media_type, data } = checked(Base64, source, place);
  const mediaType = checked(picklist(mediaTypes, expected), media_type, `${place}.media_type`);
  if (!decodable.includes(mediaType)) {
    throw refused(`${place}.media_type: ${mediaType} is not imitated offline: ${decodable.join(" and ")} are`);
  }
  if (data === "") throw refused(`${place}.data: image cannot be empty`);
  if (data.length > mostCharacters) {
    throw refused(`${place}: image exceeds 10 MB maximum: ${data.length} bytes > ${mostCharacters} bytes`);
  }
  if (data.length % 4 !== 0 || !/^[A-Za-z\d+/]+={0,2}$/.test(data)) throw refused(`${place}.data: invalid base64 data`);
  const bytes = Buffer.from(data, "base64");
  const is = typeOf(bytes);
  if (is === undefined) throw notProcessed();
  if (is !== mediaType) {
    throw refused(
      `${place}: The image was specified using the ${mediaType} media type, but the image appears to be a ${is} image`,
    );
  }
  const { width, height } = sizeOf(bytes);
  if (Math.max(width, height) > longestSide) {
    throw refused(`${place}.data: At least one of the image dimensions exceed max allowed size: ${longestSide} pixels`);
  }
  if (width * height > mostMegapixels * 1e6) {
    throw refused(
      `${place}.data: an image of ${width}x${height} is not imitated offline: ${mostMegapixels} megapixels are`,
    );
  }
  return { bytes, width, height };
}

/** About as many as the API counts, which scales down what is larger. */
export const imageTokens = ({ width, height }: Image): number => Math.ceil(Math.min(width * height, 1_150_000) / 750);

/** Also where the pixels cannot be decoded. */
export const notProcessed = () => refused("Could not process image");

const refused = (message: string) => apiError(400, "invalid_request_error", message);

const quoted = mediaTypes.map((type) => `'${type}'`);
const expected = `Input should be ${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;

/** By what it begins with. */
function typeOf(bytes: Buffer): MediaType | undefined {
  const begins = bytes.subarray(0, 12).toString("latin1");
  if (begins.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (begins.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (/^GIF8[79]a/.test(begins)) return "image/gif";
  return /^RIFF.{4}WEBP/s.test(begins) ? "image/webp" : undefined;
}

function sizeOf(bytes: Buffer): { width: number; height: number } {
  try {
    return imageSize(bytes);
  } catch {
    throw notProcessed();
  }
}
