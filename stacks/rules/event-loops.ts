// event-loops: what is asked so that no stage wakes itself by EventBridge, or speaks in another one's name.

import { allows, list, policyOf, type Statement } from "./policy";
import { added, changed, ofType, type Resource, type Rule, texts } from "./rule";
import { writtenBy } from "./s3";
import { covers, meet } from "./wildcards";

export const eventLoops: readonly Rule[] = [
  {
    ids: ["own: events in one's own name"],
    says: "a policy says in whose name events are put on a bus",
    level: "M",
    of: ["iam/rolePolicy"],
    found: (policy) =>
      allows(policy).flatMap(publishedSources).includes("*") ? "it may put events in any name" : undefined,
    remedy: "say it with publish(platform, source)",
    broken: (resources) =>
      changed(resources, "iam/rolePolicy", {
        policy: policyOf({ Effect: "Allow", Action: "events:PutEvents", Resource: "*" }),
      }),
  },
  {
    ids: ["own: no loop by EventBridge"],
    says: "no stage writes objects, or publishes events, that wake it",
    level: "M",
    of: ["cloudwatch/eventRule"],
    found: (rule, resources) => {
      for (const lambda of wokenBy(rule, resources)) {
        const written = writtenBy(lambda, resources).find((resource) => wakes(rule, resource));
        if (written !== undefined) return `${lambda.name} may write ${written}, and new objects there wake it`;
        const sources = publishedBy(lambda, resources);
        const heard = texts(patternOf(rule).source).find((source) => sources.includes(source));
        if (heard !== undefined) return `${lambda.name} may publish events of "${heard}", and they wake it`;
      }
      return undefined;
    },
    remedy: "write to another bucket or below keys that the rule passes over, and publish in another name",
    broken: (resources) => {
      const lambda = ofType(resources, "lambda/function").find((it) => writtenBy(it, resources).length > 0);
      const [written = ""] = writtenBy(lambda, resources);
      const [name] = written.replace("arn:aws:s3:::", "").split("/");
      const eventPattern = JSON.stringify({
        source: ["aws.s3"],
        "detail-type": ["Object Created"],
        detail: { bucket: { name: [name] } },
      });
      const looped = added(resources, "cloudwatch/eventRule", "loop", { name: "loop", eventPattern });
      return added(looped, "cloudwatch/eventTarget", "loop", { rule: "loop", arn: lambda?.outputs.arn });
    },
  },
];

/** A field of a pattern: one of these tests must be met, a text or an operator. */
type Tests = readonly unknown[];

interface ObjectDetail {
  readonly bucket?: { readonly name?: Tests };
  readonly object?: { readonly key?: Tests };
}

/** Of a rule, read. */
export const patternOf = ({ inputs }: Resource): Record<string, unknown> =>
  JSON.parse(String(inputs.eventPattern ?? "{}"));

/** Whether new objects that `written` names, an ARN with wildcards, may meet the rule. */
function wakes(rule: Resource, written: string): boolean {
  const { source = [], detail = {} } = patternOf(rule);
  if (!(source as Tests).some((test) => typeof test !== "string" || test === "aws.s3")) return false;
  const { bucket, object } = detail as ObjectDetail;
  const resource = written.replaceAll("?", "*");
  return (bucket?.name ?? ["*"]).some((name) => {
    const arnOf = (key: string) => `arn:aws:s3:::${typeof name === "string" ? name : "*"}/${key}`;
    return (object?.key ?? [{ prefix: "" }]).some(
      (test) => meet(arnOf(keyOf(test)), resource) && !exceptionsOf(test).some((key) => covers(arnOf(key), resource)),
    );
  });
}

interface KeyTest {
  readonly prefix?: unknown;
  readonly suffix?: unknown;
  readonly wildcard?: unknown;
  readonly "anything-but"?: { readonly wildcard?: string | readonly string[] };
}

/** The keys that an operator passes over, as patterns; a text with an escape is none, and nothing is certain of it. */
const exceptionsOf = (test: unknown): readonly string[] =>
  list((test as KeyTest)["anything-but"]?.wildcard).filter((text) => !text.includes("\\"));

/** The keys that may meet an operator, as a pattern: more of them rather than fewer. */
function keyOf(test: unknown): string {
  if (typeof test === "string") return test;
  const { prefix, suffix, wildcard } = test as KeyTest;
  const [text] = texts(prefix ?? suffix ?? wildcard);
  if (text === undefined || text.includes("\\")) return "*";
  return prefix !== undefined ? `${text}*` : suffix !== undefined ? `*${text}` : text;
}

/** The sources in whose name a function may put events; `*` where its policy names none. */
function publishedBy(lambda: Resource, resources: readonly Resource[]): readonly string[] {
  const role = ofType(resources, "iam/role").find(({ outputs }) => outputs.arn === lambda.inputs.role);
  return ofType(resources, "iam/rolePolicy")
    .filter(({ inputs }) => inputs.role === role?.outputs.name)
    .flatMap(allows)
    .flatMap(publishedSources);
}

const publishedSources = ({ Action, Condition }: Statement): readonly string[] =>
  list(Action).includes("events:PutEvents") ? list(Condition?.StringEquals?.["events:source"] ?? "*") : [];

/** The functions that a rule wakes, itself or by a queue. */
function wokenBy(rule: Resource, resources: readonly Resource[]): Resource[] {
  const targets = ofType(resources, "cloudwatch/eventTarget")
    .filter(({ inputs }) => inputs.rule === rule.outputs.name)
    .map(({ inputs }) => inputs.arn);
  const names = ofType(resources, "lambda/eventSourceMapping")
    .filter(({ inputs }) => targets.includes(inputs.eventSourceArn))
    .map(({ inputs }) => inputs.functionName);
  return ofType(resources, "lambda/function").filter(
    ({ outputs }) => targets.includes(outputs.arn) || names.includes(outputs.name),
  );
}
