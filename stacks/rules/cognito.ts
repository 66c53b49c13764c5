// cognito: what is asked of user pools and of the programs that sign in to them.

import { changed, input, ofType, type Rule, texts } from "./rule";

const pools = ["cognito/userPool"];
const clients = ["cognito/userPoolClient"];

const otherPool = (inputs: Readonly<Record<string, unknown>>): Rule["broken"] => {
  return (resources) => changed(resources, "cognito/userPool", inputs);
};
const otherClient = (inputs: Readonly<Record<string, unknown>>): Rule["broken"] => {
  return (resources) => changed(resources, "cognito/userPoolClient", inputs);
};

interface PasswordPolicy {
  readonly minimumLength?: number;
  readonly temporaryPasswordValidityDays?: number;
  readonly [required: `require${string}`]: boolean | undefined;
}

export const cognito: readonly Rule[] = [
  {
    ids: ["own: no sign-up"],
    says: "users of a pool are made by its operator",
    level: "M",
    of: pools,
    found: (pool) => {
      const only = input(pool, "adminCreateUserConfig.allowAdminCreateUserOnly");
      return only === true ? undefined : `allowAdminCreateUserOnly is ${only}`;
    },
    remedy: "set adminCreateUserConfig.allowAdminCreateUserOnly",
    broken: otherPool({ adminCreateUserConfig: {} }),
  },
  {
    ids: ["AwsSolutions-COG1"],
    says: "a password has 12 characters at least, of each kind, and a temporary one is good for a week at most",
    level: "M",
    of: pools,
    found: ({ inputs }) => {
      const policy = (inputs.passwordPolicy ?? {}) as PasswordPolicy;
      const { minimumLength = 0, temporaryPasswordValidityDays: days = 7 } = policy;
      if (minimumLength < 12) return `its least length is ${minimumLength}`;
      const kinds = ["Lowercase", "Uppercase", "Numbers", "Symbols"] as const;
      const missing = kinds.filter((kind) => policy[`require${kind}`] !== true);
      if (missing.length > 0) return `it needs no ${missing.join(", no ")}`;
      return days <= 7 ? undefined : `a temporary one is good for ${days} days`;
    },
    remedy: "set passwordPolicy",
    broken: otherPool({ passwordPolicy: { minimumLength: 6 } }),
  },
  {
    ids: ["own: second factor"],
    says: "users of a pool may sign in with a second factor, and it is no text message",
    level: "M",
    of: pools,
    found: (pool) => {
      const { mfaConfiguration = "OFF", smsConfiguration } = pool.inputs;
      if (mfaConfiguration === "OFF") return "no second factor";
      if (input(pool, "softwareTokenMfaConfiguration.enabled") !== true) return "no software token";
      return smsConfiguration === undefined ? undefined : "text messages, which can be intercepted";
    },
    remedy: "set mfaConfiguration and softwareTokenMfaConfiguration",
    broken: otherPool({ mfaConfiguration: "OFF" }),
  },
  {
    ids: ["own: recovery by e-mail"],
    says: "who has forgotten a password gets a new one at an address that was verified, and in no other way",
    level: "M",
    of: pools,
    found: ({ inputs }) => {
      const { recoveryMechanisms = [] } = (inputs.accountRecoverySetting ?? {}) as {
        recoveryMechanisms?: readonly { name: string }[];
      };
      const names = recoveryMechanisms.map(({ name }) => name).join(", ");
      if (names !== "verified_email") return `by ${names || "whatever Cognito likes"}`;
      const verified = texts(inputs.userAttributeUpdateSettings).includes("email");
      return verified ? undefined : "a new address counts before it was verified";
    },
    remedy: "set accountRecoverySetting, and email in userAttributeUpdateSettings",
    broken: otherPool({ accountRecoverySetting: {} }),
  },
  {
    ids: ["AwsSolutions-COG3"],
    says: "a pool refuses passwords that are known and sign-ins that are odd",
    level: "P",
    of: pools,
    found: (pool) => {
      const mode = input(pool, "userPoolAddOns.advancedSecurityMode");
      if (mode !== "ENFORCED") return `its mode is ${mode}`;
      const { userPoolTier } = pool.inputs;
      return userPoolTier === "PLUS" ? undefined : `its tier is ${userPoolTier}, in which Cognito refuses the mode`;
    },
    remedy: "set tributary:userThreatProtection",
    broken: otherPool({ userPoolAddOns: { advancedSecurityMode: "OFF" } }),
  },
  {
    ids: ["own: users outlive the stack"],
    says: "a pool cannot be deleted, neither by the program nor by hand",
    level: "P",
    of: pools,
    found: ({ inputs: { deletionProtection }, options: { protect, retainOnDelete } }) => {
      if (deletionProtection !== "ACTIVE") return `deletionProtection is ${deletionProtection}`;
      return protect && retainOnDelete ? undefined : "it is not protected and retained";
    },
    remedy: "set deletionProtection, protect and retainOnDelete",
    broken: otherPool({ deletionProtection: "INACTIVE" }),
  },
  {
    ids: ["own: public client"],
    says: "a client has no secret, no flow without a password, and no tokens in an address",
    level: "M",
    of: clients,
    found: ({ inputs }) => {
      if (inputs.generateSecret !== false) return "it has a secret, which no program of a user can keep";
      const allowed = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];
      const flows = texts(inputs.explicitAuthFlows);
      if (flows.length === 0) return "Cognito chooses its flows";
      const other = flows.find((flow) => !allowed.includes(flow));
      if (other !== undefined) return `it allows ${other}`;
      const oauth = texts(inputs.allowedOauthFlows);
      return oauth.includes("implicit") ? "it allows the implicit flow" : undefined;
    },
    remedy: "set generateSecret to false, explicitAuthFlows, and no implicit flow",
    broken: otherClient({ allowedOauthFlows: ["implicit"] }),
  },
  {
    ids: ["own: short tokens"],
    says: "an access token is good for an hour at most, a refresh token for 30 days, and can be revoked",
    level: "M",
    of: clients,
    found: ({ inputs }) => {
      const units = (inputs.tokenValidityUnits ?? {}) as Readonly<Record<string, string>>;
      const of = (token: string, unit: string) => {
        const given = inputs[`${token}TokenValidity`];
        return given === undefined
          ? Number.POSITIVE_INFINITY
          : Number(given) * (seconds[units[`${token}Token`] ?? unit] ?? 0);
      };
      if (of("access", "hours") > 3_600) return `an access token is good for ${of("access", "hours")} s`;
      if (of("id", "hours") > 3_600) return `an ID token is good for ${of("id", "hours")} s`;
      if (of("refresh", "days") > 30 * 86_400) return `a refresh token is good for ${of("refresh", "days")} s`;
      return inputs.enableTokenRevocation === true ? undefined : "a token cannot be revoked";
    },
    remedy: "set accessTokenValidity, idTokenValidity, refreshTokenValidity and enableTokenRevocation",
    broken: otherClient({ accessTokenValidity: 24, tokenValidityUnits: { accessToken: "hours" } }),
  },
  {
    ids: ["own: who exists"],
    says: "a failed sign-in does not tell whether there is such a user",
    level: "M",
    of: clients,
    found: ({ inputs: { preventUserExistenceErrors: prevents } }) =>
      prevents === "ENABLED" ? undefined : `preventUserExistenceErrors is ${prevents}`,
    remedy: "set preventUserExistenceErrors to ENABLED",
    broken: otherClient({ preventUserExistenceErrors: "LEGACY" }),
  },
  {
    ids: ["own: what users write"],
    says: "users write nothing of themselves that anything depends on",
    level: "M",
    of: clients,
    found: ({ inputs }) => {
      // An empty list is taken for all of them (hashicorp/terraform-provider-aws#28684).
      const written = texts(inputs.writeAttributes);
      if (written.length === 0) return "they write everything, as no list is given";
      const other = written.find((attribute) => attribute !== "name");
      return other && `they write ${other}`;
    },
    remedy: 'set writeAttributes to ["name"]',
    broken: otherClient({ writeAttributes: ["name", "email_verified"] }),
  },
  {
    ids: ["own: a pool for somebody"],
    says: "a pool has a client",
    level: "M",
    of: pools,
    found: ({ outputs }, resources) =>
      ofType(resources, "cognito/userPoolClient").some(({ inputs }) => inputs.userPoolId === outputs.id)
        ? undefined
        : "nobody can sign in",
    remedy: "make a UserPoolClient",
    broken: (resources) => changed(resources, "cognito/userPoolClient", { userPoolId: "another" }),
  },
];

const seconds: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };
