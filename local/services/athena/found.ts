// found: what an operation speaks of - a query, a workgroup, a page of a list - or Athena's error where there is none.

import type { Execution } from "./execution";
import { invalidInput, invalidRequest } from "./invalid-request";
import type { Context } from "./operations";
import type { NamedQuery, Workgroup } from "./workgroups";

export type Input = Readonly<Record<string, unknown>>;

export const text = (value: unknown): string => (typeof value === "string" ? value : "");

export function executionOf({ QueryExecutionId }: Input, { executions }: Context): Execution {
  const execution = executions.find(text(QueryExecutionId));
  if (execution === undefined)
    throw invalidRequest("QUERY_EXECUTION_NOT_FOUND", `QueryExecution ${text(QueryExecutionId)} was not found`);
  return execution;
}

export function workgroupOf({ WorkGroup }: Input, { workgroups }: Context): Workgroup {
  const name = text(WorkGroup) || "primary";
  const workgroup = workgroups.get(name);
  if (workgroup === undefined) throw invalidRequest("WORKGROUP_NOT_FOUND", `WorkGroup ${name} is not found.`);
  return workgroup;
}

export function namedQueryOf({ NamedQueryId }: Input, { namedQueries }: Context): NamedQuery {
  const query = namedQueries.get(text(NamedQueryId));
  if (query === undefined)
    throw invalidRequest("NAMED_QUERY_NOT_FOUND", `NamedQuery ${text(NamedQueryId)} was not found`);
  return query;
}

/** A page of a list: `NextToken` is the place of the next in it. */
export function paged<T>(
  all: readonly T[],
  { NextToken, MaxResults }: Input,
  most: number,
): { readonly page: readonly T[]; readonly NextToken?: string } {
  const from = NextToken === undefined ? 0 : Number(text(NextToken));
  if (!Number.isInteger(from)) throw invalidInput(`Malformed nextPageToken ${text(NextToken)}`);
  const to = from + sizeOf(MaxResults, most);
  return { page: all.slice(from, to), ...(to < all.length ? { NextToken: String(to) } : {}) };
}

export function sizeOf(value: unknown, most: number): number {
  if (value === undefined) return most;
  const size = Number(value);
  if (size > most) throw invalidInput(`MaxResults is more than maximum allowed length ${most}`);
  if (!(size >= 1)) throw invalidInput("MaxResults is less than 1");
  return size;
}

export const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
