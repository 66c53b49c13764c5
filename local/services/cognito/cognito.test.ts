// User pools with the real client: administrators sign, users do not.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  type AdminCreateUserCommandInput,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  CognitoIdentityProviderClient as Client,
  type CognitoIdentityProviderClient,
  CreateGroupCommand,
  GetUserCommand,
  InitiateAuthCommand,
  type InitiateAuthCommandInput,
  ListUsersCommand,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import { clientConfig, clientId, pool, poolConfig, poolId } from "./fixture";

const password = "correct Horse 4 battery";
const UserPoolId = poolId;
const ClientId = clientId;

test("a user whom an administrator has created signs in, and the tokens hold what Cognito's hold", async (t) => {
  const { client, service, clock } = await pool(t);
  await createUser(client, "ada", { UserAttributes: [{ Name: "email", Value: "ada@acme.example" }] });
  await client.send(new AdminAddUserToGroupCommand({ UserPoolId, Username: "ada", GroupName: "seller:acme" }));
  const { AccessToken = "", IdToken = "", RefreshToken, ExpiresIn, TokenType } = await signIn(client, "ada");
  assert.deepEqual([ExpiresIn, TokenType], [3_600, "Bearer"]);
  assert.ok(RefreshToken);

  const keys = createLocalJWKSet(service.keysOf(poolConfig.issuer) ?? { keys: [] });
  const currentDate = new Date(clock.now());
  const access = (await jwtVerify(AccessToken, keys, { issuer: poolConfig.issuer, currentDate })).payload;
  const { sub, jti, event_id, origin_jti, ...rest } = access;
  for (const id of [sub, jti, event_id, origin_jti]) assert.match(String(id), /^[0-9a-f-]{36}$/);
  const now = clock.now() / 1_000;
  assert.deepEqual(rest, {
    "cognito:groups": ["seller:acme"],
    iss: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Sellers01",
    client_id: ClientId,
    token_use: "access",
    scope: "aws.cognito.signin.user.admin",
    auth_time: now,
    iat: now,
    exp: now + 3_600,
    username: "ada",
  });
  const id = (await jwtVerify(IdToken, keys, { issuer: poolConfig.issuer, audience: ClientId, currentDate })).payload;
  assert.deepEqual(
    [id.sub, id.token_use, id["cognito:username"], id["cognito:groups"], id.email, id.origin_jti, id.scope],
    [sub, "id", "ada", ["seller:acme"], "ada@acme.example", origin_jti, undefined],
  );
});

test("who is not known and who has the wrong password are told the same", async (t) => {
  const { client } = await pool(t);
  await createUser(client, "ada");
  const same = { name: "NotAuthorizedException", message: "Incorrect username or password." };
  for (const [name, given] of [
    ["ada", "another Horse 4 battery"],
    ["ada", `${password} `],
    ["nobody", password],
    ["__proto__", password],
  ] as const)
    await assert.rejects(signIn(client, name, given), same, name);
});

test("a client that does not hide it tells who is not known", async (t) => {
  const { client } = await pool(t, { clients: [{ ...clientConfig, tellsWhoExists: true }] });
  await assert.rejects(signIn(client, "nobody"), { name: "UserNotFoundException", message: "User does not exist." });
});

test("users sign in without a signature, and administrators with one", async (t) => {
  const { client, config, record } = await pool(t);
  await createUser(client, "ada");
  await signIn(client, "ada");
  assert.deepEqual(
    record.entries.map(({ operation, principal, resource }) => [operation, principal, resource]),
    [
      ["AdminCreateUser", "principal-1", UserPoolId],
      ["AdminSetUserPassword", "principal-1", UserPoolId],
      ["InitiateAuth", "anonymous", UserPoolId],
    ],
  );

  for (const [operation, status, type] of [
    ["AdminGetUser", 403, "MissingAuthenticationTokenException"],
    ["ListUsers", 403, "MissingAuthenticationTokenException"],
    ["constructor", 403, "MissingAuthenticationTokenException"],
    ["InitiateAuth", 400, "InvalidParameterException"],
  ] as const) {
    const answer = await fetch(config().endpoint, {
      method: "POST",
      headers: { "x-amz-target": `AWSCognitoIdentityProviderService.${operation}` },
      body: JSON.stringify({ ...(operation === "InitiateAuth" ? { ClientId } : { UserPoolId, Username: "ada" }) }),
    });
    assert.equal(answer.status, status, operation);
    assert.match(await answer.text(), new RegExp(type.replace("Exception", "")), operation);
  }
});

