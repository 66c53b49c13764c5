// searchable: how long after its upload a picture is found by a search - thumbnail, analysis, vector and all, on the embedded AWS
// with its offline models, each stage in a process that is warm. Waits of a real cloud and a real model are not in it.

import { openGallery } from "../local/gallery-fixture";
import { samplePictures } from "../local/sample/pictures";
import type { Evaluation } from "../stage/evaluation/evaluate";
import { type Measurement, median } from "./measurement";

/** The first ones start the processes. */
const warmUp = 2;

export async function searchable(evaluation: Evaluation): Promise<Measurement[]> {
  const gallery = await openGallery(evaluation);
  try {
    const user = await gallery.user("bench");
    const taken: number[] = [];
    for (const { bytes, contentType } of await samplePictures({ seed: 1 })) {
      const began = performance.now();
      const id = await gallery.upload(user, bytes, contentType);
      // An item has others like it as soon as its vector is there, which is when it is found.
      while ((await gallery.ask(user, `GET /api/items/${id}/similar`)).status !== 200);
      taken.push(performance.now() - began);
    }
    const warm = taken.slice(warmUp);
    return [
      {
        what: "a picture, from its upload to where a search finds it",
        measured: median(warm),
        unit: "ms",
        note: `median of ${warm.length} pictures, ${Math.round(Math.max(...warm))} ms at most; asked for all the time`,
      },
    ];
  } finally {
    await gallery.end();
  }
}
