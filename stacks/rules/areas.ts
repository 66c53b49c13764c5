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
    area: "RDS",
    types: /^aws:rds\//,
    asks:
      "not public, encrypted, TLS forced, backups of 7 days, minor upgrades, deletion protection, multi-AZ, a version with " +
      "vector (CKV_AWS_16, CKV_AWS_17, CKV2_AWS_69, CKV_AWS_133, CKV2_AWS_60, CKV_AWS_226, CKV_AWS_293, CKV_AWS_157)",
  },
  {
    area: "EventBridge",
    types: /^aws:(cloudwatch\/event|scheduler\/)/,
    asks: "a dead-letter queue and a retry policy on each target, no open bus (EventBusDLQ, AwsSolutions-EVB1)",
  },
  {
    area: "HTTP API",
    types: /^aws:apigatewayv2\//,
    asks:
      "access log in JSON, throttling, an authorizer on every route (CKV_AWS_76, APIGWStructuredLogging, " +
      "APIGWDefaultThrottling, CKV_AWS_309)",
  },
  {
    area: "Glue",
    types: /^aws:glue\//,
    asks: "a security configuration on crawlers, an encrypted catalogue (CKV_AWS_94, CKV_AWS_99, CKV_AWS_195)",
  },
  {
    area: "Athena",
    types: /^aws:athena\//,
    asks:
      "a workgroup that enforces its configuration, encrypted results, a limit of bytes scanned (CKV_AWS_77, CKV_AWS_82, " +
      "CKV_AWS_159)",
  },
  {
    area: "VPC",
    types: /^aws(x)?:ec2\//,
    asks:
      "a flow log, a closed default group, descriptions, no open ingress, a NAT strategy on purpose, gateway endpoints " +
      "(CKV2_AWS_11, CKV2_AWS_12, CKV_AWS_23, CKV_AWS_277, CKV_AWS_382)",
  },
  {
    area: "Lambda from a queue",
    types: /^aws:lambda\/eventSourceMapping/,
    asks:
      "ReportBatchItemFailures, a redrive on the queue, visibility of six times the timeout " +
      "(LambdaEventSourceMappingDestination, LambdaEventSourceSQSVisibilityTimeout)",
  },
  {
    area: "Function URL",
    types: /^aws:lambda\/functionUrl/,
    asks: "authorisation by IAM, no open CORS (CKV_AWS_258, LambdaFunctionUrlAuth, CKV2_AWS_75)",
  },
];

/** One sentence per registered type that no rule looks at. */
export function unruled(resources: readonly Resource[], rules: readonly Rule[]): string[] {
  const ruled = new Set([...rules.flatMap(({ of }) => of), ...settings].map(awsType));
  const types = new Set(resources.map(({ type }) => type).filter((type) => /^awsx?:/.test(type) && !ruled.has(type)));
  return [...types].map((type) => {
    const area = waiting.find(({ types }) => types.test(type));
    const asks = area ? `A reviewer of ${area.area} asks for: ${area.asks}. ` : "";
    return `Cannot judge ${type}: no rule looks at it. ${asks}Write the rules in stacks/rules/.`;
  });
}