test("a signature that is there must be right, also where none is needed", async (t) => {
  const { config } = await pool(t);
  const answer = await fetch(config().endpoint, {
    method: "POST",
    headers: {
      "x-amz-target": "AWSCognitoIdentityProviderService.GetUser",
      "x-amz-date": "20260101T000000Z",
      authorization:
        "AWS4-HMAC-SHA256 Credential=AKIAMALLORY/20260101/eu-central-1/cognito-idp/aws4_request, SignedHeaders=host, Signature=0",
    },
    body: "{}",
  });
  assert.equal(answer.status, 403);
  assert.match(await answer.text(), /UnrecognizedClientException|InvalidClientTokenId/);
});

test("an administrator does what the policy allows on the pool, and nothing else", async (t) => {
  const { config } = await pool(t);
  const may = { action: "cognito-idp:ListUsers", resource: poolConfig.arn };
  const client = new Client(config(may));
  assert.deepEqual((await client.send(new ListUsersCommand({ UserPoolId }))).Users, []);
  const denied = { name: "AccessDeniedException" };
  await assert.rejects(client.send(new ListUsersCommand({ UserPoolId: "eu-central-1_Another01" })), denied);
  await assert.rejects(createUser(client, "ada"), denied);
});

test("a password that the policy does not want is refused with its reason", async (t) => {
  const { client } = await pool(t);
  await createUser(client, "ada");
  for (const [Password, reason] of [
    ["aA1!", "Password not long enough"],
    ["ALL UPPER 4 EVER", "Password must have lowercase characters"],
    ["all lower 4 ever", "Password must have uppercase characters"],
    ["No Numbers at all", "Password must have numeric characters"],
    ["NoSymbolsAtAll4", "Password must have symbol characters"],
  ] as const) {
    const refused = { name: "InvalidPasswordException", message: `Password did not conform with policy: ${reason}` };
    const set = new AdminSetUserPasswordCommand({ UserPoolId, Username: "ada", Password, Permanent: true });
    await assert.rejects(client.send(set), refused);
    const create = new AdminCreateUserCommand({
      UserPoolId,
      Username: "bob",
      TemporaryPassword: Password,
      MessageAction: "SUPPRESS",
    });
    await assert.rejects(client.send(create), refused);
  }
});

test("a temporary password asks for another one, once, and only until it expires", async (t) => {
  const { client, clock } = await pool(t);
  const temporary = "temporary Horse 5";
  const user = { UserPoolId, Username: "ada" };
  await client.send(new AdminCreateUserCommand({ ...user, TemporaryPassword: temporary, MessageAction: "SUPPRESS" }));
  const asked = await initiate(client, { USERNAME: "ada", PASSWORD: temporary });
  assert.deepEqual([asked.ChallengeName, asked.AuthenticationResult], ["NEW_PASSWORD_REQUIRED", undefined]);
  const answer = (NEW_PASSWORD: string, USERNAME = "ada", Session = asked.Session) =>
    client.send(
      new RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName: "NEW_PASSWORD_REQUIRED",
        Session,
        ChallengeResponses: { USERNAME, NEW_PASSWORD },
      }),
    );
  await assert.rejects(answer("weak"), { name: "InvalidPasswordException" });
  await assert.rejects(answer(password, "bob"), { name: "NotAuthorizedException" });
  await assert.rejects(answer(password, "ada", "another session of twenty"), { name: "NotAuthorizedException" });
  assert.ok((await answer(password)).AuthenticationResult?.AccessToken);
  await assert.rejects(answer(password), {
    name: "NotAuthorizedException",
    message: "Invalid session for the user.",
  });
  assert.ok((await signIn(client, "ada")).AccessToken);
  await assert.rejects(signIn(client, "ada", temporary), { name: "NotAuthorizedException" });

  await client.send(new AdminSetUserPasswordCommand({ ...user, Password: temporary, Permanent: false }));
  const { Session } = await initiate(client, { USERNAME: "ada", PASSWORD: temporary });
  clock.advance(181_000);
  await assert.rejects(answer(password, "ada", Session), {
    message: "Invalid session for the user, session is expired.",
  });
  clock.advance(7 * 86_400_000);
  await assert.rejects(signIn(client, "ada", temporary), {
    message: "Temporary password has expired and must be reset by an administrator.",
  });
});

test("a refresh token gives fresh tokens of the same sign-in, until it expires", async (t) => {
  const { client, clock } = await pool(t);
  await createUser(client, "ada");
  const { AccessToken = "", RefreshToken = "" } = await signIn(client, "ada");
  clock.advance(3_600_000);
  await assert.rejects(client.send(new GetUserCommand({ AccessToken })), {
    name: "NotAuthorizedException",
    message: "Access Token has expired",
  });
  const fresh = await refresh(client, RefreshToken);
  assert.equal(fresh?.RefreshToken, undefined);
  const [first, second] = [AccessToken, fresh?.AccessToken ?? ""].map((token) => decodeJwt(token));
  assert.deepEqual([second?.origin_jti, second?.auth_time], [first?.origin_jti, first?.auth_time]);
  assert.equal(second?.iat, (first?.iat ?? 0) + 3_600);
  assert.notEqual(second?.jti, first?.jti);

  clock.advance(86_400_000);
  const expired = { name: "NotAuthorizedException", message: "Refresh Token has expired" };
  await assert.rejects(refresh(client, RefreshToken), expired);
  await assert.rejects(refresh(client, AccessToken), { message: "Invalid Refresh Token" });
});

test("a revoked refresh token, and what came of it, is good for nothing in the pool", async (t) => {
  const { client } = await pool(t);
  await createUser(client, "ada");
  const { AccessToken = "", RefreshToken = "" } = await signIn(client, "ada");
  const other = await signIn(client, "ada");
  const who = await client.send(new GetUserCommand({ AccessToken }));
  assert.deepEqual([who.Username, who.UserAttributes?.map(({ Name }) => Name)], ["ada", ["sub"]]);

  await client.send(new RevokeTokenCommand({ Token: RefreshToken, ClientId }));
  await assert.rejects(refresh(client, RefreshToken), { message: "Refresh Token has been revoked" });
  await assert.rejects(client.send(new GetUserCommand({ AccessToken })), { message: "Access Token has been revoked" });
  assert.ok(await refresh(client, other.RefreshToken ?? ""));
  await client.send(new RevokeTokenCommand({ Token: "unknown", ClientId }));
  await assert.rejects(client.send(new RevokeTokenCommand({ Token: AccessToken, ClientId })), {
    name: "UnsupportedTokenTypeException",
  });

  await client.send(new AdminUserGlobalSignOutCommand({ UserPoolId, Username: "ada" }));
  await assert.rejects(refresh(client, other.RefreshToken ?? ""), { message: "Refresh Token has been revoked" });
});

test("GetUser takes the pool's own access tokens and nothing else", async (t) => {
  const { client } = await pool(t);
  await createUser(client, "ada");
  const { AccessToken = "", IdToken = "" } = await signIn(client, "ada");
  const [head, body = "", signature] = AccessToken.split(".");
  const changed = Buffer.from(body, "base64url").toString().replace('"ada"', '"bob"');
  const forged = [head, Buffer.from(changed).toString("base64url"), signature].join(".");
  for (const token of [IdToken, forged, "nonsense", `${AccessToken}x`])
    await assert.rejects(client.send(new GetUserCommand({ AccessToken: token })), {
      name: "NotAuthorizedException",
      message: "Invalid Access Token",
    });
});

test("a client shows the attributes that it may read, and no others", async (t) => {
  const { client } = await pool(t, { clients: [{ ...clientConfig, reads: ["email", "email_verified"] }] });
  const UserAttributes = [
    { Name: "email", Value: "ada@acme.example" },
    { Name: "email_verified", Value: "true" },
    { Name: "birthdate", Value: "1815-12-10" },
  ];
  await createUser(client, "ada", { UserAttributes });
  const { AccessToken = "", IdToken = "" } = await signIn(client, "ada");
  const { email, email_verified, birthdate } = decodeJwt(IdToken);
  assert.deepEqual([email, email_verified, birthdate], ["ada@acme.example", true, undefined]);
  const seen = (await client.send(new GetUserCommand({ AccessToken }))).UserAttributes ?? [];
  assert.deepEqual(
    seen.map(({ Name }) => Name),
    ["sub", "email", "email_verified"],
  );
  const all = await client.send(new AdminGetUserCommand({ UserPoolId, Username: "ada" }));
  assert.equal(
    all.UserAttributes?.some(({ Name }) => Name === "birthdate"),
    true,
  );
});

