// What the program says of a user pool, as the embedded Cognito gets it.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { PoolConfig } from "../services/cognito/pool-config";
import { registry } from "./registry";
import { deployUserPools } from "./user-pools";

const id = "eu-central-1_Sellers01";

async function deployed(pool: object, client: object = {}): Promise<PoolConfig | undefined> {
  const resources = [
    { type: "aws:cognito/userPool:UserPool", name: "users", inputs: pool, outputs: { ...pool, id, arn: "arn" } },
    {
      type: "aws:cognito/userPoolClient:UserPoolClient",
      name: "client",
      inputs: { userPoolId: id, ...client },
      outputs: { userPoolId: id, ...client, id: "client1" },
    },
  ].map((each) => ({ ...each, inputs: { ...each.inputs }, outputs: { ...each.outputs }, secrets: [] }));
  const its = registry({ resources, outputs: {}, region: "eu-central-1" });
  const seen: PoolConfig[] = [];
  await deployUserPools(its, { createPool: async (config) => void seen.push(config) });
  return seen[0];
}

test("what the program does not say is as AWS has it", async () => {
  assert.deepEqual(await deployed({}), {
    id,
    arn: "arn",
    issuer: `https://cognito-idp.eu-central-1.amazonaws.com/${id}`,
    passwords: { minimumLength: 8, lowercase: true, uppercase: true, numbers: true, symbols: true },
    temporaryPasswordDays: 7,
    emailAsUsername: false,
    caseSensitive: true,
    clients: [
      {
        id: "client1",
        flows: ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
        accessSeconds: 3_600,
        idSeconds: 3_600,
        refreshSeconds: 30 * 86_400,
        challengeSeconds: 180,
        tellsWhoExists: true,
        revokes: true,
      },
    ],
    groups: [],
  });
});

test("what the program says is what the pool gets, in seconds", async () => {
  const config = await deployed(
    {
      usernameAttributes: ["email"],
      usernameConfiguration: { caseSensitive: false },
      passwordPolicy: { minimumLength: 14, requireNumbers: true, temporaryPasswordValidityDays: 3 },
    },
    {
      explicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"],
      accessTokenValidity: 60,
      idTokenValidity: 2,
      refreshTokenValidity: 10,
      authSessionValidity: 5,
      tokenValidityUnits: { accessToken: "minutes", refreshToken: "hours" },
      preventUserExistenceErrors: "ENABLED",
      enableTokenRevocation: false,
      readAttributes: ["email"],
    },
  );
  assert.deepEqual(
    [config?.emailAsUsername, config?.caseSensitive, config?.temporaryPasswordDays, config?.passwords],
    [true, false, 3, { minimumLength: 14, lowercase: false, uppercase: false, numbers: true, symbols: false }],
  );
  assert.deepEqual(config?.clients, [
    {
      id: "client1",
      flows: ["ALLOW_USER_PASSWORD_AUTH"],
      accessSeconds: 3_600,
      idSeconds: 7_200,
      refreshSeconds: 36_000,
      challengeSeconds: 300,
      tellsWhoExists: false,
      revokes: false,
      reads: ["email"],
    },
  ]);
});
