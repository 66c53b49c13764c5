// Tokens before the gateway: the good ones, and every way of being no good.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { type TestContext, test } from "node:test";
import type { JWTPayload } from "jose";
import { audience, claims, gateway, issuer, scope, seconds, signed, signer } from "./fixture";

const echo = "exports.handler = async (event) => event;";
const authorizer = { issuer, audiences: ["another", audience], scopes: [scope] };

test("a token is taken with and without Bearer, and its claims reach the function as texts", async (t) => {
  const { ask, own, record } = await guarded(t);
  const token = await signed(own);
  for (const header of [token, `Bearer ${token}`, `bearer ${token}`]) {
    const answer = await ask(header);
    assert.equal(answer.status, 200, header.slice(0, 10));
    assert.deepEqual(JSON.parse(answer.text).requestContext.authorizer, {
      jwt: {
        claims: {
          sub: "ada",
          iss: issuer,
          client_id: audience,
          token_use: "access",
          scope,
          "cognito:groups": "[seller:acme seller:berg]",
          auth_time: String(seconds - 10),
          iat: String(seconds),
          exp: String(seconds + 3_600),
        },
        scopes: [scope],
      },
    });
  }
  assert.equal(record.entries.at(-1)?.principal, "ada");
});

/** What a changed claim makes of a token that is otherwise good. */
const cases: [string, JWTPayload, number, RegExp][] = [
  ["expired", { exp: seconds - 1 }, 401, /the token has expired/],
  ["expiring now", { exp: seconds }, 401, /the token has expired/],
  ["without end", { exp: undefined as unknown as number }, 401, /exp/],
  ["not good yet", { nbf: seconds + 1 }, 401, /nbf/],
  ["issued in the future", { iat: seconds + 1 }, 401, /future/],
  ["of another issuer", { iss: `${issuer}2` }, 401, /issuer/],
  ["of an issuer with a slash", { iss: `${issuer}/` }, 401, /issuer/],
  ["of another client", { client_id: "stranger" }, 401, /the token does not have a valid audience/],
  ["of no client", { client_id: undefined }, 401, /audience/],
  ["with an aud that wins over its client_id", { aud: "stranger" }, 401, /audience/],
  ["with a good aud", { aud: ["x", audience], client_id: "stranger" }, 200, /^$/],
  ["of another scope", { scope: "openid email" }, 403, /insufficient_scope/],
  ["of no scope", { scope: undefined }, 403, /insufficient_scope/],
  ["of a scope that only begins so", { scope: `${scope}.more` }, 403, /insufficient_scope/],
  ["of several scopes", { scope: `openid ${scope}` }, 200, /^$/],
];

for (const [what, changes, status, description] of cases) {
  test(`a token ${what} is answered with ${status}`, async (t) => {
    const { ask, own } = await guarded(t);
    const answer = await ask(`Bearer ${await signed(own, changes)}`);
    assert.equal(answer.status, status);
    assert.match(answer.challenge ?? "", description);
    if (status === 401) assert.equal(answer.text, '{"message":"Unauthorized"}');
    if (status === 403) assert.equal(answer.text, '{"message":"Forbidden"}');
  });
}

test("an ID token is forbidden: it has no scope", async (t) => {
  const { ask, own } = await guarded(t);
  const id = { aud: audience, client_id: undefined, scope: undefined, token_use: "id" };
  assert.equal((await ask(await signed(own, id))).status, 403);
});

test("a request without a token is told what is missing", async (t) => {
  const { ask } = await guarded(t);
  for (const header of [undefined, "", "Bearer", "Bearer "]) {
    const answer = await ask(header);
    assert.deepEqual([answer.status, answer.text, answer.challenge], [401, '{"message":"Unauthorized"}', "Bearer"]);
  }
});

test("a forged token is refused, and no function is woken", async (t) => {
  const { ask, own, record } = await guarded(t);
  const good = await signed(own);
  const [head = "", body = "", signature = ""] = good.split(".");
  const mallory = signer("own");
  const pem = String(own.publicKey.export({ type: "spki", format: "pem" }));
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const hs256 = `${encoded({ alg: "HS256", kid: "own" })}.${body}`;
  const forged = {
    "another key of the same name": await signed(mallory),
    "a key that nobody publishes": await signed({ ...own, kid: "other" }),
    "no algorithm": `${encoded({ alg: "none" })}.${body}.`,
    "no algorithm, in capitals": `${encoded({ alg: "NONE", kid: "own" })}.${body}.`,
    "HS256 with the public key": `${hs256}.${createHmac("sha256", pem).update(hs256).digest("base64url")}`,
    "another algorithm in its head": `${encoded({ alg: "RS512", kid: "own" })}.${body}.${signature}`,
    "a key of its own": `${encoded({ alg: "RS256", jwk: mallory.keys.keys[0] })}.${(await signed(mallory)).slice(head.length + 1)}`,
    "changed claims": `${head}.${encoded({ ...claims, sub: "bob" })}.${signature}`,
    "no signature": `${head}.${body}.`,
    "two parts": `${head}.${body}`,
    nonsense: "nonsense",
    "a password": "Basic YWRhOnNlY3JldA==",
    "two tokens": `${good}, ${good}`,
  };
  for (const [what, token] of Object.entries(forged)) {
    const answer = await ask(`Bearer ${token}`);
    assert.deepEqual([answer.status, answer.text], [401, '{"message":"Unauthorized"}'], what);
    assert.match(answer.challenge ?? "", /^Bearer scope="" error="invalid_token" error_description="[^"]+"$/, what);
  }
  assert.equal(
    record.entries.some(({ service }) => service === "lambda"),
    false,
  );
  assert.equal(
    record.entries.every(({ principal }) => principal === "anonymous"),
    true,
  );
  assert.equal(JSON.stringify(record.entries).includes(signature), false, "no token is in the journal");
});

test("a token expires while the gateway runs", async (t) => {
  const { ask, own, clock } = await guarded(t);
  const token = await signed(own);
  clock.advance(3_599_000);
  assert.equal((await ask(token)).status, 200);
  clock.advance(1_000);
  assert.equal((await ask(token)).status, 401);
});

test("a route that asks for no scope takes an ID token, and one without an authorizer anybody", async (t) => {
  const { ask, own } = await guarded(t);
  const id = await signed(own, { aud: audience, client_id: undefined, scope: undefined });
  const answer = await ask(id, "/any-scope");
  assert.equal(answer.status, 200);
  assert.equal(JSON.parse(answer.text).requestContext.authorizer.jwt.scopes, null);
  assert.equal((await ask(undefined, "/open")).status, 200);
});

async function guarded(t: TestContext) {
  const functionName = "echo";
  const opened = await gateway(t, { echo }, [
    { key: "GET /orders", functionName, authorizer },
    { key: "GET /any-scope", functionName, authorizer: { ...authorizer, scopes: [] } },
    { key: "GET /open", functionName },
  ]);
  return {
    ...opened,
    async ask(authorization: string | undefined, path = "/orders") {
      const answer = await fetch(opened.url + path, { headers: authorization === undefined ? {} : { authorization } });
      return { status: answer.status, challenge: answer.headers.get("www-authenticate"), text: await answer.text() };
    },
  };
}
