// DELETE /api/items/{id}: a picture and all that was made of it, gone.

import { description, integer, number, pipe, strictObject } from "valibot";
import { endpoint } from "../endpoint";
import { ItemId } from "../image-keys";

export const deleteItem = endpoint({
  route: "DELETE /api/items/{id}",
  summary: "Delete an item",
  description:
    "Its picture, its thumbnail, what was said of it and its place in the search; also where it waits still or was " +
    "rejected. What is deleted already is not found.",
  pipeline: "collections",
  for: "user",
  path: strictObject({ id: ItemId }),
  answer: {
    status: 200,
    description: "It is gone",
    schema: strictObject({
      id: ItemId,
      objects: pipe(number(), integer(), description("How many objects were deleted: pictures and thumbnails")),
    }),
  },
  problems: {},
});
