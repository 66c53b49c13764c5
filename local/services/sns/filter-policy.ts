// filter-policy: which messages a subscription wants.
//
// The grammar is that of EventBridge's patterns, asked of a message's attributes or of its body, with fewer operators.
// https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html

import { isAwsError } from "../../door/service";
import { readPattern } from "../events/pattern";
import type { MessageAttributes } from "../sqs/md5";
import { invalid, notImitated } from "./form";
import type { Message } from "./message";

export type FilterPolicyScope = "MessageAttributes" | "MessageBody";

type Fields = Readonly<Record<string, unknown>>;

const operators = ["prefix", "suffix", "equals-ignore-case", "numeric", "cidr", "anything-but", "exists"];
const insideAnythingBut = ["prefix", "suffix"];

/** https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
const mostKeys = 5;
const mostCombinations = 150;

/** Throws what SNS says of a policy that it does not understand. */
export function readFilterPolicy(json: string, scope: FilterPolicyScope): (message: Message) => boolean {
  const policy = parsed(json);
  // How a policy is taken back.
  if (Object.keys(policy).length === 0) return () => true;
  check(policy, scope);
  const matches = pattern(json);
  return (message) => {
    const fields = scope === "MessageBody" ? bodyOf(message) : valuesOf(message.attributes);
    return fields !== undefined && matches(fields);
  };
}

function parsed(json: string): Fields {
  if (json === "") return {};
  try {
    const policy: unknown = JSON.parse(json);
    if (isFields(policy)) return policy;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw invalid("FilterPolicy: failed to parse JSON.");
}

function pattern(json: string): (fields: Fields) => boolean {
  try {
    return readPattern(json);
  } catch (error) {
    if (!isAwsError(error)) throw error;
    throw invalid(`FilterPolicy: ${error.message.replace("Event pattern is not valid. Reason: ", "")}`);
  }
}

function check(policy: Fields, scope: FilterPolicyScope): void {
  const leaves = leavesOf(policy);
  for (const { depth, tests } of leaves) {
    if (depth > 1 && scope === "MessageAttributes")
      throw invalid("FilterPolicy: Filter policy scope MessageAttributes does not support nested filter policy");
    for (const test of tests) if (isFields(test)) checkOperator(test);
  }
  if (new Set(leaves.map(({ path }) => path)).size > mostKeys)
    throw invalid(`FilterPolicy: Filter policy can not have more than ${mostKeys} keys`);
  const combinations = combinationsOf(policy);
  if (combinations > mostCombinations) throw invalid("FilterPolicy: Filter policy is too complex");
}

function checkOperator(test: Fields): void {
  const [name = "", operand] = Object.entries(test)[0] ?? [];
  if (!operators.includes(name)) throw invalid(`FilterPolicy: Unrecognized match type ${name}`);
  const inside = name === "anything-but" && isFields(operand) ? Object.keys(operand) : [];
  const other = inside.find((each) => !insideAnythingBut.includes(each));
  if (other !== undefined) throw notImitated(`A filter policy with ${other} in anything-but`);
}

interface Leaf {
  readonly path: string;
  readonly depth: number;
  readonly tests: readonly unknown[];
}

/** The lists of a policy; the alternatives of `$or` stand where it stands. */
function leavesOf(policy: Fields, path: readonly string[] = []): Leaf[] {
  return Object.entries(policy).flatMap(([name, value]) => {
    if (name === "$or" && Array.isArray(value)) {
      return value.filter(isFields).flatMap((alternative) => leavesOf(alternative, path));
    }
    const below = [...path, name];
    if (isFields(value)) return leavesOf(value, below);
    return Array.isArray(value) ? [{ path: below.join("."), depth: below.length, tests: value }] : [];
  });
}

/** The values of each key times those of the others, and of a body times the key's depth; alternatives are added up. */
const combinationsOf = (policy: Fields, depth = 1): number =>
  Object.entries(policy).reduce((product, [name, value]) => {
    if (isFields(value)) return product * combinationsOf(value, depth + 1);
    if (!Array.isArray(value)) return product;
    if (name !== "$or") return product * depth * value.length;
    return product * value.filter(isFields).reduce((sum, each) => sum + combinationsOf(each, depth), 0);
  }, 1);

/** What is no object has no fields, and is not wanted by anybody who asks for some. */
function bodyOf({ text }: Message): Fields | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return isFields(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** Without a prototype: `constructor` is an attribute like any other. Binary ones are not compared. */
function valuesOf(attributes: MessageAttributes): Fields {
  const values: Record<string, unknown> = Object.create(null);
  for (const [name, { DataType, StringValue = "" }] of Object.entries(attributes)) {
    if (DataType === "String") values[name] = StringValue;
    if (DataType === "Number") values[name] = Number(StringValue);
    if (DataType === "String.Array") values[name] = JSON.parse(StringValue);
  }
  return values;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
