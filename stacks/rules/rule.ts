// rule: what a reviewer of a stack asks of each resource of one type, and how it is asked of all of them.

import type { CustomResourceOptions } from "@pulumi/pulumi";
import type { Registered } from "../../stage/evaluation/evaluate";

/** A registered resource with the options that the engine would have got: protect, dependsOn, ... */
export interface Resource extends Registered {
  readonly options: CustomResourceOptions;
}

export interface Rule {
  /** Of Checkov (CKV...), cdk-nag (AwsSolutions-..., Lambda..., ...), awsguard; `own` where none of them asks for it. */
  readonly ids: readonly string[];
  readonly says: string;
  /** M: in every stack. P: in prod. */
  readonly level: "M" | "P";
  /** The types that it looks at, as `s3/bucket` (or in full, where they are not AWS's); `*` for every resource. */
  readonly of: readonly string[];
  /** What is wrong with `resource`; nothing where all is well. */
  readonly found: (resource: Resource, resources: readonly Resource[]) => string | undefined;
  readonly remedy: string;
  /** The program's resources, changed in a way that the rule must refuse. */
  readonly broken: (resources: readonly Resource[]) => readonly Resource[];
}

export interface Violation {
  readonly resource: string;
  readonly found: string;
  readonly remedy: string;
}

export const check = ({ of, found, remedy }: Rule, resources: readonly Resource[]): Violation[] =>
  resources.flatMap((resource) => {
    if (!of.includes("*") && !of.some((type) => type === resource.type || awsType(type) === resource.type)) return [];
    const problem = found(resource, resources);
    return problem === undefined ? [] : [{ resource: `${resource.type} ${resource.name}`, found: problem, remedy }];
  });

/** `s3/bucket` as Pulumi spells it: `aws:s3/bucket:Bucket`. */
export const awsType = (type: string): string => {
  const [module = "", name = ""] = type.split("/");
  return `aws:${module}/${name}:${name.charAt(0).toUpperCase()}${name.slice(1)}`;
};

export const ofType = (resources: readonly Resource[], type: string): Resource[] =>
  resources.filter((resource) => resource.type === awsType(type));

/** An input by its path: `serverSideEncryption.enabled`, `rules.0.bucketKeyEnabled`. */
export const input = ({ inputs }: Resource, path: string): unknown =>
  path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], inputs);

/** Every text anywhere in a value. */
export function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(texts);
  const plain = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return plain ? Object.values(value).flatMap(texts) : [];
}

// For counterexamples.

/** Every resource of `type` with these inputs and options instead of its own. */
export const changed = (
  resources: readonly Resource[],
  type: string,
  inputs: Readonly<Record<string, unknown>>,
  options: CustomResourceOptions = {},
): Resource[] =>
  resources.map((it) =>
    it.type === awsType(type)
      ? { ...it, inputs: { ...it.inputs, ...inputs }, options: { ...it.options, ...options } }
      : it,
  );

export const without = (resources: readonly Resource[], type: string): Resource[] =>
  resources.filter((resource) => resource.type !== awsType(type));

/** One more resource, which the program does not have. */
export const added = (
  resources: readonly Resource[],
  type: string,
  name: string,
  inputs: Readonly<Record<string, unknown>>,
): Resource[] => [...resources, { type: awsType(type), name, inputs, outputs: inputs, secrets: [], options: {} }];
