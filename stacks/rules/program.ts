// program: what an engine or AWS would refuse, or silently take, and an evaluation without them lets pass.

import { changed, ofType, type Rule, texts } from "./rule";

export const program: readonly Rule[] = [
  {
    ids: ["own: unique names"],
    says: "a resource is the only one of its type and name",
    level: "M",
    of: ["*"],
    found: ({ type, name }, resources) =>
      resources.filter((it) => it.type === type && it.name === name).length === 1 ? undefined : "registered twice",
    remedy: "name one of them otherwise",
    broken: (resources) => [...resources, ...ofType(resources, "s3/bucket")],
  },
  {
    ids: ["own: policies parse"],
    says: "a policy is a JSON document with statements",
    level: "M",
    of: ["*"],
    found: ({ inputs }) => {
      for (const text of [inputs.policy, inputs.assumeRolePolicy]) {
        if (text !== undefined && !isPolicy(text)) return `${text}`;
      }
      return undefined;
    },
    remedy: "write it with tlsOnly() or policyOf()",
    broken: (resources) => changed(resources, "s3/bucketPolicy", { policy: '{"Version":"2012-10-17"' }),
  },
  {
    ids: ["own: nothing undefined"],
    says: "a resource is given nothing that was not there",
    level: "M",
    of: ["*"],
    found: ({ inputs }) =>
      texts(inputs).find((text) => /undefined|\[object \w+\]|Calling \[to(String|JSON)\]|:::?\/|arn:$/.test(text)),
    remedy: "find the output that has no value yet: is it in stage/evaluation/identities.ts?",
    broken: (resources) => changed(resources, "s3/bucketVersioning", { bucket: "undefined_id" }),
  },
  {
    ids: ["own: no captured secret"],
    says: "a function is given no secret, neither in its code nor in its environment",
    level: "M",
    of: ["lambda/function"],
    found: ({ secrets }) => (secrets.length > 0 ? `a secret as its ${secrets.join(", ")}` : undefined),
    remedy: "give the secret's ARN, and reveal() in `may`",
    broken: (resources) => resources.map((it) => ({ ...it, secrets: ["environment"] })),
  },
];

function isPolicy(text: unknown): boolean {
  try {
    const { Version, Statement } = JSON.parse(String(text)) as { Version?: string; Statement?: unknown[] };
    return Version === "2012-10-17" && Array.isArray(Statement) && Statement.length > 0;
  } catch {
    return false;
  }
}
