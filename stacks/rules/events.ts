// events: what is asked of EventBridge's buses, rules and targets, and of schedules.

import { accountId } from "../../stage/evaluation/identities";
import { eventLoops, patternOf } from "./event-loops";
import { allows, list, opening, policyOf, type Statement } from "./policy";
import { added, input, ofType, type Resource, type Rule, texts } from "./rule";

const byArn = (resources: readonly Resource[], type: string, arn: unknown) =>
  ofType(resources, type).find(({ outputs }) => outputs.arn === arn);

const ruleOf = ({ inputs }: Resource, resources: readonly Resource[]) =>
  ofType(resources, "cloudwatch/eventRule").find(({ outputs }) => outputs.name === inputs.rule);

/** Whether the queue's policy lets EventBridge send for this rule, and for no other. */
const letsIn = (queue: Resource, rule: Resource | undefined, resources: readonly Resource[]): boolean =>
  ofType(resources, "sqs/queuePolicy")
    .filter(({ inputs }) => inputs.queueUrl === queue.outputs.url)
    .flatMap(allows)
    .some(
      ({ Principal, Action, Condition }) =>
        typeof Principal === "object" &&
        list(Principal.Service).includes("events.amazonaws.com") &&
        list(Action).includes("sqs:SendMessage") &&
        sourceOf(Condition) === rule?.outputs.arn,
    );

const sourceOf = (conditions: Statement["Condition"]): string | undefined =>
  conditions?.ArnEquals?.["aws:SourceArn"] ?? conditions?.ArnLike?.["aws:SourceArn"];

export const events: readonly Rule[] = [
  {
    ids: ["EventBusDLQ"],
    says: "a target of a rule has a retry policy and a dead-letter queue to which the rule may send",
    level: "M",
    of: ["cloudwatch/eventTarget"],
    found: (target, resources) => {
      if (target.inputs.retryPolicy === undefined) return "no retryPolicy";
      const arn = input(target, "deadLetterConfig.arn");
      const queue = byArn(resources, "sqs/queue", arn);
      if (queue === undefined) return `its dead-letter queue is ${arn}`;
      const may = letsIn(queue, ruleOf(target, resources), resources);
      return may ? undefined : "its dead-letter queue does not let the rule send, and the event would be lost";
    },
    remedy: "give it retryPolicy and deadLetterConfig, and name the rule in the policy of that queue",
    broken: (resources) => added(resources, "cloudwatch/eventTarget", "second", { rule: "rule", retryPolicy: {} }),
  },
  {
    ids: ["own: reachable targets"],
    says: "a target lets its rule in",
    level: "M",
    of: ["cloudwatch/eventTarget"],
    found: (target, resources) => {
      const { arn } = target.inputs;
      const rule = ruleOf(target, resources);
      const queue = byArn(resources, "sqs/queue", arn);
      const lambda = byArn(resources, "lambda/function", arn);
      const permitted = ofType(resources, "lambda/permission").some(
        ({ inputs }) =>
          inputs.function === lambda?.outputs.name &&
          inputs.principal === "events.amazonaws.com" &&
          inputs.sourceArn === rule?.outputs.arn,
      );
      if (rule === undefined) return `its rule is ${target.inputs.rule}`;
      if (queue === undefined && lambda === undefined) return `it is ${arn}`;
      return permitted || (queue && letsIn(queue, rule, resources)) ? undefined : "it does not name the rule";
    },
    remedy: "name the rule in the queue's policy, or give the function a permission for events.amazonaws.com",
    broken: (resources) =>
      added(resources, "cloudwatch/eventTarget", "second", {
        rule: "rule",
        arn: ofType(resources, "sqs/queue")[0]?.outputs.arn,
      }),
  },
  {
    ids: ["AwsSolutions-EVB1"],
    says: "a bus takes events from nobody outside",
    level: "M",
    of: ["cloudwatch/eventBus", "cloudwatch/eventBusPolicy", "cloudwatch/eventPermission"],
    found: (resource) => {
      const { principal } = resource.inputs;
      if (principal !== undefined && principal !== accountId) return `it lets in ${principal}`;
      return opening(resource, accountId);
    },
    remedy: "name the account's own roles in its policy",
    broken: (resources) =>
      added(resources, "cloudwatch/eventBusPolicy", "open", {
        eventBusName: "shop",
        policy: policyOf({ Sid: "Open", Effect: "Allow", Principal: "*", Action: "events:PutEvents" }),
      }),
  },
  {
    ids: ["own: narrow rules"],
    says: "a rule names the source and the type of its events",
    level: "M",
    of: ["cloudwatch/eventRule"],
    found: (rule) => {
      const pattern = patternOf(rule);
      const missing = ["source", "detail-type"].filter((field) => texts(pattern[field]).length === 0);
      return missing.length === 0 ? undefined : `its pattern has no ${missing.join(", no ")}`;
    },
    remedy: "write source and detail-type into eventPattern; schedules are schedule()'s",
    broken: (resources) => added(resources, "cloudwatch/eventRule", "all", { eventPattern: '{"account":["1"]}' }),
  },
  ...eventLoops,
  {
    ids: ["own: schedules"],
    says: "a schedule has a group, a retry policy, a dead-letter queue, and a role for its one target",
    level: "M",
    of: ["scheduler/schedule"],
    found: (schedule, resources) => {
      const [target, arn] = [input(schedule, "target.arn"), input(schedule, "target.deadLetterConfig.arn")];
      const groups = ofType(resources, "scheduler/scheduleGroup").map(({ outputs }) => outputs.name);
      if (!groups.includes(schedule.inputs.groupName)) return `its group is ${schedule.inputs.groupName}`;
      if (input(schedule, "target.retryPolicy") === undefined) return "no retryPolicy";
      if (byArn(resources, "sqs/queue", arn) === undefined) return `its dead-letter queue is ${arn}`;
      const role = byArn(resources, "iam/role", input(schedule, "target.roleArn"));
      const [trust] = role === undefined ? [] : allows(role);
      if (trust?.Condition?.StringEquals?.["aws:SourceAccount"] !== accountId) {
        return "its role may be assumed for schedules of other accounts";
      }
      const may = ofType(resources, "iam/rolePolicy")
        .filter(({ inputs }) => inputs.role === role?.outputs.name)
        .flatMap(allows)
        .flatMap(({ Action, Resource }) => list(Action).map((action) => `${action} on ${list(Resource).join()}`))
        .sort();
      const wanted = [`lambda:InvokeFunction on ${target}`, `sqs:SendMessage on ${arn}`];
      return may.join() === wanted.join() ? undefined : `its role may ${may.join(", ") || "nothing"}`;
    },
    remedy: "declare it with schedule()",
    broken: (resources) => added(resources, "scheduler/schedule", "second", { target: {} }),
  },
];
