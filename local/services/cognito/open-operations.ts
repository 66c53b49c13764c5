// open-operations: what anybody may ask of a pool, unsigned - signing in, answering a challenge, fresh tokens, who one is.

import { randomBytes } from "node:crypto";
import { awsError } from "../../door/service";
import { attributeList } from "./admin-operations";
import { type Imitation, type Input, notImitated, required } from "./imitation";
import { checkPassword, hashed, isPassword } from "./passwords";
import { findUser, type Pool, theClient, theUser } from "./pool";
import type { ClientConfig } from "./pool-config";
import type { User } from "./pool-store";
import { freshTokens, readAccessToken, readable, refreshHash, signedIn } from "./tokens";

/** They reach Lambda triggers and threat protection alone, and a pool with either is not deployed. */
const heardByNobody = ["ClientMetadata", "AnalyticsMetadata", "UserContextData"];

export function openOperations(): Readonly<Record<string, Imitation>> {
  /** The challenges that wait for an answer, by the session. A restart forgets them, as a few minutes do. */
  const challenges = new Map<
    string,
    { readonly username: string; readonly clientId: string; readonly until: number }
  >();

  return {
    InitiateAuth: {
      inputs: ["AuthFlow", "AuthParameters", "ClientId", ...heardByNobody],
      by: "ClientId",
      run: initiate,
    },
    RespondToAuthChallenge: {
      inputs: ["ChallengeName", "ChallengeResponses", "ClientId", "Session", ...heardByNobody],
      by: "ClientId",
      run: respond,
    },
    RevokeToken: { inputs: ["Token", "ClientId"], by: "ClientId", run: revoke },
    GetUser: { inputs: ["AccessToken"], by: "AccessToken", run: getUser },
  };

  function initiate(pool: Pool, input: Input): Promise<object> {
    const client = theClient(pool, required(input, "ClientId"));
    const flow = required(input, "AuthFlow");
    const parameters = (input.AuthParameters ?? {}) as Input;
    if (flow === "USER_PASSWORD_AUTH") {
      allowed(client, flow, parameters, ["USERNAME", "PASSWORD"]);
      return byPassword(pool, client, required(parameters, "USERNAME"), required(parameters, "PASSWORD"));
    }
    if (flow !== "REFRESH_TOKEN_AUTH" && flow !== "REFRESH_TOKEN") throw notImitated(`InitiateAuth with ${flow}`);
    allowed(client, "REFRESH_TOKEN_AUTH", parameters, ["REFRESH_TOKEN"]);
    return byRefreshToken(pool, client, required(parameters, "REFRESH_TOKEN"));
  }

  async function byPassword(pool: Pool, client: ClientConfig, name: string, password: string): Promise<object> {
    const found = findUser(pool, name);
    if (found === undefined && client.tellsWhoExists) throw awsError("UserNotFoundException", "User does not exist.");
    const right = await isPassword(password, found?.password);
    if (found === undefined || !right) throw notAuthorized("Incorrect username or password.");
    if (!found.enabled) throw notAuthorized("User is disabled.");
    if (found.status === "CONFIRMED") return result(await signedIn(pool, client, found));
    if ((found.passwordUntil ?? 0) < pool.clock.now())
      throw notAuthorized("Temporary password has expired and must be reset by an administrator.");
    return challenge(pool, client, found);
  }

  function challenge({ clock }: Pool, client: ClientConfig, { username, attributes }: User): object {
    for (const [session, { until }] of challenges) if (until < clock.now()) challenges.delete(session);
    const Session = randomBytes(64).toString("base64url");
    challenges.set(Session, { username, clientId: client.id, until: clock.now() + client.challengeSeconds * 1_000 });
    return {
      ChallengeName: "NEW_PASSWORD_REQUIRED",
      Session,
      ChallengeParameters: {
        USER_ID_FOR_SRP: username,
        requiredAttributes: "[]",
        userAttributes: JSON.stringify(attributes),
      },
    };
  }

  async function respond(pool: Pool, input: Input): Promise<object> {
    const { config, clock, store } = pool;
    const client = theClient(pool, required(input, "ClientId"));
    const name = required(input, "ChallengeName");
    if (name !== "NEW_PASSWORD_REQUIRED") throw notImitated(`RespondToAuthChallenge with ${name}`);
    const responses = (input.ChallengeResponses ?? {}) as Input;
    known(responses, ["USERNAME", "NEW_PASSWORD"], "RespondToAuthChallenge");
    const session = required(input, "Session");
    const waiting = challenges.get(session);
    const user = findUser(pool, required(responses, "USERNAME"));
    if (waiting === undefined || waiting.clientId !== client.id || waiting.username !== user?.username)
      throw notAuthorized("Invalid session for the user.");
    if (waiting.until < clock.now()) throw notAuthorized("Invalid session for the user, session is expired.");
    const given = required(responses, "NEW_PASSWORD");
    checkPassword(given, config.passwords);
    // One answer to one challenge.
    challenges.delete(session);
    const password = await hashed(given);
    const now: User = { ...theUser(pool, user.username), password, status: "CONFIRMED", changedAt: clock.now() };
    if (!now.enabled) throw notAuthorized("User is disabled.");
    store.putUser(now);
    return result(await signedIn(pool, client, now));
  }

  async function byRefreshToken(pool: Pool, client: ClientConfig, token: string): Promise<object> {
    const signIn = pool.store.signInOf(refreshHash(token));
    if (signIn === undefined || signIn.clientId !== client.id) throw notAuthorized("Invalid Refresh Token");
    if (signIn.until < pool.clock.now()) throw notAuthorized("Refresh Token has expired");
    if (signIn.revoked) throw notAuthorized("Refresh Token has been revoked");
    const user = theUser(pool, signIn.username);
    if (!user.enabled) throw notAuthorized("User is disabled.");
    return result(await freshTokens(pool, client, user, signIn));
  }

  /** An unknown token is as good as revoked (RFC 7009, 2.2). */
  function revoke(pool: Pool, input: Input): object {
    const client = theClient(pool, required(input, "ClientId"));
    const token = required(input, "Token");
    if (!client.revokes)
      throw awsError("UnsupportedOperationException", "Token revocation is not enabled for this client");
    if (token.split(".").length === 3)
      throw awsError("UnsupportedTokenTypeException", "Only refresh tokens are revoked");
    const signIn = pool.store.signInOf(refreshHash(token));
    if (signIn !== undefined && signIn.clientId !== client.id)
      throw awsError("UnauthorizedException", "The token is of another client");
    if (signIn !== undefined) pool.store.putSignIn({ ...signIn, revoked: true }, pool.clock.now());
    return {};
  }
}

async function getUser(pool: Pool, input: Input): Promise<object> {
  const { username, client_id } = await readAccessToken(pool, required(input, "AccessToken"));
  const user = theUser(pool, username);
  if (!user.enabled) throw notAuthorized("User is disabled.");
  const attributes = readable(theClient(pool, String(client_id)), user);
  return { Username: user.username, UserAttributes: attributeList({ sub: user.sub, ...attributes }) };
}

function allowed({ flows }: ClientConfig, flow: string, parameters: Input, taken: readonly string[]): void {
  if (!flows.includes(`ALLOW_${flow}`))
    throw awsError("InvalidParameterException", `${flow} flow not enabled for this client`);
  known(parameters, taken, "InitiateAuth");
}

function known(given: Input, taken: readonly string[], operation: string): void {
  const other = Object.keys(given).find((name) => !taken.includes(name));
  if (other !== undefined) throw notImitated(`${operation} with ${other}`);
}

const result = (AuthenticationResult: object): object => ({ ChallengeParameters: {}, AuthenticationResult });

const notAuthorized = (message: string) => awsError("NotAuthorizedException", message);
