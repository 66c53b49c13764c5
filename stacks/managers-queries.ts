// managers-queries: the named queries, one file of stacks/queries/ each: its comment is the question, the rest answers it.
//
// They are written in what Trino and DuckDB both understand alike, and name no database, so that one text serves every stack.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface ManagersQuery {
  readonly name: string;
  readonly question: string;
  readonly sql: string;
}

export function managersQueries(): ManagersQuery[] {
  const folder = join(__dirname, "queries");
  return readdirSync(folder)
    .sort()
    .map((file) => readQuery(file.replace(/\.sql$/, ""), readFileSync(join(folder, file), "utf8")));
}

function readQuery(name: string, text: string): ManagersQuery {
  const lines = text.trim().split("\n");
  const first = lines.findIndex((line) => !line.startsWith("--"));
  const question = lines
    .slice(0, first)
    .map((line) => line.replace(/^--\s*/, ""))
    .join(" ");
  return { name, question, sql: lines.slice(first).join("\n") };
}
