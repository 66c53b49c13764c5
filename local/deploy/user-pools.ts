// user-pools: the registered user pools, with their clients and groups, on the embedded Cognito.

import type { Registered } from "../../stage/evaluation/evaluate";
import type { Cognito } from "../services/cognito/cognito";
import type { ClientConfig, GroupConfig, PasswordPolicy } from "../services/cognito/pool-config";
import { type Registry, text } from "./registry";
import { refuseOthers } from "./targets";

export const userPoolTypes = [
  "aws:cognito/userPool:UserPool",
  "aws:cognito/userPoolClient:UserPoolClient",
  "aws:cognito/userGroup:UserGroup",
];

export async function deployUserPools(registry: Registry, cognito: Pick<Cognito, "createPool">): Promise<void> {
  for (const pool of registry.ofType("aws:cognito/userPool:UserPool")) {
    const { inputs } = pool;
    const what = `the user pool "${pool.name}"`;
    refuseOthers(what, inputs, [...imitatedOfPool, ...elsewhere]);
    refuse(what, notImitatedOfPool(inputs));
    const id = text(pool, "id");
    const { temporaryPasswordValidityDays = 7, ...policy } = (inputs.passwordPolicy ?? {}) as Policy;
    await cognito.createPool({
      id,
      arn: text(pool, "arn"),
      issuer: `https://cognito-idp.${registry.region}.amazonaws.com/${id}`,
      passwords: passwordsOf(policy),
      temporaryPasswordDays: temporaryPasswordValidityDays,
      emailAsUsername: ((inputs.usernameAttributes ?? []) as string[]).includes("email"),
      caseSensitive: (inputs.usernameConfiguration as { caseSensitive?: boolean } | undefined)?.caseSensitive ?? true,
      clients: registry.about("aws:cognito/userPoolClient:UserPoolClient", "userPoolId", id).map(clientOf),
      groups: registry.about("aws:cognito/userGroup:UserGroup", "userPoolId", id).map(groupOf),
    });
  }
}

const imitatedOfPool = ["name", "usernameAttributes", "usernameConfiguration", "passwordPolicy"];

/**
 * About operations that are refused by name (signing up, forgetting a password, changing an attribute, another factor), about
 * what AWS charges, and about sign-ins that look odd to AWS.
 */
const elsewhere = [
  "accountRecoverySetting",
  "adminCreateUserConfig",
  "autoVerifiedAttributes",
  "deletionProtection",
  "mfaConfiguration",
  "signInPolicy",
  "softwareTokenMfaConfiguration",
  "tags",
  "tagsAll",
  "userAttributeUpdateSettings",
  "userPoolAddOns",
  "userPoolTier",
  "verificationMessageTemplate",
];

/** A second factor that everybody must have would be asked for at every sign-in. */
function notImitatedOfPool({ usernameAttributes = [], mfaConfiguration = "OFF" }: Inputs): string | undefined {
  const other = (usernameAttributes as string[]).find((name) => name !== "email");
  if (other !== undefined) return `"${other}" as the name of a user`;
  return mfaConfiguration === "ON" ? "a second factor" : undefined;
}

type Inputs = Readonly<Record<string, unknown>>;

interface Policy {
  readonly minimumLength?: number;
  readonly requireLowercase?: boolean;
  readonly requireUppercase?: boolean;
  readonly requireNumbers?: boolean;
  readonly requireSymbols?: boolean;
  readonly temporaryPasswordValidityDays?: number;
}

/** Where the program says nothing, all is asked for (API reference, PasswordPolicyType). */
function passwordsOf(policy: Omit<Policy, "temporaryPasswordValidityDays">): PasswordPolicy {
  const { minimumLength = 8, requireLowercase, requireUppercase, requireNumbers, requireSymbols } = policy;
  const otherwise = Object.keys(policy).length === 0;
  return {
    minimumLength,
    lowercase: requireLowercase ?? otherwise,
    uppercase: requireUppercase ?? otherwise,
    numbers: requireNumbers ?? otherwise,
    symbols: requireSymbols ?? otherwise,
  };
}

const imitatedOfClient = [
  "name",
  "userPoolId",
  "explicitAuthFlows",
  "accessTokenValidity",
  "idTokenValidity",
  "refreshTokenValidity",
  "tokenValidityUnits",
  "authSessionValidity",
  "preventUserExistenceErrors",
  "enableTokenRevocation",
  "generateSecret",
  "supportedIdentityProviders",
  "allowedOauthFlowsUserPoolClient",
  "readAttributes",
  // Of operations that are refused by name.
  "writeAttributes",
];

function clientOf(client: Registered): ClientConfig {
  const { inputs } = client;
  const what = `the client "${client.name}" of a user pool`;
  refuseOthers(what, inputs, imitatedOfClient);
  refuse(what, notImitatedOfClient(inputs));
  const units = (inputs.tokenValidityUnits ?? {}) as { accessToken?: string; idToken?: string; refreshToken?: string };
  const { accessTokenValidity = 0, idTokenValidity = 0, refreshTokenValidity = 0, authSessionValidity = 3 } = inputs;
  return {
    id: text(client, "id"),
    flows: (inputs.explicitAuthFlows ?? ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]) as string[],
    accessSeconds: secondsOf(accessTokenValidity, units.accessToken ?? "hours") || hour,
    idSeconds: secondsOf(idTokenValidity, units.idToken ?? "hours") || hour,
    refreshSeconds: secondsOf(refreshTokenValidity, units.refreshToken ?? "days") || 30 * 24 * hour,
    challengeSeconds: secondsOf(authSessionValidity, "minutes"),
    tellsWhoExists: inputs.preventUserExistenceErrors !== "ENABLED",
    revokes: inputs.enableTokenRevocation !== false,
    ...(inputs.readAttributes === undefined ? {} : { reads: inputs.readAttributes as string[] }),
  };
}

function notImitatedOfClient(inputs: Inputs): string | undefined {
  const providers = (inputs.supportedIdentityProviders ?? ["COGNITO"]) as string[];
  const other = providers.find((name) => name !== "COGNITO");
  if (inputs.generateSecret === true) return "a client with a secret";
  if (inputs.allowedOauthFlowsUserPoolClient === true) return "OAuth";
  return other === undefined ? undefined : `the identity provider ${other}`;
}

const hour = 3_600;

function secondsOf(validity: unknown, unit: string): number {
  const seconds: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: hour, days: 24 * hour };
  return Number(validity) * (seconds[unit] ?? Number.NaN);
}

function groupOf(group: Registered): GroupConfig {
  const { description, precedence } = group.inputs;
  refuseOthers(`the group "${group.name}"`, group.inputs, ["name", "userPoolId", "description", "precedence"]);
  return {
    name: text(group, "name"),
    ...(typeof description === "string" ? { description } : {}),
    ...(typeof precedence === "number" ? { precedence } : {}),
  };
}

function refuse(what: string, refused: string | undefined): void {
  if (refused !== undefined) throw new Error(`Cannot deploy ${what}: ${refused} is not imitated`);
}