test("a user who is disabled or deleted neither signs in nor goes on", async (t) => {
  const { client } = await pool(t);
  await createUser(client, "ada");
  const user = { UserPoolId, Username: "ada" };
  const { RefreshToken = "" } = await signIn(client, "ada");
  await client.send(new AdminDisableUserCommand(user));
  await assert.rejects(signIn(client, "ada"), { name: "NotAuthorizedException", message: "User is disabled." });
  await assert.rejects(refresh(client, RefreshToken), { name: "NotAuthorizedException" });
  assert.equal((await client.send(new AdminGetUserCommand(user))).Enabled, false);
  await client.send(new AdminEnableUserCommand(user));
  const again = await signIn(client, "ada");

  await client.send(new AdminDeleteUserCommand(user));
  await assert.rejects(signIn(client, "ada"), { message: "Incorrect username or password." });
  await assert.rejects(refresh(client, again.RefreshToken ?? ""), { message: "Invalid Refresh Token" });
  await assert.rejects(client.send(new AdminGetUserCommand(user)), { name: "UserNotFoundException" });
});

test("groups come from the program or by hand, and leave the next token of who is taken out", async (t) => {
  const { client } = await pool(t);
  await createUser(client, "ada");
  const user = { UserPoolId, Username: "ada" };
  await client.send(new CreateGroupCommand({ UserPoolId, GroupName: "seller:berg", Precedence: 1 }));
  for (const GroupName of ["seller:acme", "seller:berg", "seller:berg"])
    await client.send(new AdminAddUserToGroupCommand({ ...user, GroupName }));
  const groups = async () => decodeJwt((await signIn(client, "ada")).AccessToken ?? "")["cognito:groups"];
  assert.deepEqual(await groups(), ["seller:berg", "seller:acme"]);
  await client.send(new AdminRemoveUserFromGroupCommand({ ...user, GroupName: "seller:berg" }));
  assert.deepEqual(await groups(), ["seller:acme"]);
  await client.send(new AdminRemoveUserFromGroupCommand({ ...user, GroupName: "seller:acme" }));
  assert.equal(await groups(), undefined);

  for (const GroupName of ["seller:acme", "seller:berg"])
    await assert.rejects(client.send(new CreateGroupCommand({ UserPoolId, GroupName })), {
      name: "GroupExistsException",
    });
  await assert.rejects(client.send(new AdminAddUserToGroupCommand({ ...user, GroupName: "seller:none" })), {
    name: "ResourceNotFoundException",
    message: "Group not found.",
  });
});

test("a user is one user in any case, and by e-mail where the pool says so", async (t) => {
  const { client } = await pool(t, { emailAsUsername: true });
  const { User } = await client.send(create("ada@acme.example"));
  assert.match(User?.Username ?? "", /^[0-9a-f-]{36}$/);
  await client.send(
    new AdminSetUserPasswordCommand({ UserPoolId, Username: "Ada@acme.example", Password: password, Permanent: true }),
  );
  assert.equal(decodeJwt((await signIn(client, "ADA@acme.example")).AccessToken ?? "").username, User?.Username);
  await assert.rejects(client.send(create("Ada@Acme.example")), { name: "UsernameExistsException" });
  await assert.rejects(client.send(create("ada")), { message: "Username should be an email." });
});

test("users are listed page by page", async (t) => {
  const { client } = await pool(t);
  for (const name of ["ada", "bob", "cyd"]) await client.send(create(name));
  const seen: (string | undefined)[] = [];
  let PaginationToken: string | undefined;
  do {
    const page = await client.send(new ListUsersCommand({ UserPoolId, Limit: 2, PaginationToken }));
    seen.push(...(page.Users ?? []).map(({ Username }) => Username));
    ({ PaginationToken } = page);
  } while (PaginationToken !== undefined);
  assert.deepEqual(seen, ["ada", "bob", "cyd"]);
});

