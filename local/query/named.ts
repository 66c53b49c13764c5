// named: the queries that the program registers by name.

import { BatchGetNamedQueryCommand, type NamedQuery, paginateListNamedQueries } from "@aws-sdk/client-athena";
import { usageError } from "../start/options";
import { drawTable } from "./table";
import type { Target } from "./target";

export async function printNamedQueries(target: Target): Promise<void> {
  const found = await namedQueries(target);
  const rows = found.map(({ Name, Description = "" }) => [Name, Description]);
  console.log(drawTable(["name", "answers"], rows, ["left", "left"]));
}

/** The text of the query of that name. */
export async function namedQuery(name: string, target: Target): Promise<string> {
  const found = await namedQueries(target);
  const query = found.find((each) => each.Name === name);
  if (query?.QueryString !== undefined) return query.QueryString;
  throw usageError(
    `There is no query named "${name}": ${found.map((each) => each.Name).join(", ") || "there are none"}.`,
  );
}

async function namedQueries({ athena, workgroup }: Target): Promise<NamedQuery[]> {
  const found: NamedQuery[] = [];
  for await (const { NamedQueryIds = [] } of paginateListNamedQueries({ client: athena }, { WorkGroup: workgroup })) {
    if (NamedQueryIds.length === 0) continue;
    const { NamedQueries = [] } = await athena.send(new BatchGetNamedQueryCommand({ NamedQueryIds }));
    found.push(...NamedQueries);
  }
  return found.sort((one, other) => ((one.Name ?? "") < (other.Name ?? "") ? -1 : 1));
}
