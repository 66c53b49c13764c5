// api: the one way in for people and programs outside - who they are, and where they ask.
//
//   user ──(password)──> user pool ──> access token ──> HTTP API ──> the stage of each route
//                            └── groups: seller:{id}, whose data a user sees
//
// An operator makes the users and puts them into groups; nobody signs up.

import * as aws from "@pulumi/aws";
import { openapi } from "../functions/operations/openapi";
import { HttpApi } from "../stage/http-api";
import type { Platform } from "../stage/platform";
import type { Settings } from "./settings";

export function api(base: Platform, settings: Settings) {
  const platform = { ...base, pipeline: "operations" };
  const userPool = users(platform, settings.userThreatProtection);
  const client = apiClient(userPool);
  const http = new HttpApi("http-api", platform, {
    userPool,
    client,
    origins: settings.apiOrigins ?? [],
    rate: settings.apiRate,
    burst: settings.apiBurst,
  });
  openapi({ platform, http });
  return { http, userPool, client };
}

const users = ({ protect, pipeline }: Platform, threatProtection: boolean): aws.cognito.UserPool =>
  new aws.cognito.UserPool(
    "users",
    {
      usernameAttributes: ["email"],
      usernameConfiguration: { caseSensitive: false },
      autoVerifiedAttributes: ["email"],
      // A new address counts when it was verified, and the old one until then.
      userAttributeUpdateSettings: { attributesRequireVerificationBeforeUpdates: ["email"] },
      adminCreateUserConfig: { allowAdminCreateUserOnly: true },
      passwordPolicy: {
        minimumLength: 14,
        requireLowercase: true,
        requireUppercase: true,
        requireNumbers: true,
        requireSymbols: true,
        temporaryPasswordValidityDays: 3,
      },
      mfaConfiguration: "OPTIONAL",
      softwareTokenMfaConfiguration: { enabled: true },
      accountRecoverySetting: { recoveryMechanisms: [{ name: "verified_email", priority: 1 }] },
      // Looking at each sign-in is a feature of the tier that costs by the user.
      userPoolTier: threatProtection ? "PLUS" : "ESSENTIALS",
      userPoolAddOns: { advancedSecurityMode: threatProtection ? "ENFORCED" : "OFF" },
      deletionProtection: protect ? "ACTIVE" : "INACTIVE",
      tags: { pipeline, dataClass: "internal" },
    },
    { protect, retainOnDelete: protect },
  );

/** A program on somebody's machine: it can keep no secret of its own, and has none. */
const apiClient = (userPool: aws.cognito.UserPool): aws.cognito.UserPoolClient =>
  new aws.cognito.UserPoolClient("api", {
    userPoolId: userPool.id,
    generateSecret: false,
    explicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    supportedIdentityProviders: ["COGNITO"],
    allowedOauthFlowsUserPoolClient: false,
    preventUserExistenceErrors: "ENABLED",
    enableTokenRevocation: true,
    accessTokenValidity: 60,
    idTokenValidity: 60,
    refreshTokenValidity: 30,
    tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "days" },
    readAttributes: ["email", "email_verified", "name"],
    // Nothing depends on it. None at all would be taken for all of them (hashicorp/terraform-provider-aws#28684).
    writeAttributes: ["name"],
  });
