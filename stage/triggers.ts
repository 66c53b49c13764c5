// triggers: the words of a stage's `on`, each wiring one source to the stage's function.

import * as aws from "@pulumi/aws";
import { type Input, jsonStringify } from "@pulumi/pulumi";
import type { Endpoint } from "../schemas/endpoint";
import { createdObjects, type KeysWanted } from "./created-objects";
import type { DataBucket } from "./data-bucket";
import { type EventsWanted, eventQueue } from "./event-queue";
import type { HttpApi } from "./http-api";
import { consume, type Permission, send } from "./permissions";
import { readScheduleExpression } from "./schedule-expression";
import type { Stage } from "./stage";
import { stageSchedule } from "./stage-schedule";

export interface Trigger {
  /** What the function must be allowed for this source to reach it, beside what its `may` says. */
  readonly needs?: readonly Permission[];
  /** Settings that it gives the function. */
  readonly env?: Readonly<Record<string, Input<string>>>;
  readonly attach: (stage: Stage) => void;
}

/** A trigger with resources of its own, made when the stage has a name and a timeout and not yet a function. */
export type OwnTrigger = (stage: Stage) => Trigger;

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
export const queue = (
  source: aws.sqs.Queue,
  { name = "queue", batch = 10, window = 0, concurrency }: QueueOptions = {},
): Trigger => ({
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
        ...(concurrency === undefined ? {} : { scalingConfig: { maximumConcurrency: concurrency } }),
      },
      { parent: stage },
    );
  },
});

interface QueueOptions {
  readonly name?: string;
  /** Messages; 10,000 at most. */
  readonly batch?: number;
  /** In seconds; 300 at most. */
  readonly window?: number;
  /** How many batches at once, 2 at least; as many as Lambda likes where it is not given. */
  readonly concurrency?: number;
}

interface Batches {
  /** Events; 10,000 at most, and more than 10 need a window. Lambda hands over fewer where they would fill more than its 6 MB. */
  readonly batch: number;
  /** For how long they are gathered, in seconds; 300 at most. */
  readonly window: number;
  /** How many batches at once; 2 where it is not given, and AWS offers no less. */
  readonly atOnce?: number;
}

/**
 * Every object that is created in `bucket` under a key of those that are wanted, gathered for `window` seconds: a burst of
 * files becomes a few invocations. Any number of stages may ask for the same keys.
 *
 * The event is SQS's, each message in it an event of S3 by way of EventBridge; `objectsOf` of schemas/object-created.ts reads
 * it, or the handler is made with each-message.ts. Objects come at least once, in any order. The handler answers as that of
 * queue(), and may send to the queue's dead letters (DEAD_LETTERS_URL) by itself.
 */
export const objectBatches =
  (bucket: DataBucket, { batch, window, atOnce, ...keys }: KeysWanted & Batches): OwnTrigger =>
  (stage) => {
    bucket.tellEventBridge(stage.name);
    const description = `New objects for ${stage.name}`;
    const pattern = createdObjects(bucket, keys);
    return inBatches(stage, { what: "objects", description, pattern, window }, { batch, window, atOnce });
  };

/** What an event is, to whoever publishes and to whoever is woken. */
interface EventKind {
  readonly source: string;
  readonly detailType: string;
}

/**
 * Every event of this kind on the default bus, gathered for `window` seconds. The event is SQS's, each message in it an event
 * of EventBridge; the handler is made with each-message.ts. The rest is as with objectBatches().
 */
export const eventBatches =
  ({ source, detailType }: EventKind, { batch, window, atOnce }: Batches): OwnTrigger =>
  (stage) => {
    const description = `${detailType} for ${stage.name}`;
    const pattern = { source: [source], "detail-type": [detailType] };
    return inBatches(stage, { what: "events", description, pattern, window }, { batch, window, atOnce });
  };

function inBatches(stage: Stage, wanted: EventsWanted, { batch, window, atOnce = 2 }: Batches): Trigger {
  const { queue: source, deadLetters } = eventQueue(stage, wanted);
  const { needs = [], attach } = queue(source, { name: wanted.what, batch, window, concurrency: atOnce });
  return { needs: [...needs, send(deadLetters)], env: { DEAD_LETTERS_URL: deadLetters.url }, attach };
}

/**
 * By the clock, in UTC: `rate(1 hour)` (from the moment of deployment on), `cron(0 5 * * ? *)` or `at(2026-01-31T05:00:00)`.
 * The event is `{}`; it comes at least once, within the minute. `name` tells two schedules of a stage apart.
 */
export function schedule(expression: string, { enabled = true, name = "schedule" } = {}): Trigger {
  readScheduleExpression(expression);
  return { attach: (stage) => stageSchedule(stage, { name, expression, enabled }) };
}

/**
 * The deployment itself, which waits for the answer and fails with the stage: the first one, and each at which a value of
 * `triggers` is another. The event is `triggers`. The answer is kept in Pulumi's state: no secret may be in it.
 */
export const deployed = (triggers: Readonly<Record<string, Input<string>>>): Trigger => ({
  attach: (stage) => {
    const functionName = stage.function.name;
    new aws.lambda.Invocation(
      stage.name,
      { functionName, input: jsonStringify(triggers), triggers },
      { parent: stage },
    );
  },
});

/**
 * The requests to one endpoint of `api`, whose access token API Gateway has checked. Its timeout is 29 s at most.
 *
 * The event is API Gateway's, payload 2.0; the handler is made with answer() of stage/answer.ts. Whoever asks waits for the
 * answer: nothing is tried again.
 */
export const route = (api: HttpApi, endpoint: Endpoint): Trigger => ({
  attach: (stage) => api.serve(stage, endpoint),
});
