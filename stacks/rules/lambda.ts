// lambda: what is asked of every function, of its permissions and of its log group.

import { accountId } from "../../stage/evaluation/identities";
import { allows, list } from "./policy";
import { added, changed, input, ofType, type Resource, type Rule, texts, without } from "./rule";

/** Those that Lambda supports and that this program is tested on. */
const runtimes = ["nodejs24.x"];

const nameOf = ({ outputs }: Resource) => String(outputs.name);

const destination = (lambda: Resource, resources: readonly Resource[]): unknown => {
  const config = ofType(resources, "lambda/functionEventInvokeConfig").find(
    ({ inputs }) => inputs.functionName === nameOf(lambda),
  );
  return config
    ? input(config, "destinationConfig.onFailure.destination")
    : input(lambda, "deadLetterConfig.targetArn");
};

const variablesOf = (lambda: Resource) => (input(lambda, "environment.variables") ?? {}) as Record<string, string>;

const logGroupOf = (lambda: Resource, resources: readonly Resource[]) =>
  ofType(resources, "cloudwatch/logGroup").find(
    ({ outputs }) => outputs.name === input(lambda, "loggingConfig.logGroup"),
  );

export const lambda: readonly Rule[] = [
  {
    ids: ["CKV_AWS_116", "LambdaDLQ", "LambdaAsyncFailureDestination"],
    says: "a function has a place for the events that it failed, and may send there",
    level: "M",
    of: ["lambda/function"],
    found: (lambda, resources) => {
      const arn = destination(lambda, resources);
      if (!ofType(resources, "sqs/queue").some(({ outputs }) => outputs.arn === arn))
        return `its destination is ${arn}`;
      const role = ofType(resources, "iam/role").find(({ outputs }) => outputs.arn === lambda.inputs.role);
      const may = ofType(resources, "iam/rolePolicy")
        .filter(({ inputs }) => inputs.role === role?.outputs.name)
        .flatMap(allows)
        .some((it) => list(it.Action).includes("sqs:SendMessage") && list(it.Resource).includes(String(arn)));
      return may ? undefined : "its role may not send to its dead-letter queue, and the event would be lost";
    },
    remedy: "give it an aws.lambda.FunctionEventInvokeConfig with a queue, and send() in its policy",
    broken: (resources) => without(resources, "lambda/functionEventInvokeConfig"),
  },
  {
    ids: ["LambdaDefaultMemorySize", "LambdaFunctionDefaultTimeout"],
    says: "a function says its memory and its timeout",
    level: "M",
    of: ["lambda/function"],
    found: ({ inputs: { memorySize, timeout } }) =>
      typeof memorySize === "number" && typeof timeout === "number" && timeout <= 900
        ? undefined
        : `memory ${memorySize}, timeout ${timeout}`,
    remedy: "set memory and timeout in its declaration",
    broken: (resources) => changed(resources, "lambda/function", { memorySize: undefined }),
  },
  {
    ids: ["CKV_AWS_363", "AwsSolutions-L1", "LambdaLatestVersion"],
    says: "a function runs on a supported runtime that it names",
    level: "M",
    of: ["lambda/function"],
    found: ({ inputs: { runtime } }) => (runtimes.includes(String(runtime)) ? undefined : `runtime is ${runtime}`),
    remedy: `set runtime to one of ${runtimes.join(", ")}`,
    broken: (resources) => changed(resources, "lambda/function", { runtime: "nodejs18.x" }),
  },
  {
    ids: ["own: layer architecture"],
    says: "a function and its layers are of one architecture and runtime",
    level: "M",
    of: ["lambda/function"],
    found: ({ inputs: { architectures, runtime, layers } }, resources) => {
      for (const arn of (layers ?? []) as readonly string[]) {
        const layer = ofType(resources, "lambda/layerVersion").find(({ outputs }) => outputs.arn === arn);
        if (layer === undefined) return `layer ${arn} is not of this program`;
        const { compatibleArchitectures, compatibleRuntimes } = layer.inputs;
        const fits =
          texts(compatibleArchitectures).includes(String(texts(architectures)[0])) &&
          texts(compatibleRuntimes).includes(String(runtime));
        if (!fits) return `layer "${layer.name}" is for ${compatibleArchitectures} and ${compatibleRuntimes}`;
      }
      return undefined;
    },
    remedy: "give it the platform's layers",
    broken: (resources) => changed(resources, "lambda/layerVersion", { compatibleArchitectures: ["riscv"] }),
  },
  {
    ids: ["CKV_AWS_50", "LambdaTracing"],
    says: "a function is traced",
    level: "M",
    of: ["lambda/function"],
    found: (lambda) =>
      input(lambda, "tracingConfig.mode") === "Active"
        ? undefined
        : `tracing is ${input(lambda, "tracingConfig.mode")}`,
    remedy: "set tracingConfig.mode to Active",
    broken: (resources) => changed(resources, "lambda/function", { tracingConfig: { mode: "PassThrough" } }),
  },
  {
    ids: ["CKV_AWS_45"],
    says: "a function's environment holds names of secrets and never a secret",
    level: "M",
    of: ["lambda/function"],
    found: (lambda, resources) => {
      for (const [name, value] of Object.entries(variablesOf(lambda))) {
        if (/AKIA[0-9A-Z]{16}|-----BEGIN|:\/\/[^/\s:]+:[^/\s@]+@/.test(value)) return `${name} looks like a credential`;
        const keepers = [...ofType(resources, "secretsmanager/secret"), ...ofType(resources, "rds/instance")];
        const named = keepers.some(({ outputs }) => texts(outputs).includes(value));
        if (/PASSWORD|SECRET|TOKEN|CREDENTIAL|API_?KEY/.test(name) && !named)
          return `${name} is no secret's name or ARN`;
      }
      return undefined;
    },
    remedy: "give the secret's ARN, and reveal() in `may`",
    broken: (resources) =>
      changed(resources, "lambda/function", { environment: { variables: { DB_PASSWORD: "hunter2" } } }),
  },
  {
    ids: ["CKV_AWS_173"],
    says: "a function's environment is encrypted with the stack's own key",
    level: "P",
    of: ["lambda/function"],
    found: ({ inputs: { kmsKeyArn } }, resources) =>
      ofType(resources, "kms/key").some(({ outputs }) => outputs.arn === kmsKeyArn)
        ? undefined
        : `its key is ${kmsKeyArn}`,
    remedy: "set kmsKeyArn to the platform's key",
    broken: (resources) => changed(resources, "lambda/function", { kmsKeyArn: undefined }),
  },
  {
    ids: ["CKV_AWS_301", "CKV_AWS_364"],
    says: "a function is invoked by one service, for one source of this account",
    level: "M",
    of: ["lambda/permission"],
    found: ({ inputs: { principal, sourceArn, sourceAccount, action } }) => {
      if (!/^[a-z0-9.]+\.amazonaws\.com$/.test(String(principal))) return `principal is ${principal}`;
      if (action !== "lambda:InvokeFunction") return `action is ${action}`;
      if (sourceArn === undefined) return "no sourceArn";
      if (String(sourceArn).includes(`:${accountId}:`)) return undefined;
      // A bucket's ARN names no account, and a deleted bucket's name can be taken by anybody.
      return sourceAccount === undefined ? "no sourceAccount" : undefined;
    },
    remedy: "give it sourceArn and sourceAccount",
    broken: (resources) => changed(resources, "lambda/permission", { sourceAccount: undefined }),
  },
  {
    ids: ["own: run at deployment"],
    says: "a function that the deployment runs is run again when something changes, and not when it is taken away",
    level: "M",
    of: ["lambda/invocation"],
    found: ({ inputs: { triggers, lifecycleScope = "CREATE_ONLY" } }) => {
      if (texts(triggers).length === 0) return "no triggers";
      return lifecycleScope === "CREATE_ONLY" ? undefined : `its scope is ${lifecycleScope}`;
    },
    remedy: "declare the trigger with deployed()",
    broken: (resources) => changed(resources, "lambda/invocation", { triggers: {} }),
  },
  {
    ids: ["own: notified functions"],
    says: "S3 may invoke every function that it notifies",
    level: "M",
    of: ["s3/bucketNotification"],
    found: ({ inputs }, resources) => {
      const targets = (inputs.lambdaFunctions ?? []) as readonly { id: string; lambdaFunctionArn: string }[];
      const refused = targets.find(({ lambdaFunctionArn }) => {
        const lambda = ofType(resources, "lambda/function").find(({ outputs }) => outputs.arn === lambdaFunctionArn);
        return !ofType(resources, "lambda/permission").some(
          ({ inputs: { function: name, principal } }) =>
            name === lambda?.outputs.name && principal === "s3.amazonaws.com",
        );
      });
      return refused && `"${refused.id}" has no permission for s3.amazonaws.com`;
    },
    remedy: "declare the trigger with objectCreated()",
    broken: (resources) => without(resources, "lambda/permission"),
  },
  {
    ids: ["CKV_AWS_66", "CloudWatchLogGroupRetentionPeriod"],
    says: "a function logs to a group of the program, which forgets after a while",
    level: "M",
    of: ["lambda/function"],
    found: (lambda, resources) => {
      const group = logGroupOf(lambda, resources);
      if (group === undefined) return `its group is ${input(lambda, "loggingConfig.logGroup")}`;
      // Lambda makes /aws/lambda/... itself, without retention, also after it was deleted.
      if (nameOf(group).startsWith("/aws/lambda/")) return "its group is Lambda's default";
      const days = group.inputs.retentionInDays;
      return typeof days === "number" && days > 0 ? undefined : `retention is ${days}`;
    },
    remedy: "give it an aws.cloudwatch.LogGroup with retentionInDays in loggingConfig",
    broken: (resources) => changed(resources, "cloudwatch/logGroup", { retentionInDays: 0 }),
  },
  {
    ids: ["CKV_AWS_158", "CKV_AWS_338"],
    says: "a log group is encrypted with the stack's own key and kept for a year",
    level: "P",
    of: ["cloudwatch/logGroup"],
    found: ({ inputs: { kmsKeyId, retentionInDays } }, resources) => {
      if (!ofType(resources, "kms/key").some(({ outputs }) => outputs.arn === kmsKeyId))
        return `its key is ${kmsKeyId}`;
      return Number(retentionInDays) >= 365 ? undefined : `it is kept for ${retentionInDays} days`;
    },
    remedy: "set tributary:customerKey, and tributary:logRetentionDays to 365 or more",
    broken: (resources) => changed(resources, "cloudwatch/logGroup", { retentionInDays: 30 }),
  },
  {
    ids: ["AWS production checklist: alarms of a function"],
    says: "a function has alarms on errors, throttles, p99 duration, and on number and age of its dead letters",
    level: "M",
    of: ["lambda/function"],
    found: (lambda, resources) => {
      const queue = ofType(resources, "sqs/queue").find(
        ({ outputs }) => outputs.arn === destination(lambda, resources),
      );
      const told = alarmed(resources, { FunctionName: nameOf(lambda) });
      const letters = alarmed(resources, { QueueName: String(queue?.outputs.name) });
      const missing = [
        ...["Errors Sum", "Throttles Sum", "Duration p99"].filter((what) => !told.includes(what)),
        ...["ApproximateNumberOfMessagesVisible Maximum", "ApproximateAgeOfOldestMessage Maximum"].filter(
          (what) => !letters.includes(what),
        ),
      ];
      return missing.length === 0 ? undefined : `no alarm on ${missing.join(", ")}`;
    },
    remedy: "make alarms(stage, ...)",
    broken: (resources) => resources.filter(({ inputs }) => inputs.metricName !== "Errors"),
  },
  {
    ids: ["AWS production checklist: alarm on concurrency"],
    says: "somebody is told before the account's functions reach its limit of concurrency",
    level: "M",
    of: ["pulumi:pulumi:Stack"],
    found: (_, resources) =>
      ofType(resources, "cloudwatch/metricAlarm").some(({ inputs: { metricName } }) =>
        ["ConcurrentExecutions", "ClaimedAccountConcurrency"].includes(String(metricName)),
      )
        ? undefined
        : "no alarm on ClaimedAccountConcurrency",
    remedy: "make one alarm on AWS/Lambda ClaimedAccountConcurrency in stacks/operations.ts",
    broken: (resources) => without(resources, "cloudwatch/metricAlarm"),
  },
  {
    ids: ["own: alarms are heard"],
    says: "an alarm goes to a topic of the program, and is not raised by silence",
    level: "M",
    of: ["cloudwatch/metricAlarm"],
    found: ({ inputs: { alarmActions, treatMissingData } }, resources) => {
      const topics = ofType(resources, "sns/topic").map(({ outputs }) => outputs.arn);
      if (!texts(alarmActions).some((arn) => topics.includes(arn))) return `its actions are ${alarmActions}`;
      return treatMissingData === "notBreaching" ? undefined : `missing data is ${treatMissingData}`;
    },
    remedy: "give it the platform's topic and treatMissingData: notBreaching",
    broken: (resources) => changed(resources, "cloudwatch/metricAlarm", { alarmActions: [] }),
  },
  {
    ids: ["own: one function per name"],
    says: "a function's log group is its own",
    level: "M",
    of: ["lambda/function"],
    found: (lambda, resources) => {
      const group = input(lambda, "loggingConfig.logGroup");
      const users = ofType(resources, "lambda/function").filter((it) => input(it, "loggingConfig.logGroup") === group);
      return users.length === 1 ? undefined : `shared by ${users.map(({ name }) => name).join(", ")}`;
    },
    remedy: "make it with stage()",
    broken: (resources) =>
      added(resources, "lambda/function", "second", ofType(resources, "lambda/function")[0]?.inputs ?? {}),
  },
];

/** What alarms watch of these dimensions: metric and statistic. */
const alarmed = (resources: readonly Resource[], dimensions: Readonly<Record<string, string>>): string[] =>
  ofType(resources, "cloudwatch/metricAlarm")
    .filter(({ inputs }) => JSON.stringify(inputs.dimensions) === JSON.stringify(dimensions))
    .map(
      ({ inputs: { metricName, statistic, extendedStatistic } }) => `${metricName} ${statistic ?? extendedStatistic}`,
    );
