// policy: IAM's decision, from the policies that the program registered.
//
// An explicit deny wins over everything, then an allow of the identity or of the resource lets the caller in, and whatever
// nobody allows is refused. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
// What is not understood (NotAction, an unknown condition operator) is refused by name when the policy is read, because a
// statement that was passed over would let the laptop do what AWS forbids, or the other way round.

import type { Principal } from "./principals";
import type { Need } from "./service";

export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: readonly Statement[];
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  /** Of a resource's policy: `"*"`, `{ AWS: ... }`, `{ Service: ... }`. */
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  /** All resources but these, in the place of `Resource`. */
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Conditions;
}

type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** The keys of AWS that every request here has. Those of a service (`s3:prefix`) the service states itself. */
const globalKeys = ["aws:SecureTransport", "aws:PrincipalArn"];

/** Those that an AWS service brings with it beside them, when it acts for a resource. */
const serviceKeys = ["aws:SecureTransport", "aws:SourceArn", "aws:SourceAccount"];

const understood = ["Sid", "Effect", "Principal", "Action", "Resource", "NotResource", "Condition"];

/** Reads a policy; throws at what this evaluation does not understand. `of` is whose it is, for the error. */
export function readPolicy(json: string, of: string): PolicyDocument {
  const { Version, Statement } = JSON.parse(json) as { Version?: string; Statement: Statement | Statement[] };
  const statements = [Statement].flat();
  for (const statement of statements) {
    const unknown = notUnderstood(statement);
    if (unknown !== undefined) throw new Error(`Cannot evaluate the policy of "${of}": ${unknown} is not imitated`);
  }
  return { ...(Version === undefined ? {} : { Version }), Statement: statements };
}

function notUnderstood(statement: Statement): string | undefined {
  const conditions = Object.entries(statement.Condition ?? {});
  const element = Object.keys(statement).find((name) => !understood.includes(name));
  const operator = conditions.map(([name]) => name).find((name) => !Object.hasOwn(operators, name));
  const key = conditions
    .flatMap(([, keys]) => Object.keys(keys))
    .find((name) => name.toLowerCase().startsWith("aws:") && !keysOf(statement).includes(name));
  const [variable] =
    /\$\{[^}]*\}/.exec(JSON.stringify([statement.Resource, statement.NotResource, statement.Condition])) ?? [];
  if (element !== undefined) return `"${element}"`;
  if (operator !== undefined) return `condition "${operator}"`;
  if (key !== undefined) return `condition key "${key}"`;
  return variable === undefined ? undefined : `policy variable "${variable}"`;
}

const keysOf = ({ Principal }: Statement): readonly string[] =>
  typeof Principal === "object" && Object.keys(Principal).every((kind) => kind === "Service")
    ? serviceKeys
    : globalKeys;

/** Why not, in AWS's words, or nothing where the caller may. */
export function refusalOf(
  principal: Principal,
  { action, resource, resourcePolicy, context = {} }: Need,
): string | undefined {
  const matches = matcher(action, resource, { "aws:PrincipalArn": principal.arn, ...context });
  const own =
    principal.policies === "all" ? [] : principal.policies.flatMap(({ Statement }) => Statement).filter(matches);
  const resources = (resourcePolicy?.Statement ?? []).filter(
    (each) => names(each.Principal, principal) && matches(each),
  );
  const who = `User: ${principal.arn} is not authorized to perform: ${action} on resource: "${resource}"`;

  if (own.some(({ Effect }) => Effect === "Deny")) return `${who} with an explicit deny in an identity-based policy`;
  if (resources.some(({ Effect }) => Effect === "Deny"))
    return `${who} with an explicit deny in a resource-based policy`;
  if (principal.policies === "all" || own.length > 0 || resources.length > 0) return undefined;
  return `${who} because no identity-based policy allows the ${action} action`;
}

/** The same for an AWS service that acts by itself (`events.amazonaws.com`): only the resource's own policy lets it in. */
export function serviceRefusal(
  service: string,
  { action, resource, resourcePolicy, context = {} }: Need,
): string | undefined {
  const matches = matcher(action, resource, context);
  const met = (resourcePolicy?.Statement ?? []).filter(
    (each) => namesService(each.Principal, service) && matches(each),
  );
  const who = `${service} is not authorized to perform: ${action} on resource: "${resource}"`;
  if (met.some(({ Effect }) => Effect === "Deny")) return `${who} with an explicit deny in a resource-based policy`;
  return met.length > 0 ? undefined : `${who} because no resource-based policy allows the ${action} action`;
}

const matcher =
  (action: string, resource: string, context: Readonly<Record<string, string>>) => (statement: Statement) =>
    [statement.Action].flat().some((pattern) => matchesText(pattern, action, "i")) &&
    covers(statement, resource) &&
    // Loopback stands for TLS: the traffic does not leave the machine.
    conditionsHold(statement.Condition ?? {}, { "aws:SecureTransport": "true", ...context });

function covers({ Resource, NotResource }: Statement, resource: string): boolean {
  const some = (patterns: Statement["Resource"]) =>
    [patterns ?? []].flat().some((pattern) => matchesText(pattern, resource));
  return NotResource === undefined ? some(Resource) : !some(NotResource);
}

const namesService = (principals: Statement["Principal"], service: string): boolean =>
  typeof principals === "object" ? [principals.Service ?? []].flat().includes(service) : principals === "*";

function names(principals: Statement["Principal"], { arn }: Principal): boolean {
  if (typeof principals !== "object") return principals === "*";
  return [principals.AWS ?? []].flat().some((name) => name === "*" || name === arn);
}

type Operator = (given: string, wanted: string) => boolean;

const operators: Readonly<Record<string, Operator>> = {
  Bool: (given, wanted) => given.toLowerCase() === wanted.toLowerCase(),
  StringEquals: (given, wanted) => given === wanted,
  StringLike: (given, wanted) => matchesText(wanted, given),
  ArnEquals: (given, wanted) => matchesText(wanted, given),
  ArnLike: (given, wanted) => matchesText(wanted, given),
};

/** Every operator and key must hold; of the values of one key, one. A key that the request lacks does not hold. */
const conditionsHold = (conditions: Conditions, context: Readonly<Record<string, string>>): boolean =>
  Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      const given = context[key];
      return given !== undefined && [wanted].flat().some((value) => operators[operator]?.(given, value));
    }),
  );

/** `*` is any text and `?` any character; ARNs and actions have no other wildcards. */
function matchesText(pattern: string, text: string, flags = ""): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, `s${flags}`).test(text);
}
