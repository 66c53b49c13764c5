// seller: who sells, as keys, tokens and rows name them. A seller is a group of the user pool, and its users see what is its
// own.

import { description, type InferOutput, is, pipe, regex, string } from "valibot";

/** Safe in an object's key, in a list with commas and in a shell. */
export const Seller = pipe(
  string(),
  regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, "must be lower-case letters, digits and hyphens, 63 at most"),
  description("A seller, as the group `seller:{seller}` of the user pool names it"),
);

export type Seller = InferOutput<typeof Seller>;

/** The group of the user pool whose members act for a seller. */
export const groupOf = (seller: Seller): string => `${groupPrefix}${seller}`;

/**
 * The sellers among the groups of a token. API Gateway hands a claim that is a list over as a text: `[seller:acme seller:berg]`
 * (measured by others; https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html says only
 * that claims are texts).
 */
export const sellersOf = (groups: string | undefined): Seller[] =>
  (groups ?? "")
    .replace(/^\[(.*)\]$/s, "$1")
    .split(/\s+/)
    .filter((group) => group.startsWith(groupPrefix))
    .map((group) => group.slice(groupPrefix.length))
    .filter((seller) => is(Seller, seller));

const groupPrefix = "seller:";
