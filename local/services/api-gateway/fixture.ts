// fixture: a gateway in front of small functions, with an issuer of its own, for tests.

import { generateKeyPairSync, type KeyObject } from "node:crypto";
import type { TestContext } from "node:test";
import { type JSONWebKeySet, type JWTPayload, SignJWT } from "jose";
import { runner } from "../lambda/fixture";
import type { ApiConfig, RouteConfig } from "./api-config";
import { type ApiGatewayOptions, openApiGateway } from "./api-gateway";

export const issuer = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Sellers01";
export const audience = "client0of0the0api";
export const scope = "aws.cognito.signin.user.admin";

/** Of whoever signs tokens; RSA, 2,048 bits. */
export function signer(kid: string) {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const jwk = { ...publicKey.export({ format: "jwk" }), kid, alg: "RS256", use: "sig" };
  const keys = { keys: [jwk] } as JSONWebKeySet;
  return { kid, privateKey, publicKey, keys };
}

/** The clock of tests stands at the first of January 2026, and so these are good for an hour. */
export const seconds = Date.UTC(2026, 0, 1) / 1_000;

export const claims: JWTPayload = {
  sub: "ada",
  iss: issuer,
  client_id: audience,
  token_use: "access",
  scope,
  "cognito:groups": ["seller:acme", "seller:berg"],
  auth_time: seconds - 10,
  iat: seconds,
  exp: seconds + 3_600,
};

export const signed = (
  { kid, privateKey }: { kid: string; privateKey: KeyObject },
  changes: JWTPayload = {},
): Promise<string> => {
  const entries = Object.entries({ ...claims, ...changes }).filter(([, value]) => value !== undefined);
  return new SignJWT(Object.fromEntries(entries)).setProtectedHeader({ alg: "RS256", kid }).sign(privateKey);
};

type Options = Partial<Omit<ApiGatewayOptions, "api" | "lambda" | "keysOf">>;

/** `functions` are texts of `__index.js` by name; a route says which it wakes. */
export async function gateway(
  t: TestContext,
  functions: Readonly<Record<string, string>>,
  routes: readonly (Pick<RouteConfig, "key" | "functionName"> & Partial<RouteConfig>)[],
  { api: changes, ...options }: Options & { readonly api?: Partial<ApiConfig> } = {},
) {
  const { create, lambda, record, clock } = runner(t);
  for (const [name, text] of Object.entries(functions)) create(name, text, { memoryMb: 512 });
  const own = signer("own");
  const lines: string[] = [];
  const api: ApiConfig = {
    id: "api1234567",
    name: "api",
    account: "123456789012",
    region: "eu-central-1",
    executionArn: "arn:aws:execute-api:eu-central-1:123456789012:api1234567",
    routes: routes.map((route) => ({ timeoutMs: 30_000, refusal: () => undefined, ...route })),
    ...changes,
  };
  const opened = await openApiGateway({
    api,
    lambda,
    keysOf: (given) => (given === issuer ? own.keys : undefined),
    clock,
    journal: record,
    log: (line) => lines.push(line),
    ...options,
  });
  t.after(opened.end);
  return { ...opened, own, clock, lines, record, lambda };
}
