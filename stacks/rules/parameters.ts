// parameters: what is asked of the parameters of Systems Manager, in which secrets lie beside what anybody may know.

import { added, input, ofType, type Resource, type Rule } from "./rule";

/** Whether a parameter is one that nobody but its readers may know. */
const isSecret = ({ inputs: { type, name, description } }: Resource): boolean =>
  type === "SecureString" || /key|secret|token|password|credential/i.test(`${name} ${description ?? ""}`);

const parameter = (inputs: Readonly<Record<string, unknown>>) => (resources: readonly Resource[]) =>
  added(resources, "ssm/parameter", "second", { name: "/tributary/api-key", ...inputs });

export const parameters: readonly Rule[] = [
  {
    ids: ["CKV_AWS_337", "CKV2_AWS_34"],
    says: "a parameter that holds a secret is encrypted",
    level: "M",
    of: ["ssm/parameter"],
    found: (it) =>
      isSecret(it) && it.inputs.type !== "SecureString"
        ? `a secret by its name, and its type is ${it.inputs.type}`
        : undefined,
    remedy: 'set type to "SecureString"',
    broken: parameter({ type: "String", value: "sesame" }),
  },
  {
    ids: ["own: parameter out of the state"],
    says: "a secret parameter's value is marked secret and kept out of the state",
    level: "M",
    of: ["ssm/parameter"],
    found: (it) => {
      if (!isSecret(it)) return undefined;
      const { value, insecureValue, valueWo, valueWoVersion } = it.inputs;
      if (value !== undefined || insecureValue !== undefined) return "a value that is written to the state";
      if (valueWo === undefined || valueWoVersion === undefined) return "no write-only value with a version";
      return it.secrets.length > 0 ? undefined : "a value that is not marked secret";
    },
    remedy: "give valueWo, pulumi.secret(...), and valueWoVersion",
    broken: parameter({ type: "SecureString", value: "sesame" }),
  },
  {
    ids: ["own: parameter under the stack's key"],
    says: "a secret parameter is encrypted with the stack's own key",
    level: "P",
    of: ["ssm/parameter"],
    found: (it, resources) => {
      const { keyId } = it.inputs;
      const isOwn = ofType(resources, "kms/key").some(({ outputs }) => [outputs.arn, outputs.keyId].includes(keyId));
      return !isSecret(it) || isOwn ? undefined : `its key is ${keyId}`;
    },
    remedy: "set keyId to the platform's key",
    broken: parameter({ type: "SecureString" }),
  },
  {
    ids: ["own: parameter tagged"],
    says: "a parameter says which pipeline and which class of data it is of",
    level: "M",
    of: ["ssm/parameter"],
    found: (it) => {
      const missing = ["pipeline", "dataClass"].find((tag) => !input(it, `tags.${tag}`));
      return missing === undefined ? undefined : `no tag "${missing}"`;
    },
    remedy: "tag it with its pipeline and a DataClass",
    broken: parameter({ type: "String", tags: { pipeline: "transactions" } }),
  },
];
