// areas: which types a rule has looked at, and what is waiting for those that the program does not register yet.

import { awsType, type Resource, type Rule } from "./rule";

/** Settings of another resource, whose rules look at them. */
const settings: readonly string[] = [
  "lambda/layerVersion",
  "s3/bucketLifecycleConfiguration",
  "s3/bucketOwnershipControls",
  "s3/bucketPublicAccessBlock",
  "s3/bucketServerSideEncryptionConfiguration",
  "s3/bucketVersioning",
];

/** What a reviewer will ask of types that nobody has registered so far. */
const waiting: readonly { readonly area: string; readonly types: RegExp; readonly asks: string }[] = [
  {
    area: "Function URL",
    types: /^aws:lambda\/functionUrl/,
    asks: "authorisation by IAM, no open CORS (CKV_AWS_258, LambdaFunctionUrlAuth, CKV2_AWS_75)",
  },
];

/** One sentence per registered type that no rule looks at. */
export function unruled(resources: readonly Resource[], rules: readonly Rule[]): string[] {
  const ruled = new Set([...rules.flatMap(({ of }) => of), ...settings].flatMap((type) => [type, awsType(type)]));
  const types = new Set(resources.map(({ type }) => type).filter((type) => /^awsx?:/.test(type) && !ruled.has(type)));
  return [...types].map((type) => {
    const area = waiting.find(({ types }) => types.test(type));
    const asks = area ? `A reviewer of ${area.area} asks for: ${area.asks}. ` : "";
    return `Cannot judge ${type}: no rule looks at it. ${asks}Write the rules in stacks/rules/.`;
  });
}
