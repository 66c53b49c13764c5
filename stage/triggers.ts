// triggers: the words of a stage's `on`, each wiring one source to the stage's function.

import type { DataBucket } from "./data-bucket";
import type { Stage } from "./stage";

export interface Trigger {
  readonly attach: (stage: Stage) => void;
}

/**
 * Every object that is created in `bucket`, however (put, copy, completed upload), under a key that begins with `prefix` and
 * ends with `suffix`. Two stages may not ask for overlapping keys of one bucket: S3 refuses that.
 *
 * The event is S3's notification; it comes at least once, in any order, with its key URL-encoded as in a form.
 */
export const objectCreated = (bucket: DataBucket, { prefix = "", suffix = "" } = {}): Trigger => ({
  attach: (stage) => bucket.tell({ name: stage.name, function: stage.function, prefix, suffix }),
});
