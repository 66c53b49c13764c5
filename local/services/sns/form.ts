// form: a request of AWS's query protocol, which SNS still speaks: a form whose names are paths.
//
//   Action=Publish&TopicArn=...&MessageAttributes.entry.1.Name=a&MessageAttributes.entry.1.Value.DataType=String

import { text as textOf } from "node:stream/consumers";
import { awsError, type Incoming } from "../../door/service";

/** The values by their whole paths. */
export type Form = ReadonlyMap<string, string>;

export const readForm = async ({ body }: Incoming): Promise<Form> => new Map(new URLSearchParams(await textOf(body)));

/** The items of a list, in their order, each as a form of its own: `PublishBatchRequestEntries.member.1.Id`. */
export function items(form: Form, name: string, kind: "member" | "entry"): Form[] {
  const found = new Map<number, Map<string, string>>();
  const beginning = `${name}.${kind}.`;
  for (const [path, value] of form) {
    const [, number, rest] = /^(\d{1,6})\.(.+)$/s.exec(path.slice(beginning.length)) ?? [];
    if (!path.startsWith(beginning) || rest === undefined) continue;
    const item = found.get(Number(number)) ?? new Map<string, string>();
    found.set(Number(number), item.set(rest, value));
  }
  return [...found].sort(([a], [b]) => a - b).map(([, item]) => item);
}

export function required(form: Form, name: string): string {
  const value = form.get(name);
  if (value !== undefined && value !== "") return value;
  throw invalid(`${name} Reason: no value for required parameter`);
}

/** Refuses by name whatever a client sends beside `names`. */
export function checkNames(operation: string, form: Form, names: readonly string[]): void {
  for (const path of form.keys()) {
    const [name = ""] = path.split(".");
    if (!names.includes(name)) throw notImitated(`${operation} with ${name}`);
  }
}

export const invalid = (what: string): Error => awsError("InvalidParameter", `Invalid parameter: ${what}`);

export const notImitated = (what: string): Error => awsError("NotImplemented", `${what} is not imitated`, 501);
