// s3: Amazon S3 on a directory, for the unmodified SDK. What is not imitated is refused by name.
//
//   <directory>/index.sqlite      what there is
//   <directory>/<bucket>/<key>    the latest version of every object, to be opened with any tool
//   <directory>/.store/           the bytes themselves, older versions and parts of uploads

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../clock";
import type { PolicyDocument } from "../../door/policy";
import type { Incoming, Service } from "../../door/service";
import type { Principals, Verified } from "../../door/signature";
import type { Context } from "./context";
import type { ObjectEvent } from "./notification";
import { isForm, verifyForm } from "./post-policy";
import { refusal } from "./refusal";
import { s3Request } from "./request";
import { operationOf } from "./routes";
import { store } from "./store";

export interface BucketSettings {
  readonly versioned: boolean;
  /** The bucket's policy. */
  readonly policy?: PolicyDocument | undefined;
}

export interface S3 extends Service {
  readonly name: "s3";
  /** Whether `request` is a browser's form, which `verifyForm` verifies instead of the door. */
  readonly isForm: (request: Incoming) => boolean;
  /** Gives the request that the form stands for, which `operation` understands. */
  readonly verifyForm: (
    request: Incoming,
    principals: Principals,
    now: number,
  ) => Promise<Verified & { readonly request: Incoming }>;
  /** Creates the bucket, or changes one that is there already; the objects in it stay. */
  createBucket(name: string, settings: BucketSettings): void;
  setPolicy(bucket: string, policy: PolicyDocument | undefined): void;
  /** Names, in order. */
  buckets(): readonly string[];
  /** The file that the latest version of an object can be opened as; undefined where there is no such object. */
  pathOf(bucket: string, key: string): string | undefined;
  end(): void;
}

export interface S3Options {
  readonly directory: string;
  readonly clock: Clock;
  /** Called once for every object that is created or removed, when it is. */
  readonly onEvent: (event: ObjectEvent) => void;
  readonly region?: string;
  readonly account?: string;
}

export function s3({ directory, clock, onEvent, region = "us-east-1", account = "000000000000" }: S3Options): S3 {
  mkdirSync(directory, { recursive: true });
  const kept = store(directory, clock);
  const policies = new Map<string, PolicyDocument>();

  const context: Context = {
    store: kept,
    clock,
    region,
    account,
    need: (action, bucket, key, conditions) => ({
      action,
      resource: `arn:aws:s3:::${bucket}${key === undefined ? "" : `/${key}`}`,
      ...(policies.has(bucket) ? { resourcePolicy: policies.get(bucket) } : {}),
      ...(conditions === undefined ? {} : { context: conditions }),
    }),
    tell(eventName, version, caller, sequence = version.sequence) {
      const { bucket, key, size, etag } = version;
      onEvent({
        bucket,
        eventName,
        key,
        ...(eventName.startsWith("ObjectCreated:") ? { size, eTag: etag } : {}),
        ...(kept.bucket(bucket).versioning === "Off" ? {} : { versionId: version.versionId }),
        sequencer: sequence.toString(16).toUpperCase().padStart(16, "0"),
        time: new Date(clock.now()).toISOString(),
        principal: caller.principal.name,
      });
    },
  };

  return {
    name: "s3",
    operation: (incoming) => operationOf(s3Request(incoming), context),
    refusal,
    isForm,
    verifyForm,
    createBucket(name, { versioned, policy }) {
      checkName(name);
      kept.createBucket(name, versioned);
      mkdirSync(join(directory, name), { recursive: true });
      this.setPolicy(name, policy);
    },
    setPolicy(bucket, policy) {
      if (policy === undefined) policies.delete(bucket);
      else policies.set(bucket, policy);
    },
    buckets: () => kept.buckets().map(({ name }) => name),
    pathOf(bucket, key) {
      const path = kept.pathOf(bucket, key);
      return path === undefined ? undefined : join(directory, path);
    },
    end: kept.end,
  };
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
function checkName(name: string) {
  if (
    !/^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) ||
    /^(\d+\.){3}\d+$/.test(name) ||
    name.startsWith("index.sqlite")
  )
    throw new Error(`Cannot create bucket "${name}": S3 takes 3 to 63 lower-case letters, digits, dots and hyphens`);
}
