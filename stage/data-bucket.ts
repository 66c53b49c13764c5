// data-bucket: a private bucket with all that a reviewer asks of one, and one list of who is told about its objects.
//
//   bucket ── public access block, owner-enforced, versioned, encrypted, TLS only, lifecycle, (access log)
//      └── notification ── every stage that said objectCreated(bucket, ...)
//                     └── (EventBridge, where a stage said objectBatches(bucket, ...))

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Platform } from "./platform";
import { tagged } from "./tags";
import { tlsOnly } from "./tls-only";

/** What is in a bucket, as its tag says: `cardholder` holds unprotected card numbers, `internal` does not. */
export type DataClass = "cardholder" | "internal";

export interface DataBucketOptions {
  readonly dataClass: DataClass;
  /** Objects go after so many days; they stay for good where it is not given. */
  readonly expireAfterDays?: number;
  /** What keys must begin with: what would wake nobody is refused, instead of lying there unseen. Any key where it is not given. */
  readonly takesOnly?: readonly string[];
  /** Of web pages whose scripts may send it a form of S3, `https://shop.example`; none where it is not given. */
  readonly formsFrom?: readonly string[];
  /** Statements for its policy, for an AWS service that must reach it. */
  readonly allow?: (bucketArn: pulumi.Output<string>) => pulumi.Input<object>[];
}

/** Who is told: a function, of the keys that begin and end so. */
interface Subscriber {
  readonly name: string;
  readonly function: aws.lambda.Function;
  readonly prefix: string;
  readonly suffix: string;
}

export class DataBucket extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly bucket: pulumi.Output<string>;
  readonly #subscribers: Subscriber[] = [];
  readonly #name: string;
  #eventBridge = false;
  #announced = false;

  constructor(name: string, platform: Platform, options: DataBucketOptions) {
    const tags = { pipeline: platform.pipeline, dataClass: options.dataClass };
    super("tributary:stage:DataBucket", name, {}, { transformations: [tagged(tags)] });
    this.#name = name;

    const bucket = new aws.s3.Bucket(
      name,
      { forceDestroy: !platform.protect },
      { parent: this, protect: platform.protect, retainOnDelete: platform.protect },
    );
    this.arn = bucket.arn;
    this.bucket = bucket.bucket;

    const child = { parent: this };
    const of = { bucket: bucket.bucket };
    const closed = new aws.s3.BucketPublicAccessBlock(
      name,
      { ...of, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      child,
    );
    new aws.s3.BucketOwnershipControls(name, { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } }, child);
    new aws.s3.BucketVersioning(name, { ...of, versioningConfiguration: { status: "Enabled" } }, child);
    new aws.s3.BucketServerSideEncryptionConfiguration(name, { ...of, rules: [encryption(platform.key)] }, child);
    new aws.s3.BucketLifecycleConfiguration(name, { ...of, rules: lifecycle(options) }, child);
    // After the access block: both change the bucket's policy settings, and S3 refuses two such changes at once.
    const taken = options.takesOnly?.map((prefix) => this.arnOf(prefix));
    const statements = [...(options.allow?.(bucket.arn) ?? []), ...(taken ? [elsewhere(taken)] : [])];
    const policy = tlsOnly("s3", [bucket.arn, this.arnOf("")], statements);
    new aws.s3.BucketPolicy(name, { ...of, policy }, { parent: this, dependsOn: [closed] });
    if (options.formsFrom) {
      const page = { allowedMethods: ["POST"], allowedOrigins: [...options.formsFrom], maxAgeSeconds: 3_600 };
      new aws.s3.BucketCorsConfiguration(name, { ...of, corsRules: [page] }, child);
    }
    if (platform.accessLogs) {
      const target = { targetBucket: platform.accessLogs.bucket, targetPrefix: `${name}/` };
      new aws.s3.BucketLogging(name, { ...of, ...target }, child);
    }
    setImmediate(() => this.#announce(platform.accountId));
    this.registerOutputs({ bucket: this.bucket });
  }

  /** The ARN pattern of the objects below `prefix`. */
  arnOf(prefix: string): pulumi.Output<string> {
    return pulumi.interpolate`${this.arn}/${prefix}*`;
  }

  /** Adds a function to those that are told of new objects, as long as the program is being evaluated. */
  tell(subscriber: Subscriber): void {
    this.#mustBeOpen(subscriber.name);
    this.#subscribers.push(subscriber);
  }

  /** Has S3 tell EventBridge of everything that happens in the bucket, for the rules of stage `name`. */
  tellEventBridge(name: string): void {
    this.#mustBeOpen(name);
    this.#eventBridge = true;
  }

  #mustBeOpen(name: string): void {
    if (!this.#announced) return;
    throw new Error(
      `Cannot tell "${name}" of objects in "${this.#name}": the bucket's notification is already registered. ` +
        "Declare the stage in the synchronous part of the program.",
    );
  }

  // S3 keeps one notification configuration per bucket, and every write replaces it whole. So it is one resource under
  // the bucket's own name, made when the program has run to its end and every stage has spoken.
  #announce(accountId: pulumi.Output<string>): void {
    this.#announced = true;
    if (this.#subscribers.length === 0 && !this.#eventBridge) return;
    const told = new Map(this.#subscribers.map((subscriber) => [subscriber.name, subscriber.function]));
    const permissions = [...told].map(
      ([name, lambda]) =>
        new aws.lambda.Permission(
          `${name}-from-${this.#name}`,
          {
            function: lambda.name,
            action: "lambda:InvokeFunction",
            principal: "s3.amazonaws.com",
            sourceArn: this.arn,
            sourceAccount: accountId,
          },
          { parent: this },
        ),
    );
    const lambdaFunctions = this.#subscribers.map(({ name, function: lambda, prefix, suffix }) => ({
      id: prefix || suffix ? `${name}:${prefix}*${suffix}` : name,
      lambdaFunctionArn: lambda.arn,
      events: ["s3:ObjectCreated:*"],
      filterPrefix: prefix,
      filterSuffix: suffix,
    }));
    // S3 tries on the spot whether it may invoke each function, so the permissions come first.
    const options = { parent: this, dependsOn: permissions };
    const recipients = {
      ...(lambdaFunctions.length > 0 ? { lambdaFunctions } : {}),
      ...(this.#eventBridge ? { eventbridge: true } : {}),
    };
    new aws.s3.BucketNotification(this.#name, { bucket: this.bucket, ...recipients }, options);
  }
}

/** Refuses objects that lie nowhere of these. */
const elsewhere = (taken: pulumi.Output<string>[]) => ({
  Sid: "Elsewhere",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:PutObject",
  NotResource: taken,
});

const encryption = (key: aws.kms.Key | undefined) => ({
  bucketKeyEnabled: true,
  applyServerSideEncryptionByDefault: key
    ? { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn }
    : { sseAlgorithm: "AES256" },
});

/**
 * Abandoned uploads go after a day, objects when their time is up, and their versions for good a week after they were
 * replaced or deleted; with card numbers in them, the next day.
 */
function lifecycle({ dataClass, expireAfterDays }: DataBucketOptions) {
  const everything = { filter: { prefix: "" }, status: "Enabled" };
  return [
    {
      id: "tidy",
      ...everything,
      abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      noncurrentVersionExpiration: { noncurrentDays: dataClass === "cardholder" ? 1 : 7 },
    },
    ...(expireAfterDays === undefined ? [] : [{ id: "expire", ...everything, expiration: { days: expireAfterDays } }]),
  ];
}
