// seller-account: a user's way in, as an operator makes it on AWS: a group for each of the sellers, a user in them, and the
// user's sign-in.

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

export interface Account {
  /** For whom the user acts. */
  readonly sellers: readonly string[];
  readonly username: string;
}

/** Gives an access token. Whoever is there already gets another password: nobody keeps the first. */
export async function signIn(
  { url, region, operator }: Pick<Cloud, "url" | "region" | "operator">,
  { userPool, client }: Pool,
  { sellers, username: Username }: Account,
): Promise<string> {
  const cognito = new CognitoIdentityProviderClient({ endpoint: url, region, credentials: operator });
  const user = { UserPoolId: userPool, Username };
  const Password = `${randomBytes(18).toString("base64url")}aA1!`;
  try {
    const invitation = { ...user, MessageAction: "SUPPRESS" } as const;
    await unless("UsernameExistsException", cognito.send(new AdminCreateUserCommand(invitation)));
    await cognito.send(new AdminSetUserPasswordCommand({ ...user, Password, Permanent: true }));
    for (const GroupName of sellers.map(groupOf)) {
      await unless("GroupExistsException", cognito.send(new CreateGroupCommand({ UserPoolId: userPool, GroupName })));
      await cognito.send(new AdminAddUserToGroupCommand({ ...user, GroupName }));
    }
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
