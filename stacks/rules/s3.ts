// s3: what is asked of every bucket. Most of it is a resource of its own that must be there once per bucket.

import { accountId } from "../../stage/evaluation/identities";
import { allows, isTlsOnly, list, opening, policyOf, statements } from "./policy";
import { added, changed, input, ofType, type Resource, type Rule, without } from "./rule";

const bucketName = ({ outputs }: Resource) => String(outputs.bucket);

/** The setting of that type of a bucket, where there is exactly one. */
function setting(resources: readonly Resource[], type: string, bucket: Resource): Resource | undefined {
  const [only, second] = ofType(resources, type).filter(({ inputs }) => inputs.bucket === bucketName(bucket));
  return second === undefined ? only : undefined;
}

const anybodyReads = policyOf({ Sid: "Open", Effect: "Allow", Principal: "*", Action: "s3:GetObject" });

export const s3: readonly Rule[] = [
  {
    ids: ["CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56", "CKV2_AWS_6", "AwsSolutions-S2"],
    says: "a bucket blocks public access in all four ways",
    level: "M",
    of: ["s3/bucket"],
    found: (bucket, resources) => {
      const block = setting(resources, "s3/bucketPublicAccessBlock", bucket);
      const flags = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];
      const off = flags.filter((flag) => block?.inputs[flag] !== true);
      return off.length === 0 ? undefined : `${off.join(", ")} not set`;
    },
    remedy: "give it an aws.s3.BucketPublicAccessBlock with all four flags",
    broken: (resources) => changed(resources, "s3/bucketPublicAccessBlock", { ignorePublicAcls: false }),
  },
  {
    ids: ["CKV_AWS_379", "AwsSolutions-S10"],
    says: "a bucket and its objects are reached by TLS only",
    level: "M",
    of: ["s3/bucket"],
    found: (bucket, resources) => {
      const policy = setting(resources, "s3/bucketPolicy", bucket);
      const arn = String(bucket.outputs.arn);
      return policy && isTlsOnly(policy, "s3", [arn, `${arn}/*`])
        ? undefined
        : "no statement that denies other transport";
    },
    remedy: "begin its policy with tlsOnly()",
    broken: (resources) => without(resources, "s3/bucketPolicy"),
  },
  {
    ids: ["CKV_AWS_70"],
    says: "a bucket's policy opens it to nobody outside",
    level: "M",
    of: ["s3/bucketPolicy"],
    found: (policy) => opening(policy, accountId),
    remedy: "name the principal, and for a service the source account",
    broken: (resources) => changed(resources, "s3/bucketPolicy", { policy: anybodyReads }),
  },
  {
    ids: ["CKV_AWS_93"],
    says: "a bucket's policy locks nobody out for good",
    level: "M",
    of: ["s3/bucketPolicy"],
    found: (policy) =>
      statements(policy).some(
        ({ Effect, Condition, Action }) =>
          Effect === "Deny" && Condition === undefined && list(Action).some((action) => action !== "s3:PutObject"),
      )
        ? "a Deny without a condition"
        : undefined,
    remedy: "give every Deny a condition that can be met, but for one of writing objects",
    broken: (resources) =>
      changed(resources, "s3/bucketPolicy", {
        policy: policyOf({ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*" }),
      }),
  },
  {
    ids: ["CKV_AWS_19"],
    says: "a bucket is encrypted, and asks its key once for many objects",
    level: "M",
    of: ["s3/bucket"],
    found: (bucket, resources) => {
      const rule = setting(resources, "s3/bucketServerSideEncryptionConfiguration", bucket);
      const algorithm = rule && input(rule, "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm");
      if (algorithm !== "AES256" && algorithm !== "aws:kms") return `encryption is ${algorithm}`;
      return rule && input(rule, "rules.0.bucketKeyEnabled") === true ? undefined : "no bucket key";
    },
    remedy: "give it an aws.s3.BucketServerSideEncryptionConfiguration with bucketKeyEnabled",
    broken: (resources) => without(resources, "s3/bucketServerSideEncryptionConfiguration"),
  },
  {
    ids: ["CKV_AWS_145"],
    says: "a bucket is encrypted with the stack's own key",
    level: "P",
    of: ["s3/bucket"],
    found: (bucket, resources) => {
      const rule = setting(resources, "s3/bucketServerSideEncryptionConfiguration", bucket);
      const key = rule && input(rule, "rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId");
      return ofType(resources, "kms/key").some(({ outputs }) => outputs.arn === key) ? undefined : `its key is ${key}`;
    },
    remedy: "set kmsMasterKeyId to the platform's key",
    broken: (resources) => without(resources, "kms/key"),
  },
  {
    ids: ["CKV2_AWS_65"],
    says: "a bucket has no access lists",
    level: "M",
    of: ["s3/bucket"],
    found: (bucket, resources) => {
      const owner = setting(resources, "s3/bucketOwnershipControls", bucket);
      const ownership = owner && input(owner, "rule.objectOwnership");
      return ownership === "BucketOwnerEnforced" ? undefined : `object ownership is ${ownership}`;
    },
    remedy: "give it aws.s3.BucketOwnershipControls with BucketOwnerEnforced",
    broken: (resources) =>
      changed(resources, "s3/bucketOwnershipControls", { rule: { objectOwnership: "ObjectWriter" } }),
  },
  {
    ids: ["CKV_AWS_21"],
    says: "a bucket keeps versions",
    level: "M",
    of: ["s3/bucket"],
    found: (bucket, resources) => {
      const versioning = setting(resources, "s3/bucketVersioning", bucket);
      const status = versioning && input(versioning, "versioningConfiguration.status");
      return status === "Enabled" ? undefined : `versioning is ${status}`;
    },
    remedy: "give it an aws.s3.BucketVersioning that is Enabled",
    broken: (resources) =>
      changed(resources, "s3/bucketVersioning", { versioningConfiguration: { status: "Suspended" } }),
  },
  {
    ids: ["CKV2_AWS_61", "CKV_AWS_300"],
    says: "a bucket lets go of abandoned uploads and of old versions",
    level: "M",
    of: ["s3/bucket"],
    found: (bucket, resources) => {
      const lifecycle = setting(resources, "s3/bucketLifecycleConfiguration", bucket);
      const rules = (lifecycle?.inputs.rules ?? []) as readonly Record<string, unknown>[];
      const enabled = rules.filter(({ status }) => status === "Enabled");
      const missing = ["abortIncompleteMultipartUpload", "noncurrentVersionExpiration"].filter(
        (what) => !enabled.some((rule) => rule[what] !== undefined),
      );
      return missing.length === 0 ? undefined : `no ${missing.join(", no ")}`;
    },
    remedy: "give it an aws.s3.BucketLifecycleConfiguration that has both",
    broken: (resources) => changed(resources, "s3/bucketLifecycleConfiguration", { rules: [] }),
  },
  {
    ids: ["CKV_AWS_18", "AwsSolutions-S1", "awsguard:s3BucketLoggingEnabled"],
    says: "every access to a bucket is logged",
    level: "P",
    of: ["s3/bucket"],
    found: (bucket, resources) => (setting(resources, "s3/bucketLogging", bucket) ? undefined : "no access log"),
    remedy: "give it an aws.s3.BucketLogging, or set tributary:accessLogs",
    broken: (resources) => without(resources, "s3/bucketLogging"),
  },
  {
    ids: ["own: access log"],
    says: "an access log is written to another bucket, which lets the log service in",
    level: "P",
    of: ["s3/bucketLogging"],
    found: ({ inputs: { bucket, targetBucket } }, resources) => {
      if (bucket === targetBucket) return "a bucket that logs into itself never stops";
      const target = ofType(resources, "s3/bucketPolicy").find(({ inputs }) => inputs.bucket === targetBucket);
      const delivered = (target ? allows(target) : []).some(
        ({ Principal, Action }) =>
          typeof Principal === "object" &&
          list(Principal.Service).includes("logging.s3.amazonaws.com") &&
          list(Action).includes("s3:PutObject"),
      );
      return delivered ? undefined : `logging.s3.amazonaws.com may not write to ${targetBucket}`;
    },
    remedy: "log to a bucket whose policy allows the log service s3:PutObject",
    broken: (resources) => without(resources, "s3/bucketPolicy"),
  },
  {
    ids: ["own: pages by name"],
    says: "a bucket takes forms of the scripts of named pages, and nothing else of any",
    level: "M",
    of: ["s3/bucketCorsConfiguration"],
    found: ({ inputs }) =>
      (inputs.corsRules as { allowedOrigins: string[]; allowedMethods: string[] }[])
        .flatMap(({ allowedOrigins, allowedMethods }) => [
          ...allowedOrigins.filter((origin) => origin.includes("*")),
          ...allowedMethods.filter((method) => method !== "POST"),
        ])
        .map((wide) => `it allows ${wide}`)[0],
    remedy: "name the pages in tributary:apiOrigins",
    broken: (resources) =>
      added(resources, "s3/bucketCorsConfiguration", "open", {
        corsRules: [{ allowedOrigins: ["*"], allowedMethods: ["POST"] }],
      }),
  },
  {
    ids: ["own: one notification"],
    says: "a bucket has one notification, made after its functions' permissions, for keys that do not overlap",
    level: "M",
    of: ["s3/bucketNotification"],
    found: (notification, resources) => {
      const own = ofType(resources, "s3/bucketNotification");
      const { bucket } = notification.inputs;
      if (own.filter(({ inputs }) => inputs.bucket === bucket).length > 1) return "another one of the same bucket";
      const targets = targetsOf(notification);
      for (const [index, target] of targets.entries()) {
        const other = targets.slice(index + 1).find((second) => overlap(target, second));
        if (other) return `"${target.id}" and "${other.id}" ask for overlapping keys`;
      }
      const waited = [notification.options.dependsOn ?? []].flat();
      return waited.length < targets.length ? "it does not wait for its functions' permissions" : undefined;
    },
    remedy: "declare triggers with objectCreated(), for keys of their own",
    broken: (resources) => {
      const [{ inputs } = { inputs: {} }] = ofType(resources, "s3/bucketNotification");
      return added(resources, "s3/bucketNotification", "second", inputs);
    },
  },
  {
    ids: ["own: no loop"],
    says: "no stage writes to keys that wake it",
    level: "M",
    of: ["s3/bucketNotification"],
    found: (notification, resources) => {
      const bucket = ofType(resources, "s3/bucket").find((it) => bucketName(it) === notification.inputs.bucket);
      for (const { id, lambdaFunctionArn, filterPrefix = "" } of targetsOf(notification)) {
        const lambda = ofType(resources, "lambda/function").find(({ outputs }) => outputs.arn === lambdaFunctionArn);
        for (const written of writtenBy(lambda, resources)) {
          const [arn, prefix = ""] = [
            String(bucket?.outputs.arn),
            written.split("/").slice(1).join("/").replace(/\*$/, ""),
          ];
          const same = written === "*" || written.startsWith(`${arn}/`);
          if (same && (prefix.startsWith(filterPrefix) || filterPrefix.startsWith(prefix))) {
            return `"${id}" is woken by ${arn}/${filterPrefix}* and may write ${written}`;
          }
        }
      }
      return undefined;
    },
    remedy: "write to another bucket or below another prefix",
    broken: (resources) =>
      changed(resources, "iam/rolePolicy", {
        policy: policyOf({
          Effect: "Allow",
          Action: ["s3:PutObject"],
          Resource: `${
            ofType(resources, "s3/bucketNotification")
              .filter((notification) => targetsOf(notification).length > 0)
              .flatMap(({ inputs }) =>
                ofType(resources, "s3/bucket").filter((bucket) => bucketName(bucket) === inputs.bucket),
              )[0]?.outputs.arn
          }/*`,
        }),
      }),
  },
];

interface Target {
  readonly id: string;
  readonly lambdaFunctionArn: string;
  readonly filterPrefix?: string;
  readonly filterSuffix?: string;
}

const targetsOf = ({ inputs }: Resource) => (inputs.lambdaFunctions ?? []) as readonly Target[];

/** As S3 sees it: prefixes of which one begins the other, and suffixes of which one ends the other. */
function overlap(one: Target, other: Target): boolean {
  const [{ filterPrefix: a = "", filterSuffix: x = "" }, { filterPrefix: b = "", filterSuffix: y = "" }] = [one, other];
  return (a.startsWith(b) || b.startsWith(a)) && (x.endsWith(y) || y.endsWith(x));
}

/** The ARNs that a function may put objects to. */
export function writtenBy(lambda: Resource | undefined, resources: readonly Resource[]): string[] {
  const role = ofType(resources, "iam/role").find(({ outputs }) => outputs.arn === lambda?.inputs.role);
  return ofType(resources, "iam/rolePolicy")
    .filter(({ inputs }) => inputs.role === role?.outputs.name)
    .flatMap(allows)
    .filter(({ Action }) => list(Action).some((action) => /^(s3:)?(\*|Put\*|PutObject\*?)$/.test(action)))
    .flatMap(({ Resource }) => list(Resource));
}
