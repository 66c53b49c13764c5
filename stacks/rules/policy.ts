// policy: the statements of the JSON policies that resources carry.

import { deniedWithoutTls } from "../../stage/tls-only";
import type { Resource } from "./rule";

export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly [other: string]: unknown;
}

/** Of a resource's `policy`, or of the trust policy of a role; none where the text is no policy (a rule of its own). */
export function statements({ inputs }: Pick<Resource, "inputs">): readonly Statement[] {
  try {
    const { Statement = [] } = JSON.parse(String(inputs.policy ?? inputs.assumeRolePolicy)) as {
      Statement?: Statement[];
    };
    return Statement;
  } catch {
    return [];
  }
}

export const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

export const allows = (resource: Pick<Resource, "inputs">): Statement[] =>
  statements(resource).filter(({ Effect }) => Effect === "Allow");

/** Whether a policy refuses everything on all of `resources` that does not come by TLS. */
export const isTlsOnly = (
  resource: Resource,
  service: keyof typeof deniedWithoutTls,
  resources: readonly string[],
): boolean =>
  statements(resource).some(
    ({ Effect, Principal, Action, Resource, Condition }) =>
      Effect === "Deny" &&
      Principal === "*" &&
      list(Action).includes(deniedWithoutTls[service]) &&
      resources.every((arn) => list(Resource).includes(arn)) &&
      JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}',
  );

/** What is open in a resource's policy: anybody, another account, or a service on behalf of whoever. */
export function opening(resource: Resource, account: string): string | undefined {
  for (const { Principal, Condition, Sid, NotPrincipal } of allows(resource)) {
    if (NotPrincipal !== undefined) return `statement "${Sid}" allows all but some`;
    if (Principal === undefined || typeof Principal === "string") return `statement "${Sid}" allows anybody`;
    for (const arn of list(Principal.AWS)) {
      if (!arn.includes(`:${account}:`)) return `statement "${Sid}" allows ${arn}`;
    }
    const narrowed = Object.values(Condition ?? {}).some((keys) =>
      Object.keys(keys).some((key) => /^aws:Source(Account|Arn)$|^kms:EncryptionContext:aws:/.test(key)),
    );
    if (Principal.Service !== undefined && !narrowed) {
      return `statement "${Sid}" allows ${list(Principal.Service)} on behalf of any account`;
    }
  }
  return undefined;
}

/** A policy of one statement, for counterexamples. */
export const policyOf = (statement: Statement): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
