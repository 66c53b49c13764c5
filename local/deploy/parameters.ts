// parameters: every registered parameter on the embedded Parameter Store.

import type { Registered } from "../../stage/evaluation/evaluate";
import { types } from "../services/ssm/kept-parameters";
import type { Ssm } from "../services/ssm/ssm";
import { type Registry, text } from "./registry";
import { refuseOthers } from "./targets";

export const parameterTypes = ["aws:ssm/parameter:Parameter"];

const imitated = [
  "name",
  "type",
  "value",
  "insecureValue",
  "valueWo",
  "valueWoVersion",
  "description",
  "keyId",
  "tags",
];

export function deployParameters(registry: Registry, ssm: Pick<Ssm, "put">): void {
  for (const parameter of registry.ofType("aws:ssm/parameter:Parameter")) {
    const what = `the parameter "${parameter.name}"`;
    refuseOthers(what, parameter.inputs, imitated);
    const type = types.find((each) => each === parameter.inputs.type);
    if (type === undefined) throw new Error(`Cannot deploy ${what}: its type is ${parameter.inputs.type}`);
    const keyArn = keyOf(registry, parameter);
    try {
      ssm.put({ name: text(parameter, "name"), type, ...writtenIn(parameter), ...(keyArn ? { keyArn } : {}) });
    } catch (cause) {
      throw new Error(`Cannot deploy ${what}: ${(cause as Error).message}`, { cause });
    }
  }
}

/** An ordinary value takes effect whenever it changes; a write-only one only with a new version number. */
function writtenIn(parameter: Registered): { value: string; version: string } {
  const { valueWo, valueWoVersion, insecureValue } = parameter.inputs;
  if (valueWo !== undefined) return { value: text(parameter, "valueWo"), version: `write-only ${valueWoVersion}` };
  const value = text(parameter, insecureValue === undefined ? "value" : "insecureValue");
  return { value, version: value };
}

function keyOf(registry: Registry, { inputs: { keyId } }: Registered): string | undefined {
  const key = registry.ofType("aws:kms/key:Key").find(({ outputs }) => [outputs.arn, outputs.keyId].includes(keyId));
  return key && text(key, "arn");
}
