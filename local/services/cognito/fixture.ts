// fixture: a user pool behind the real door, for tests.

import type { TestContext } from "node:test";
import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import { handClock } from "../../clock";
import { behindDoor } from "../../door/behind-door";
import { temporaryDirectory } from "../../temporary-directory";
import { cognito } from "./cognito";
import type { ClientConfig, PoolConfig } from "./pool-config";

export const poolId = "eu-central-1_Sellers01";
export const clientId = "client0of0the0api";

export const clientConfig: ClientConfig = {
  id: clientId,
  flows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
  accessSeconds: 3_600,
  idSeconds: 3_600,
  refreshSeconds: 86_400,
  challengeSeconds: 180,
  tellsWhoExists: false,
  revokes: true,
};

export const poolConfig: PoolConfig = {
  id: poolId,
  arn: `arn:aws:cognito-idp:eu-central-1:123456789012:userpool/${poolId}`,
  issuer: `https://cognito-idp.eu-central-1.amazonaws.com/${poolId}`,
  passwords: { minimumLength: 12, lowercase: true, uppercase: true, numbers: true, symbols: true },
  temporaryPasswordDays: 7,
  emailAsUsername: false,
  caseSensitive: false,
  clients: [clientConfig],
  groups: [{ name: "seller:acme" }],
};

/** A pool of its own, behind a door, with a clock that is moved by hand. */
export async function pool(
  t: Pick<TestContext, "after">,
  { directory = temporaryDirectory(), clock = handClock(), ...changes }: Partial<PoolConfig> & PoolPlace = {},
) {
  const service = cognito({ directory, region: "eu-central-1", account: "123456789012", clock });
  await service.createPool({ ...poolConfig, ...changes });
  const { config, record } = await behindDoor(t, service);
  return { directory, clock, service, config, record, client: new CognitoIdentityProviderClient(config()) };
}

interface PoolPlace {
  readonly directory?: string;
  readonly clock?: ReturnType<typeof handClock>;
}
