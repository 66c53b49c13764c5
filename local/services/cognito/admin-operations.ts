// admin-operations: what somebody does who runs a pool - users, their passwords and their groups.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_Operations.html

import { randomUUID } from "node:crypto";
import { awsError } from "../../door/service";
import { type Imitation, type Input, notImitated, required } from "./imitation";
import { checkPassword, hashed, madePassword } from "./passwords";
import { findGroup, findUser, type Pool, theUser } from "./pool";
import type { User } from "./pool-store";

const oneUser = ["UserPoolId", "Username"];

const operations = {
  AdminCreateUser: {
    inputs: [...oneUser, "UserAttributes", "TemporaryPassword", "MessageAction"],
    run: createUser,
  },
  AdminGetUser: {
    inputs: oneUser,
    run: (pool, { Username }) => {
      const { Attributes, ...user } = shapeOf(theUser(pool, Username));
      return { ...user, UserAttributes: Attributes };
    },
  },
  AdminSetUserPassword: { inputs: [...oneUser, "Password", "Permanent"], run: setUserPassword },
  AdminEnableUser: { inputs: oneUser, run: (pool, input) => changed(pool, input, () => ({ enabled: true })) },
  AdminDisableUser: {
    inputs: oneUser,
    run(pool, input) {
      changed(pool, input, () => ({ enabled: false }));
      return signOut(pool, input);
    },
  },
  AdminDeleteUser: {
    inputs: oneUser,
    run(pool, { Username }) {
      pool.store.deleteUser(theUser(pool, Username).username);
      return {};
    },
  },
  AdminUserGlobalSignOut: { inputs: oneUser, run: signOut },
  AdminAddUserToGroup: {
    inputs: [...oneUser, "GroupName"],
    run: (pool, input) =>
      changed(pool, input, ({ groups }) => ({ groups: [...new Set([...groups, theGroup(pool, input)])] })),
  },
  AdminRemoveUserFromGroup: {
    inputs: [...oneUser, "GroupName"],
    run(pool, input) {
      const name = theGroup(pool, input);
      return changed(pool, input, ({ groups }) => ({ groups: groups.filter((each) => each !== name) }));
    },
  },
  CreateGroup: { inputs: ["UserPoolId", "GroupName", "Description", "Precedence"], run: createGroup },
  ListUsers: { inputs: ["UserPoolId", "Limit", "PaginationToken"], run: listUsers },
} satisfies Readonly<Record<string, Omit<Imitation, "by">>>;

export const adminOperations: Readonly<Record<string, Imitation>> = Object.fromEntries(
  Object.entries(operations).map(([name, operation]) => [name, { ...operation, by: "UserPoolId" }]),
);

async function createUser(pool: Pool, input: Input): Promise<object> {
  const { config, store, clock } = pool;
  const name = required(input, "Username");
  if (!isName(name)) throw awsError("InvalidParameterException", malformed("username"));
  // Cognito would send the user their temporary password.
  if (input.MessageAction !== "SUPPRESS") throw notImitated("AdminCreateUser without the MessageAction SUPPRESS");
  if (config.emailAsUsername && !isEmail(name))
    throw awsError("InvalidParameterException", "Username should be an email.");
  const attributes = attributesOf(input.UserAttributes);
  if (findUser(pool, name) !== undefined) throw awsError("UsernameExistsException", "User account already exists");
  const password = String(input.TemporaryPassword ?? madePassword(config.passwords));
  checkPassword(password, config.passwords);

  const sub = randomUUID();
  const now = clock.now();
  const user: User = {
    username: config.emailAsUsername ? sub : name,
    sub,
    attributes: config.emailAsUsername ? { ...attributes, email: name } : attributes,
    password: await hashed(password),
    passwordUntil: now + config.temporaryPasswordDays * day,
    status: "FORCE_CHANGE_PASSWORD",
    enabled: true,
    groups: [],
    createdAt: now,
    changedAt: now,
  };
  // Another request may have come meanwhile.
  if (findUser(pool, name) !== undefined) throw awsError("UsernameExistsException", "User account already exists");
  store.putUser(user);
  return { User: shapeOf(user) };
}

