// fixture: a user pool behind the real door, and a seller of any cloud who has signed in, for tests.

import type { TestContext } from "node:test";
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateGroupCommand,
  InitiateAuthCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { groupOf } from "../../../schemas/seller";
import { handClock } from "../../clock";
import type { Cloud } from "../../cloud";
import { behindDoor } from "../../door/behind-door";
import { temporaryDirectory } from "../../temporary-directory";
import { cognito } from "./cognito";
import type { ClientConfig, PoolConfig } from "./pool-config";

/** Signs in a user of the sellers, who is created where there is none yet; gives the access token. */
export async function sellerToken(
  { url, region, operator, userPool }: Pick<Cloud, "url" | "region" | "operator" | "userPool">,
  sellers: string | readonly string[],
  Username = `${[sellers].flat().join(".")}@example.com`,
): Promise<string> {
  if (userPool === undefined) throw new Error("Cannot sign in: the program registers no user pool");
  const client = new CognitoIdentityProviderClient({ endpoint: url, region, credentials: operator });
  const user = { UserPoolId: userPool.id, Username };
  const PASSWORD = `A long enough passw0rd of ${Username}`;
  await client.send(new AdminCreateUserCommand({ ...user, MessageAction: "SUPPRESS" })).catch(unless("UsernameExists"));
  await client.send(new AdminSetUserPasswordCommand({ ...user, Password: PASSWORD, Permanent: true }));
  for (const GroupName of [sellers].flat().map(groupOf)) {
    await client.send(new CreateGroupCommand({ UserPoolId: userPool.id, GroupName })).catch(unless("GroupExists"));
    await client.send(new AdminAddUserToGroupCommand({ ...user, GroupName }));
  }
  const { AuthenticationResult } = await client.send(
    new InitiateAuthCommand({
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: userPool.clientId,
      AuthParameters: { USERNAME: Username, PASSWORD },
    }),
  );
  return AuthenticationResult?.AccessToken ?? "";
}

const unless = (exception: string) => (error: unknown) => {
  if ((error as Error).name !== `${exception}Exception`) throw error;
};

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
