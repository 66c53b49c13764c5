// content: what a turn says, in text and in images. https://platform.claude.com/docs/en/build-with-claude/vision

import { array, literal, looseObject, optional, strictObject, string, unknown } from "valibot";
import { apiError } from "./api-error";
import { checked } from "./checked";
import { type Image, imageOf } from "./image";

export interface Content {
  readonly text: string;
  readonly images: readonly Image[];
}

const Blocks = array(looseObject({ type: string() }));

const TextBlock = strictObject({ type: literal("text"), text: string(), cache_control: optional(unknown()) });

const ImageBlock = strictObject({
  type: literal("image"),
  source: looseObject({ type: string() }),
  cache_control: optional(unknown()),
});

/** `at` is where the turn stands in the request. */
export function contentOf(content: unknown, role: "user" | "assistant", at: string): Content {
  if (typeof content === "string") return { text: content, images: [] };
  const texts: string[] = [];
  const images: Image[] = [];
  for (const [index, block] of checked(Blocks, content, `${at}.content`).entries()) {
    const place = `${at}.content.${index}`;
    if (block.type === "text") texts.push(checked(TextBlock, block, place).text);
    else if (block.type === "image" && role === "user") {
      images.push(imageOf(checked(ImageBlock, block, place).source, `${place}.image.source`));
    } else {
      const whose = block.type === "image" ? "of the assistant " : "";
      throw apiError(400, "invalid_request_error", `${place}: ${block.type} ${whose}is not imitated offline`);
    }
  }
  return { text: texts.join(""), images };
}
