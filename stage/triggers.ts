// triggers: the words of a stage's `on`, each wiring one source to the stage's function.

import * as aws from "@pulumi/aws";
import type { DataBucket } from "./data-bucket";
import { consume, type Permission } from "./permissions";
import type { Stage } from "./stage";

export interface Trigger {
  /** What the function must be allowed for this source to reach it, beside what its `may` says. */
  readonly needs?: readonly Permission[];
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

/**
 * The messages of `source`, up to `batch` of them at once, gathered for up to `window` seconds; more than 10 need a window.
 *
 * The handler returns `{ batchItemFailures }`: what it does not name there is deleted. What failed comes again when the
 * queue's visibility timeout is over, which must be six times the stage's timeout at least, and after the queue's own
 * `maxReceiveCount` it goes to the dead-letter queue of the queue, not of the stage. `name` tells two queues apart.
 */
export const queue = (source: aws.sqs.Queue, { name = "queue", batch = 10, window = 0 } = {}): Trigger => ({
  needs: [consume(source)],
  attach: (stage) => {
    new aws.lambda.EventSourceMapping(
      `${stage.name}-from-${name}`,
      {
        eventSourceArn: source.arn,
        functionName: stage.function.name,
        batchSize: batch,
        maximumBatchingWindowInSeconds: window,
        functionResponseTypes: ["ReportBatchItemFailures"],
      },
      { parent: stage },
    );
  },
});
