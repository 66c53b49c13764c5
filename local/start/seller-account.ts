// seller-account: a seller's way in, as an operator makes it on AWS: a group for the seller, a user in it, and the user's sign-in.

import { randomBytes } from "node:crypto";
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateGroupCommand,
  InitiateAuthCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { groupOf } from "../../schemas/seller";
import type { Cloud } from "../cloud";

export interface Pool {
  readonly userPool: string;
  readonly client: string;
}

/** Gives an access token. Whoever is there already gets another password: nobody keeps the first. */
export async function signIn(cloud: Cloud, { userPool, client }: Pool, seller: string): Promise<string> {
  const { url, region, operator } = cloud;
  const cognito = new CognitoIdentityProviderClient({ endpoint: url, region, credentials: operator });
  const GroupName = groupOf(seller);
  const Username = addressOf(seller);
  const user = { UserPoolId: userPool, Username };
  const Password = `${randomBytes(18).toString("base64url")}aA1!`;
  try {
    await unless("GroupExistsException", cognito.send(new CreateGroupCommand({ UserPoolId: userPool, GroupName })));
    const invitation = { ...user, MessageAction: "SUPPRESS" } as const;
    await unless("UsernameExistsException", cognito.send(new AdminCreateUserCommand(invitation)));
    await cognito.send(new AdminSetUserPasswordCommand({ ...user, Password, Permanent: true }));
    await cognito.send(new AdminAddUserToGroupCommand({ ...user, GroupName }));
    const { AuthenticationResult } = await cognito.send(
      new InitiateAuthCommand({
        AuthFlow: "USER_PASSWORD_AUTH",
        ClientId: client,
        AuthParameters: { USERNAME: Username, PASSWORD: Password },
      }),
    );
    if (AuthenticationResult?.AccessToken === undefined) throw new Error(`Cannot sign in "${Username}": no token came`);
    return AuthenticationResult.AccessToken;
  } finally {
    cognito.destroy();
  }
}

/** Of a domain that nobody can have (RFC 2606). */
export const addressOf = (seller: string): string => `sales@${seller}.example`;

const unless = (name: string, sent: Promise<unknown>): Promise<unknown> =>
  sent.catch((error: Error) => {
    if (error.name !== name) throw error;
  });
