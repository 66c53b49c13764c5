// registry: the registered resources, as those who deploy them look them up.

import type { Evaluation, Registered } from "../../stage/evaluation/evaluate";

export interface Registry {
  readonly region: string;
  ofType(type: string): readonly Registered[];
  /** Those of a type whose input `key` is `value`: the settings that belong to a bucket, a function, a queue. */
  about(type: string, key: string, value: unknown): readonly Registered[];
}

export function registry({ resources, region }: Evaluation): Registry {
  const ofType = (type: string) => resources.filter((resource) => resource.type === type);
  return {
    region,
    ofType,
    about: (type, key, value) => ofType(type).filter(({ inputs }) => inputs[key] === value),
  };
}

/** An input or output that must be text; anything else is a fault of the program, told by name. */
export function text({ type, name, outputs }: Registered, key: string): string {
  const value = outputs[key];
  if (typeof value === "string" && value !== "") return value;
  throw new Error(`Cannot deploy "${name}" (${type}): its ${key} is ${JSON.stringify(value)}`);
}