async function setUserPassword(pool: Pool, input: Input): Promise<object> {
  const { config, clock } = pool;
  const given = required(input, "Password");
  theUser(pool, input.Username);
  checkPassword(given, config.passwords);
  const password = await hashed(given);
  const permanent = input.Permanent === true;
  return changed(pool, input, () => ({
    password,
    status: permanent ? "CONFIRMED" : "FORCE_CHANGE_PASSWORD",
    passwordUntil: permanent ? Number.MAX_SAFE_INTEGER : clock.now() + config.temporaryPasswordDays * day,
  }));
}

/**
 * Every refresh token of the user ends here, and with it what GetUser takes. An access token stays good for routes until it
 * expires: nobody asks the pool.
 */
function signOut(pool: Pool, { Username }: Input): object {
  const { store, clock } = pool;
  const { username } = theUser(pool, Username);
  for (const signIn of store.signInsOf(username)) store.putSignIn({ ...signIn, revoked: true }, clock.now());
  return {};
}

function createGroup(pool: Pool, input: Input): object {
  const name = required(input, "GroupName");
  const { Description: description, Precedence: precedence, UserPoolId } = input;
  if (!isName(name)) throw awsError("InvalidParameterException", malformed("groupName"));
  if (findGroup(pool, name) !== undefined)
    throw awsError("GroupExistsException", "A group with the name already exists.");
  pool.store.putGroup({
    name,
    ...(typeof description === "string" ? { description } : {}),
    ...(typeof precedence === "number" ? { precedence } : {}),
  });
  return { Group: { GroupName: name, UserPoolId, Description: description, Precedence: precedence } };
}

/** The token is the name of the last user that was given. */
function listUsers({ store }: Pool, { Limit = 60, PaginationToken }: Input): object {
  const limit = Number(Limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 60)
    throw awsError("InvalidParameterException", `Limit is ${Limit}: it must be from 1 to 60`);
  const users = store.users();
  const after = PaginationToken === undefined ? -1 : users.findIndex(({ sub }) => sub === PaginationToken);
  if (PaginationToken !== undefined && after < 0)
    throw awsError("InvalidParameterException", "Invalid pagination token given");
  const page = users.slice(after + 1, after + 1 + limit);
  const more = after + 1 + limit < users.length;
  return { Users: page.map(shapeOf), ...(more ? { PaginationToken: page.at(-1)?.sub } : {}) };
}

function changed(pool: Pool, { Username }: Input, change: (user: User) => Partial<User>): object {
  const user = theUser(pool, Username);
  pool.store.putUser({ ...user, ...change(user), changedAt: pool.clock.now() });
  return {};
}

function theGroup(pool: Pool, input: Input): string {
  const name = required(input, "GroupName");
  if (findGroup(pool, name) === undefined) throw awsError("ResourceNotFoundException", "Group not found.");
  return name;
}

/** `custom:` attributes are of a pool's schema, which is not imitated. */
function attributesOf(given: unknown): Record<string, string> {
  const list = (given ?? []) as readonly { readonly Name?: unknown; readonly Value?: unknown }[];
  const attributes = Object.fromEntries(list.map(({ Name, Value = "" }) => [String(Name), String(Value)]));
  const other = Object.keys(attributes).find((name) => !standard.includes(name));
  if (other !== undefined)
    throw awsError("InvalidParameterException", `Attributes did not conform to the schema: ${other}`);
  return attributes;
}

/** https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims, less `sub`, which Cognito gives itself. */
const standard = (
  "name given_name family_name middle_name nickname preferred_username profile picture website email email_verified " +
  "gender birthdate zoneinfo locale phone_number phone_number_verified address updated_at"
).split(" ");

/** As AdminCreateUser and ListUsers have it. */
const shapeOf = ({ username, sub, attributes, enabled, status, createdAt, changedAt }: User) => ({
  Username: username,
  Attributes: attributeList({ sub, ...attributes }),
  UserCreateDate: createdAt / 1_000,
  UserLastModifiedDate: changedAt / 1_000,
  Enabled: enabled,
  UserStatus: status,
});

export const attributeList = (attributes: Readonly<Record<string, string>>) =>
  Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));

const day = 86_400_000;

/** Letters, marks, symbols, numbers and punctuation of any script; no spaces. */
const isName = (text: string): boolean => /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u.test(text);

const malformed = (member: string): string =>
  `1 validation error detected: Value at '${member}' failed to satisfy constraint: ` +
  "Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+";

const isEmail = (text: string): boolean => /^[^@\s]+@[^@\s]+$/.test(text);
