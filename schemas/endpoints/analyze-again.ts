// POST /api/items/{id}/analyses: have a picture analyzed once more.

import { description, pipe, strictObject, string } from "valibot";
import { endpoint } from "../endpoint";
import { ItemId } from "../image-keys";

export const analyzeAgain = endpoint({
  route: "POST /api/items/{id}/analyses",
  summary: "Have an item analyzed once more",
  description:
    "The model looks at the picture again, and the item gets a new version of its analysis some seconds later. Each request is " +
    "an analysis of its own, which is paid for.",
  pipeline: "collections",
  for: "user",
  path: strictObject({ id: ItemId }),
  answer: {
    status: 202,
    description: "It will be analyzed",
    schema: strictObject({
      itemId: ItemId,
      requestId: pipe(string(), description("By which the analysis is the one of this request")),
      status: pipe(string(), description("The path of the route that shows the newest analysis")),
    }),
  },
  problems: {},
});
