// declared: the resources of a stack of the program, with the options that they were registered with.

import type { CustomResourceOptions } from "@pulumi/pulumi";
import { runtime } from "@pulumi/pulumi";
import { evaluate } from "../../stage/evaluation/evaluate";
import type { Resource } from "./rule";

export async function declared(
  stack: string,
  settings: Readonly<Record<string, string>> = {},
  evaluated: () => Promise<Record<string, unknown>> = async () => require("../../index"),
): Promise<Resource[]> {
  const options = new Map<string, CustomResourceOptions>();
  const program = async () => {
    runtime.registerStackTransformation(({ type, name, opts }) => {
      options.set(`${type} ${name}`, opts);
      return undefined;
    });
    return evaluated();
  };
  const { resources } = await evaluate({ stack, settings, program });
  return resources.map((it) => ({ ...it, options: options.get(`${it.type} ${it.name}`) ?? {} }));
}
