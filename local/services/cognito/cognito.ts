// cognito: user pools, as far as a program's own sellers sign in to them - users and groups by an administrator, sign-in by
// password, tokens that anybody can verify with the pool's public keys.
//
//   administrator ──(signed)──> users, groups          everybody ──(unsigned)──> sign-in ──> access, ID and refresh token
//
// Everything lies in the data directory: passwords as hashes, the key in a file of its own, both for its owner alone.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { decodeJwt, type JSONWebKeySet } from "jose";
import type { Clock } from "../../clock";
import { awsError, type Incoming, type Need, type Operation, type Service } from "../../door/service";
import { inputOf, jsonAnswer, jsonRefusal, targetOf } from "../json-protocol";
import { adminOperations } from "./admin-operations";
import { type Imitation, type Input, notImitated } from "./imitation";
import { openOperations } from "./open-operations";
import { noClient, type Pool } from "./pool";
import type { PoolConfig } from "./pool-config";
import { poolKey } from "./pool-key";
import { poolStore } from "./pool-store";

export interface Cognito extends Service {
  /** Creates the pool, or takes it up again as an earlier start left it. */
  createPool(config: PoolConfig): Promise<void>;
  /** What an issuer's `/.well-known/jwks.json` says, where it is one of the pools. */
  keysOf(issuer: string): JSONWebKeySet | undefined;
}

export interface CognitoOptions {
  readonly directory: string;
  readonly region: string;
  readonly account: string;
  readonly clock: Clock;
}

/** Cognito takes them unsigned as well; here they are refused by name. */
const otherOpenOperations = [
  "SignUp",
  "ConfirmSignUp",
  "ResendConfirmationCode",
  "ForgotPassword",
  "ConfirmForgotPassword",
  "ChangePassword",
  "GlobalSignOut",
  "GetTokensFromRefreshToken",
  "UpdateUserAttributes",
  "AssociateSoftwareToken",
  "VerifySoftwareToken",
  "SetUserMFAPreference",
  "DeleteUser",
];

export function cognito({ directory, region, account, clock }: CognitoOptions): Cognito {
  mkdirSync(directory, { recursive: true });
  const pools = new Map<string, Pool>();
  const open = openOperations();
  const operations: Readonly<Record<string, Imitation>> = { ...adminOperations, ...open };

  return {
    name: "cognito-idp",
    unsigned: {
      target: "AWSCognitoIdentityProviderService",
      operations: [...Object.keys(open), ...otherOpenOperations],
    },
    refusal: jsonRefusal,
    operation,
    async createPool(config) {
      const file = join(directory, config.id);
      pools.set(config.id, { config, store: poolStore(`${file}.json`), key: await poolKey(`${file}.pem`), clock });
    },
    keysOf: (issuer) => [...pools.values()].find(({ config }) => config.issuer === issuer)?.key.published,
  };

  async function operation(request: Incoming): Promise<Operation> {
    const name = targetOf(request);
    const input = await inputOf(request);
    const imitation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (imitation === undefined) throw notImitated(name);
    const other = Object.keys(input).find((key) => input[key] !== undefined && !imitation.inputs.includes(key));
    if (other !== undefined) throw notImitated(`${name} with ${other}`);
    const pool = poolOf(imitation, input);
    const { UserPoolId } = input;
    return {
      name,
      // Never the name of a user: the journal is for whoever may read the laptop's files, and a name is an e-mail address.
      resource: pool?.config.id ?? String(UserPoolId ?? ""),
      needs: imitation.by === "UserPoolId" ? [needOf(name, String(UserPoolId))] : [],
      run: async () => {
        if (pool === undefined) throw noPool(imitation, input);
        return jsonAnswer(await imitation.run(pool, input));
      },
    };
  }

  function poolOf({ by }: Imitation, input: Input): Pool | undefined {
    if (by === "UserPoolId") return pools.get(String(input.UserPoolId));
    const all = [...pools.values()];
    if (by === "ClientId") return all.find(({ config }) => config.clients.some(({ id }) => id === input.ClientId));
    const issuer = issuerOf(String(input.AccessToken));
    return all.find(({ config }) => config.issuer === issuer);
  }

  function needOf(name: string, id: string): Need {
    return { action: `cognito-idp:${name}`, resource: `arn:aws:cognito-idp:${region}:${account}:userpool/${id}` };
  }
}

function noPool({ by }: Imitation, { UserPoolId, ClientId }: Input): Error {
  if (by === "AccessToken") return awsError("NotAuthorizedException", "Invalid Access Token");
  if (by === "ClientId") return noClient(String(ClientId));
  return awsError("ResourceNotFoundException", `User pool ${UserPoolId} does not exist.`);
}

/** As the token says, before anything of it is believed. */
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}
