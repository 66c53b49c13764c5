// operation: what an operation of Glue's API is: what it takes, what it needs, what it does.

import type { Need } from "../../door/service";
import type { Catalog } from "./catalog";
import type { CatalogArns } from "./catalog-arns";
import type { Crawlers } from "./crawlers";
import { invalid, refuseMore, type Shape } from "./shapes";

export interface Context {
  readonly catalog: Catalog;
  readonly crawlers: Crawlers;
  readonly account: string;
  readonly arns: CatalogArns;
  readonly now: () => number;
}

export interface GlueOperation {
  /** The inputs that are understood, beside CatalogId. */
  readonly takes: readonly string[];
  /** What it touches, for the journal. */
  readonly resource: (input: Shape) => string;
  readonly needs: (input: Shape, context: Context) => readonly Need[];
  readonly run: (input: Shape, context: Context) => Shape;
}

/** One page of `list`. The token is where the next one begins. */
export function paged(
  { MaxResults, NextToken, ...more }: Shape,
  most: number,
  member: string,
  list: readonly Shape[],
): Shape {
  refuseMore(member, more, []);
  const from = NextToken === undefined ? 0 : Number(NextToken);
  const count = Math.min(Number(MaxResults ?? most), most);
  if (!(count >= 1)) throw invalid(`MaxResults must be at least 1: it is ${MaxResults}`);
  if (!(from >= 0)) throw invalid("NextToken is not one of ours");
  const next = from + count;
  return { [member]: list.slice(from, next), ...(next < list.length ? { NextToken: String(next) } : {}) };
}
