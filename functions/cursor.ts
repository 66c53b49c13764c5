// cursor: where the next page of a list begins, as a text for the caller to hand back: the position of the last row, and a
// digest of it and of what was asked for.
//
// Nothing in it is a secret and it opens nothing: what it leads to is read with the rights of whoever brings it. The digest
// tells a cursor of another list, or one that was cut off, from one of this.

import { createHash } from "node:crypto";
import { is } from "valibot";
import { ErrorId } from "../schemas/feed-error";
import { Day } from "../schemas/parameters";
import { Seller } from "../schemas/seller";
import { problem } from "../stage/answer";

/** What a position may consist of. */
export type PositionType = "bigint" | "date" | "error" | "numeric" | "seller" | "text" | "time";

export const cursorOf = (filters: unknown, position: readonly string[]): string =>
  Buffer.from(JSON.stringify([digest(filters, position), ...position])).toString("base64url");

/** Throws the problem BadRequest where it is none of a list with these filters, whose rows have positions of these types. */
export function positionOf(cursor: string, filters: unknown, types: readonly PositionType[]): readonly string[] {
  const [found, ...position] = textsOf(cursor);
  const fits = position.length === types.length && types.every((type, index) => isOf(type, position[index] ?? ""));
  if (fits && found === digest(filters, position)) return position;
  const errors = [{ in: "query", field: "cursor", reason: "is none of this list with these filters" }];
  throw problem("BadRequest", "Cannot go on from this cursor: begin again without one", { errors });
}

/** Nothing where it is something else. */
function textsOf(cursor: string): string[] {
  try {
    const list: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    return Array.isArray(list) && list.every((it) => typeof it === "string") ? list : [];
  } catch {
    return [];
  }
}

/** What is none, the database would refuse. */
function isOf(type: PositionType, text: string): boolean {
  if (type === "text") return !text.includes("\0");
  if (type === "date") return is(Day, text);
  if (type === "time") return is(Day, text.slice(0, 10)) && timeOfDay.test(text.slice(10));
  if (type === "error") return is(ErrorId, text);
  if (type === "seller") return is(Seller, text);
  if (type === "numeric") return /^-?\d{1,34}(?:\.\d{1,4})?$/.test(text);
  return /^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

/** Of a time in UTC with microseconds, as PostgreSQL has them. */
const timeOfDay = /^T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z$/;

const digest = (filters: unknown, position: readonly string[]): string =>
  createHash("sha256")
    .update(JSON.stringify([filters, position]))
    .digest("base64url")
    .slice(0, 16);
