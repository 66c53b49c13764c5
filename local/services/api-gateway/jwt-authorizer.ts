// jwt-authorizer: whether a request carries a token that the API takes.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html, "Authorizing API requests"

import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import { refused } from "./answer";
import type { Authorizer } from "./api-config";

export interface Identity {
  /** As the function sees them: texts, all of them. */
  readonly claims: Readonly<Record<string, string>>;
  /** Those of the route that the token has; nothing where the route asks for none. */
  readonly scopes: readonly string[] | null;
}

/** `header` is `$request.header.Authorization`; throws the gateway's answer where it may not pass. */
export async function authorize(
  { issuer, audiences, scopes }: Authorizer,
  keys: JSONWebKeySet,
  header: string | undefined,
  now: number,
): Promise<Identity> {
  const token = header?.replace(/^Bearer(?:\s+|$)/i, "").trim() ?? "";
  // Without a token there is nothing to describe (RFC 6750, 3.1).
  if (token === "") throw refused(401, "there is no token", { "www-authenticate": "Bearer" });
  const currentDate = new Date(now);
  const options = { algorithms: ["RS256"], issuer, currentDate, requiredClaims: ["exp"] };
  const { payload } = await jwtVerify(token, createLocalJWKSet(keys), options).catch((error: unknown) => {
    throw unauthorized(descriptionOf(error));
  });
  const wrong = otherwiseWrong(payload, audiences, now);
  if (wrong !== undefined) throw unauthorized(wrong);
  const own = scopes.length === 0 ? null : scopesOf(payload).filter((scope) => scopes.includes(scope));
  if (own?.length === 0) throw forbidden(scopes);
  return { claims: texts(payload), scopes: own };
}

/** `client_id` counts only where there is no `aud`. */
function otherwiseWrong({ aud, client_id, iat }: JWTPayload, audiences: readonly string[], now: number) {
  const given = [aud ?? client_id].flat();
  if (!given.some((audience) => audiences.includes(String(audience))))
    return "the token does not have a valid audience";
  return iat !== undefined && iat * 1_000 > now ? "the token was issued in the future" : undefined;
}

/** The one example in AWS's documentation is the wrong audience; the other words are ours. */
function descriptionOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return "the token has expired";
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported)
    return "signing method is invalid";
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey)
    return "the signature is invalid";
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === "iss")
    return "the token does not have a valid issuer";
  if (error instanceof errors.JWTClaimValidationFailed) return `the claim ${error.claim} is invalid`;
  return "the token is malformed";
}

const unauthorized = (description: string) =>
  refused(401, description, {
    "www-authenticate": `Bearer scope="" error="invalid_token" error_description="${description}"`,
  });

const forbidden = (scopes: readonly string[]) =>
  refused(403, "the token does not have a scope of the route", {
    "www-authenticate": `Bearer scope="${scopes.join(" ")}" error="insufficient_scope" error_description="the token does not have a scope of the route"`,
  });

const scopesOf = ({ scope, scp }: JWTPayload): string[] =>
  [scope ?? scp ?? []].flat().flatMap((text) => String(text).split(" "));

/** A list becomes `[a b]`, as Go prints one. */
const texts = (payload: JWTPayload): Record<string, string> =>
  Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, textOf(value)]));

function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(" ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  return `map[${Object.entries(value)
    .map(([name, field]) => `${name}:${textOf(field)}`)
    .join(" ")}]`;
}
