// buckets: every registered bucket on the embedded S3, and who is told of what is created in it.

import type { Registered } from "../../stage/evaluation/evaluate";
import { atLeastOnce } from "../at-least-once";
import { readPolicy } from "../door/policy";
import type { Events } from "../services/events/events";
import { objectEvent } from "../services/events/object-event";
import type { Lambda } from "../services/lambda/lambda";
import { notificationEvent, type ObjectEvent } from "../services/s3/notification";
import type { S3 } from "../services/s3/s3";
import { type Registry, text } from "./registry";

export const bucketTypes = [
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketNotification:BucketNotification",
  "aws:lambda/permission:Permission",
];

export function deployBuckets(registry: Registry, s3: S3): void {
  for (const bucket of registry.ofType("aws:s3/bucket:Bucket")) {
    const name = text(bucket, "bucket");
    const [versioning] = registry.about("aws:s3/bucketVersioning:BucketVersioning", "bucket", name);
    const [policy] = registry.about("aws:s3/bucketPolicy:BucketPolicy", "bucket", name);
    const status = versioning?.inputs.versioningConfiguration as { status?: string } | undefined;
    s3.createBucket(name, {
      versioned: status?.status === "Enabled",
      policy: policy && readPolicy(text(policy, "policy"), name),
    });
  }
}

interface Subscription {
  readonly bucket: string;
  readonly id: string;
  readonly function: string;
  readonly prefix: string;
  readonly suffix: string;
}

export interface Told {
  readonly lambda: Lambda;
  readonly events: Events;
}

/** Gives what to call for every object event: it tells the functions, and EventBridge, where the program wants it. */
export function notifications(
  registry: Registry,
  { lambda, events }: Told,
  account: string,
): (event: ObjectEvent) => void {
  const subscriptions = registry
    .ofType("aws:s3/bucketNotification:BucketNotification")
    .flatMap((notification) => subscriptionsOf(notification, registry));
  const onEventBridge = new Set(
    registry
      .ofType("aws:s3/bucketNotification:BucketNotification")
      .filter(({ inputs }) => inputs.eventbridge === true)
      .map((notification) => text(notification, "bucket")),
  );
  const nowAndThenTwice = atLeastOnce();

  return (event) => {
    if (onEventBridge.has(event.bucket)) events.accept(objectEvent(event, { account, region: registry.region }));
    if (!event.eventName.startsWith("ObjectCreated:")) return;
    for (const { bucket, id, function: name, prefix, suffix } of subscriptions) {
      if (event.bucket !== bucket || !event.key.startsWith(prefix) || !event.key.endsWith(suffix)) continue;
      const bucketArn = `arn:aws:s3:::${bucket}`;
      const notice = notificationEvent(event, { region: registry.region, configurationId: id, bucketArn, account });
      nowAndThenTwice(() => lambda.invokeAsync(name, notice, { source: "s3.amazonaws.com" }));
    }
  };
}

/** S3 refuses a configuration whose functions it may not invoke, and so does this. */
function subscriptionsOf(notification: Registered, registry: Registry): Subscription[] {
  const bucket = text(notification, "bucket");
  const unknown = ["queues", "topics"].find((kind) => notification.inputs[kind] !== undefined);
  if (unknown !== undefined)
    throw new Error(`Cannot deploy the notification of "${bucket}": ${unknown} is not imitated`);

  const functions = (notification.inputs.lambdaFunctions ?? []) as readonly Readonly<Record<string, unknown>>[];
  return functions.map(({ id, lambdaFunctionArn, filterPrefix, filterSuffix, events }) => {
    const other = [events].flat().find((event) => event !== "s3:ObjectCreated:*");
    if (other !== undefined) throw new Error(`Cannot deploy the notification of "${bucket}": ${other} is not imitated`);
    const [lambda] = registry
      .ofType("aws:lambda/function:Function")
      .filter(({ outputs }) => outputs.arn === lambdaFunctionArn);
    const permitted = registry
      .ofType("aws:lambda/permission:Permission")
      .some(
        ({ inputs }) =>
          inputs.function === lambda?.outputs.name &&
          inputs.principal === "s3.amazonaws.com" &&
          inputs.sourceArn === `arn:aws:s3:::${bucket}`,
      );
    if (lambda === undefined || !permitted) {
      throw new Error(
        `Cannot deploy the notification of "${bucket}": Unable to validate the following destination configurations: ` +
          `${lambdaFunctionArn} may not be invoked by s3.amazonaws.com for this bucket`,
      );
    }
    return {
      bucket,
      id: String(id),
      function: text(lambda, "name"),
      prefix: String(filterPrefix ?? ""),
      suffix: String(filterSuffix ?? ""),
    };
  });
}