test("a restart finds users, sign-ins and the key, in files for their owner alone and without a password or token", async (t) => {
  const first = await pool(t);
  await createUser(first.client, "ada");
  const { AccessToken = "", RefreshToken = "" } = await signIn(first.client, "ada");
  const { client, service } = await pool(t, { directory: first.directory, clock: first.clock });
  assert.deepEqual(service.keysOf(poolConfig.issuer), first.service.keysOf(poolConfig.issuer));
  assert.equal((await client.send(new GetUserCommand({ AccessToken }))).Username, "ada");
  assert.ok(await refresh(client, RefreshToken));
  assert.ok((await signIn(client, "ada")).AccessToken);

  const files = readdirSync(first.directory).map((name) => join(first.directory, name));
  assert.equal(files.length, 2);
  for (const file of files) {
    assert.equal(statSync(file).mode & 0o777, 0o600, file);
    const content = readFileSync(file, "utf8");
    for (const secret of [password, RefreshToken]) assert.equal(content.includes(secret), false, file);
  }
  const journal = JSON.stringify(first.record.entries);
  for (const secret of [password, RefreshToken, "ada"]) assert.equal(journal.includes(secret), false);
});

test("a pool, a client or a flow that is not there is refused in Cognito's words", async (t) => {
  const { client } = await pool(t, { clients: [{ ...clientConfig, flows: ["ALLOW_REFRESH_TOKEN_AUTH"] }] });
  await assert.rejects(signIn(client, "ada"), {
    name: "InvalidParameterException",
    message: "USER_PASSWORD_AUTH flow not enabled for this client",
  });
  await assert.rejects(client.send(new ListUsersCommand({ UserPoolId: "eu-central-1_Another01" })), {
    name: "ResourceNotFoundException",
    message: "User pool eu-central-1_Another01 does not exist.",
  });
  const AuthParameters = { USERNAME: "ada", PASSWORD: password };
  const other = new InitiateAuthCommand({ AuthFlow: "USER_PASSWORD_AUTH", ClientId: "another", AuthParameters });
  await assert.rejects(client.send(other), {
    name: "ResourceNotFoundException",
    message: "User pool client another does not exist.",
  });
});

test("what is not imitated is refused by name", async (t) => {
  const { client } = await pool(t);
  const refusals = await Promise.all(
    [
      client.send(new SignUpCommand({ ClientId, Username: "ada", Password: password })),
      client.send(
        new InitiateAuthCommand({ AuthFlow: "USER_SRP_AUTH", ClientId, AuthParameters: { USERNAME: "ada" } }),
      ),
      client.send(new AdminCreateUserCommand({ UserPoolId, Username: "ada" })),
      client.send(new ListUsersCommand({ UserPoolId, Filter: 'email = "a"' })),
      initiate(client, { USERNAME: "ada", PASSWORD: password, SECRET_HASH: "hash" }),
    ].map((sent) => sent.catch(String)),
  );
  assert.deepEqual(refusals, [
    "NotImplemented: SignUp is not imitated",
    "NotImplemented: InitiateAuth with USER_SRP_AUTH is not imitated",
    "NotImplemented: AdminCreateUser without the MessageAction SUPPRESS is not imitated",
    "NotImplemented: ListUsers with Filter is not imitated",
    "NotImplemented: InitiateAuth with SECRET_HASH is not imitated",
  ]);
});

const create = (Username: string, more: Partial<AdminCreateUserCommandInput> = {}) =>
  new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: "SUPPRESS", ...more });

async function createUser(
  client: CognitoIdentityProviderClient,
  Username: string,
  more: Partial<AdminCreateUserCommandInput> = {},
): Promise<void> {
  await client.send(create(Username, more));
  await client.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: password, Permanent: true }));
}

const initiate = (
  client: CognitoIdentityProviderClient,
  AuthParameters: NonNullable<InitiateAuthCommandInput["AuthParameters"]>,
) => client.send(new InitiateAuthCommand({ AuthFlow: "USER_PASSWORD_AUTH", ClientId, AuthParameters }));

async function signIn(client: CognitoIdentityProviderClient, USERNAME: string, PASSWORD = password) {
  const { AuthenticationResult = {} } = await initiate(client, { USERNAME, PASSWORD });
  return AuthenticationResult;
}

async function refresh(client: CognitoIdentityProviderClient, REFRESH_TOKEN: string) {
  const AuthParameters = { REFRESH_TOKEN };
  const answer = await client.send(
    new InitiateAuthCommand({ AuthFlow: "REFRESH_TOKEN_AUTH", ClientId, AuthParameters }),
  );
  return answer.AuthenticationResult;
}
