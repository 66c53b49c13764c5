// tags: by which costs, alarms and data are told apart. `project` and `stack` are the provider's default tags, in
// Pulumi.{stack}.yaml; rules.test.ts looks there.

import { Stage } from "../../stage/stage";
import { changed, input, type Resource, type Rule } from "./rule";

const holdsData = [
  "s3/bucket",
  "dynamodb/table",
  "rds/instance",
  "sqs/queue",
  "secretsmanager/secret",
  "cognito/userPool",
];
const ofStages = [
  "cloudwatch/eventRule",
  "lambda/function",
  "iam/role",
  "cloudwatch/logGroup",
  "cloudwatch/metricAlarm",
  "sqs/queue",
];
const taggable = [
  ...new Set([
    ...holdsData,
    ...ofStages,
    "apigatewayv2/api",
    "apigatewayv2/stage",
    "athena/workgroup",
    "glue/catalogDatabase",
    "glue/crawler",
    "scheduler/scheduleGroup",
    "sns/topic",
    "kms/key",
    "ec2/securityGroup",
  ]),
];

const untagged = (resource: Resource, tag: string) => (input(resource, `tags.${tag}`) ? undefined : `no tag "${tag}"`);

export const tags: readonly Rule[] = [
  {
    ids: ["own: tag pipeline"],
    says: "a resource says which pipeline it is of",
    level: "M",
    of: taggable,
    found: (resource) => untagged(resource, "pipeline"),
    remedy: 'tag it, as a transformation of its component or stack: { pipeline: "lake" }',
    broken: (resources) => changed(resources, "iam/role", { tags: {} }),
  },
  {
    ids: ["own: tag stage"],
    says: "a resource of a stage says which stage it is of",
    level: "M",
    of: ofStages,
    found: (resource) => (resource.options.parent instanceof Stage ? untagged(resource, "stage") : undefined),
    remedy: "tag it, as a transformation of Stage: { stage: name }",
    broken: (resources) => changed(resources, "lambda/function", { tags: {} }),
  },
  {
    ids: ["own: tag dataClass"],
    says: "a resource that holds data says which class of data",
    level: "M",
    of: holdsData,
    found: (resource) => untagged(resource, "dataClass"),
    remedy: "tag it with a DataClass",
    broken: (resources) => changed(resources, "s3/bucket", { tags: {} }),
  },
];
