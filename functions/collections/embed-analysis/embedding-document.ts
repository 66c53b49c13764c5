// embedding-document: what of an analysis is embedded - a text, and the fields that it was made of.

import type { Analysis } from "../../../schemas/analysis";

/** Nothing where the analysis says nothing. How sure the model was is no part of what is to be seen. */
export function embeddingDocument({ category, summary, objects, colours, text, mood }: Analysis): string | undefined {
  const lines = [
    ["", summary],
    ["Category: ", category],
    ["Objects: ", objects.join(", ")],
    ["Colours: ", colours.join(", ")],
    ["Text: ", text],
    ["Mood: ", mood],
  ].flatMap(([name = "", value = ""]) => (value.trim() === "" ? [] : [`${name}${value.trim()}`]));
  return lines.length === 0 ? undefined : lines.join("\n");
}

export const embeddingSource = ({ category, summary, objects, colours, text, mood }: Analysis) => ({
  category,
  summary,
  objects,
  colours,
  text,
  mood,
});
