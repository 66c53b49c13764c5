// rules: what reviewers of an AWS stack ask for, as checks over the resources that the program registers.
//
// The union of Checkov, cdk-nag, awsguard and the Well-Architected Serverless Lens for the types that there are, and some of
// our own. Each rule brings a counterexample, so that each has been seen to refuse something.

import { apigateway } from "./rules/apigateway";
import { athena } from "./rules/athena";
import { cognito } from "./rules/cognito";
import { data } from "./rules/data";
import { events } from "./rules/events";
import { type Exemption, exemptions } from "./rules/exemptions";
import { glue } from "./rules/glue";
import { iam } from "./rules/iam";
import { lambda } from "./rules/lambda";
import { messages } from "./rules/messages";
import { parameters } from "./rules/parameters";
import { program } from "./rules/program";
import { queueTrigger } from "./rules/queue-trigger";
import { rds } from "./rules/rds";
import { check, type Resource, type Rule, type Violation } from "./rules/rule";
import { s3 } from "./rules/s3";
import { tags } from "./rules/tags";
import { vpc } from "./rules/vpc";

export const rules: readonly Rule[] = [
  ...program,
  ...s3,
  ...lambda,
  ...iam,
  ...messages,
  ...parameters,
  ...queueTrigger,
  ...events,
  ...data,
  ...rds,
  ...vpc,
  ...glue,
  ...athena,
  ...apigateway,
  ...cognito,
  ...tags,
];

/** The rules that a stack must keep. */
export const rulesOf = (stack: string): Rule[] => rules.filter(({ level }) => level === "M" || stack === "prod");

/** What breaks `rule` and is not exempt. */
export const violations = (rule: Rule, resources: readonly Resource[], stack: string): Violation[] =>
  check(rule, resources).filter(({ resource }) => !exemptionOf(rule, resource, stack));

/** The exemptions of a stack that exempt nothing. */
export const idleExemptions = (resources: readonly Resource[], stack: string): Exemption[] => {
  const used = new Set(
    rulesOf(stack).flatMap((rule) => check(rule, resources).map(({ resource }) => exemptionOf(rule, resource, stack))),
  );
  return exemptions.filter((exemption) => exemption.stack === stack && !used.has(exemption));
};

const exemptionOf = ({ ids }: Rule, resource: string, stack: string): Exemption | undefined =>
  exemptions.find((it) => ids.includes(it.rule) && it.resource === resource && it.stack === stack);
