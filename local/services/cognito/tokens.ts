// tokens: what a sign-in gives - an access token, an ID token and a refresh token - with the claims that Cognito puts into
// them.
// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-with-identity-providers.html

import { createHash, randomBytes, randomUUID } from "node:crypto";
import { errors, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { awsError } from "../../door/service";
import { groupsOf, type Pool } from "./pool";
import type { ClientConfig } from "./pool-config";
import type { SignIn, User } from "./pool-store";

/** The one scope of tokens that do not come of OAuth. */
const ownScope = "aws.cognito.signin.user.admin";

/** Signs a user in. */
export async function signedIn(pool: Pool, client: ClientConfig, user: User): Promise<object> {
  const RefreshToken = randomBytes(96).toString("base64url");
  const at = pool.clock.now();
  const signIn: SignIn = {
    origin: randomUUID(),
    refreshHash: refreshHash(RefreshToken),
    username: user.username,
    clientId: client.id,
    at,
    until: at + client.refreshSeconds * 1_000,
    revoked: false,
  };
  pool.store.putSignIn(signIn, at);
  return { ...(await freshTokens(pool, client, user, signIn)), RefreshToken };
}

/** The tokens of a sign-in that is still good. */
export async function freshTokens(pool: Pool, client: ClientConfig, user: User, signIn: SignIn): Promise<object> {
  const groups = groupsOf(pool, user);
  const event = randomUUID();
  const both = {
    sub: user.sub,
    ...(groups.length === 0 ? {} : { "cognito:groups": groups }),
    iss: pool.config.issuer,
    origin_jti: signIn.origin,
    event_id: event,
    auth_time: seconds(signIn.at),
  };
  const access = { ...both, client_id: client.id, token_use: "access", scope: ownScope, username: user.username };
  const id = {
    ...both,
    ...claimsOf(readable(client, user)),
    aud: client.id,
    token_use: "id",
    "cognito:username": user.username,
  };
  return {
    AccessToken: await signed(pool, access, client.accessSeconds),
    IdToken: await signed(pool, id, client.idSeconds),
    ExpiresIn: client.accessSeconds,
    TokenType: "Bearer",
  };
}

export const refreshHash = (token: string): string => createHash("sha256").update(token).digest("base64");

/** Reads an access token of the pool's own; throws Cognito's error where it is not, or not any more. */
export async function readAccessToken(pool: Pool, token: string): Promise<JWTPayload> {
  const currentDate = new Date(pool.clock.now());
  const { payload } = await jwtVerify(token, pool.key.public, {
    algorithms: ["RS256"],
    issuer: pool.config.issuer,
    currentDate,
  }).catch((error: unknown) => {
    const expired = error instanceof errors.JWTExpired;
    throw awsError("NotAuthorizedException", expired ? "Access Token has expired" : "Invalid Access Token");
  });
  if (payload.token_use !== "access") throw awsError("NotAuthorizedException", "Invalid Access Token");
  if (pool.store.signIn(String(payload.origin_jti))?.revoked !== false)
    throw awsError("NotAuthorizedException", "Access Token has been revoked");
  return payload;
}

function signed({ key, clock }: Pool, claims: JWTPayload, validSeconds: number): Promise<string> {
  const now = seconds(clock.now());
  return new SignJWT({ ...claims, iat: now, exp: now + validSeconds, jti: randomUUID() })
    .setProtectedHeader({ kid: key.id, alg: "RS256" })
    .sign(key.private);
}

/** The attributes of a user that a client shows. */
export const readable = ({ reads }: ClientConfig, { attributes }: User): User["attributes"] =>
  reads === undefined
    ? attributes
    : Object.fromEntries(Object.entries(attributes).filter(([name]) => reads.includes(name)));

/** All are texts but these two. */
const claimsOf = (attributes: User["attributes"]): JWTPayload =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      name === "email_verified" || name === "phone_number_verified" ? value === "true" : value,
    ]),
  );

const seconds = (ms: number): number => Math.floor(ms / 1_000);
