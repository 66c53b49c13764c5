// analyze-image: the use of the collections - of one picture, what is to be seen in it.
//
//   in    one image of at most 10 MB, JPEG or PNG; the text of the request is not read, whatever it asks for
//   out   category, summary, objects, colours, text, mood and confidence, as schemas/analysis.ts has them
//
// Everything is computed from the pixels: analyze-image/seen.ts measures, scene.ts decides by rules, words.ts tells. It knows a
// landscape by its horizon and a face by its skin and its eyes, and is as often wrong as such rules are. It cannot read: `text`
// is empty, also for a page full of it. The same pixels are the same answer.

import { categories } from "../../../schemas/analysis";
import { pictureOf } from "./analyze-image/picture";
import { sceneOf } from "./analyze-image/scene";
import { seenOf } from "./analyze-image/seen";
import { coloursTold, moodOf, objectsOf, summaryOf } from "./analyze-image/words";
import { notProcessed } from "./image";
import type { ModelRequest } from "./request";
import type { Use } from "./use";

const fields = ["category", "summary", "objects", "colours", "text", "mood", "confidence"];

export const analyzeImage: Use = {
  name: "analyze-image",
  fits: (asked) => fields.every((field) => asked.includes(field)),
  images: 1,
  async answer({ messages, form }) {
    const [image] = messages.flatMap((message) => message.images);
    if (image === undefined) throw notProcessed();
    const seen = seenOf(await pictureOf(image));
    const { category, confidence } = sceneOf(seen, allowedBy(form));
    const objects = objectsOf(seen, category);
    return {
      category,
      summary: summaryOf(seen, category, objects),
      objects,
      colours: coloursTold(seen),
      text: "",
      mood: moodOf(seen),
      confidence,
    };
  },
};

/** The form may leave some of them out. */
function allowedBy({ properties }: ModelRequest["form"]): readonly string[] {
  const { enum: allowed } = properties.category as { readonly enum?: readonly string[] };
  return allowed ?? categories;
}
