// iam: what is asked of every role and of every policy that one carries.

import { allows, list, policyOf, type Statement } from "./policy";
import { added, changed, ofType, type Resource, type Rule, texts } from "./rule";

const managed = ["AWSLambdaBasicExecutionRole", "AWSLambdaVPCAccessExecutionRole"].map(
  (name) => `arn:aws:iam::aws:policy/service-role/${name}`,
);

/** Actions that have no resource to name (Service Authorization Reference, "AWS X-Ray"; AWSLambdaVPCAccessExecutionRole). */
const withoutResource = [
  "xray:PutTraceSegments",
  "xray:PutTelemetryRecords",
  "ec2:CreateNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:DeleteNetworkInterface",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
];

/** What an account has one of, whoever uses it: Glue's catalogue, its default database, the crawlers' logs, the default bus. */
const madeByAws =
  /^arn:aws:(glue:[^:]+:\d+:(catalog|database\/default)|logs:[^:]+:\d+:log-group:\/aws-glue\/crawlers\*|events:[^:]+:\d+:event-bus\/default)$/;

/** Rights over rights: by any of these a stage could give itself more, or make itself somebody else. */
const overRights =
  /^(iam|sts|organizations|sso|cloudformation):|^kms:(CreateGrant|PutKeyPolicy|ScheduleKeyDeletion)|^lambda:(Create|Update|Add|Put)|^ec2:RunInstances|:(?!PutRetentionPolicy$)(Put|Set|Delete|Attach|Detach|Add|Remove)\w*(Policy|Permission|Acl)$|GetAuthorizationToken|GetClusterCredentials/i;

const may = (statement: Omit<Statement, "Effect">) => ({ policy: policyOf({ Effect: "Allow", ...statement }) });

export const iam: readonly Rule[] = [
  {
    ids: ["lens SEC 2: one role per function"],
    says: "a function has a role that is its own, with one policy of its own",
    level: "M",
    of: ["lambda/function"],
    found: (lambda, resources) => {
      const role = ofType(resources, "iam/role").find(({ outputs }) => outputs.arn === lambda.inputs.role);
      if (role === undefined) return `its role is ${lambda.inputs.role}`;
      const users = ofType(resources, "lambda/function").filter(({ inputs }) => inputs.role === role.outputs.arn);
      if (users.length > 1) return `shared by ${users.map(({ name }) => name).join(", ")}`;
      const policies = ofType(resources, "iam/rolePolicy").filter(({ inputs }) => inputs.role === role.outputs.name);
      return policies.length === 1 ? undefined : `its role has ${policies.length} policies`;
    },
    remedy: "make it with stage()",
    broken: (resources) =>
      added(resources, "lambda/function", "second", ofType(resources, "lambda/function")[0]?.inputs ?? {}),
  },
  {
    ids: ["AwsSolutions-IAM4", "CKV_AWS_274", "CKV2_AWS_56"],
    says: "a role carries no managed policy beyond Lambda's two basic ones",
    level: "M",
    of: ["iam/role", "iam/rolePolicyAttachment"],
    found: ({ inputs: { managedPolicyArns, policyArn } }) =>
      [...texts(managedPolicyArns), ...texts(policyArn)].find((arn) => !managed.includes(arn)),
    remedy: "say in `may` what it needs",
    broken: (resources) =>
      added(resources, "iam/rolePolicyAttachment", "full", { policyArn: "arn:aws:iam::aws:policy/AmazonS3FullAccess" }),
  },
  {
    ids: ["CKV_AWS_62", "CKV_AWS_63", "StarPermissions"],
    says: "a policy names its actions",
    level: "M",
    of: ["iam/rolePolicy"],
    found: (policy) => {
      for (const { Action, NotAction, NotResource } of allows(policy)) {
        if (NotAction !== undefined || NotResource !== undefined) return "it allows all but some";
        const wild = list(Action).find((action) => action.includes("*"));
        if (wild !== undefined || Action === undefined) return `action ${wild}`;
      }
      return undefined;
    },
    remedy: "name the actions in stage/permissions.ts",
    broken: (resources) => changed(resources, "iam/rolePolicy", may({ Action: "s3:*", Resource: "*" })),
  },
  {
    ids: ["CKV_AWS_355", "AwsSolutions-IAM5", "CKV_AWS_288", "CKV_AWS_290"],
    says: "a policy names resources of the program",
    level: "M",
    of: ["iam/rolePolicy"],
    found: (policy, resources) => {
      const own = resources.flatMap(({ outputs: { arn, masterUserSecrets, resourceId } }) => [
        ...(typeof arn === "string" ? [arn, ...usersOf(arn, resourceId)] : []),
        ...secretArns(masterUserSecrets),
      ]);
      // Of a database of the program the tables that a crawler makes in it.
      const arns = own.flatMap((arn) => [arn, arn.replace(":database/", ":table/")]);
      for (const { Action, Resource } of allows(policy)) {
        if (list(Action).every((action) => withoutResource.includes(action))) continue;
        const foreign = list(Resource).find(
          (named) =>
            !madeByAws.test(named) &&
            !arns.some((arn) => named === arn || named.startsWith(`${arn}/`) || named === `${arn}:*`),
        );
        if (foreign !== undefined || Resource === undefined) return `${list(Action).join(", ")} on ${foreign}`;
      }
      return undefined;
    },
    remedy: "give the ARN of a resource that the program registers",
    broken: (resources) =>
      changed(resources, "iam/rolePolicy", may({ Action: "s3:GetObject", Resource: "arn:aws:s3:::*" })),
  },
  {
    ids: ["CKV_AWS_286", "CKV_AWS_287", "CKV_AWS_289"],
    says: "a policy gives no rights over rights",
    level: "M",
    of: ["iam/rolePolicy"],
    found: (policy) =>
      allows(policy)
        .flatMap(({ Action }) => list(Action))
        .find((action) => overRights.test(action)),
    remedy: "let the deployment do it, not a stage",
    broken: (resources) => changed(resources, "iam/rolePolicy", may({ Action: "iam:PassRole", Resource: "*" })),
  },
  {
    ids: ["CKV_AWS_60"],
    says: "a role is assumed by one service and nobody else",
    level: "M",
    of: ["iam/role"],
    found: (role: Resource) => {
      const [only, second] = allows(role);
      const principal = only?.Principal;
      const one =
        second === undefined &&
        typeof principal === "object" &&
        Object.keys(principal).join() === "Service" &&
        list(principal.Service).length === 1 &&
        list(only?.Action).join() === "sts:AssumeRole";
      return one ? undefined : `it is assumed by ${JSON.stringify(principal)}`;
    },
    remedy: "name one service in assumeRolePolicy",
    broken: (resources) =>
      changed(resources, "iam/role", {
        assumeRolePolicy: policyOf({ Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" }),
      }),
  },
];

/** Of the secrets that RDS keeps for a database. */
const secretArns = (secrets: unknown): string[] =>
  ((secrets ?? []) as readonly { secretArn: string }[]).map(({ secretArn }) => secretArn);

/** What a database's users are called who log in with tokens of IAM; each stands behind a slash. */
const usersOf = (arn: string, resourceId: unknown): string[] =>
  typeof resourceId === "string" ? [arn.replace(":rds:", ":rds-db:").replace(/:db:.*$/, `:dbuser:${resourceId}`)] : [];
