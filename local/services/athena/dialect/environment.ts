// environment: what an expression may name where it stands, and whom it asks for the parts that are not its own.

import type { QueryContext, WindowSpecificationContext } from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import type { Place } from "../query-error";
import type { Column } from "./columns";
import type { Node } from "./syntax";
import type { Type } from "./types";
import type { Value } from "./value";

export interface Environment {
  /** The columns of FROM, for `*`. */
  readonly columns: readonly Column[];
  /** A column of FROM or of a query around this one, by the parts of its name. */
  readonly find: (parts: readonly string[], at: Place) => Value | undefined;
  /** What WITH has defined so far, by name in lower case. */
  readonly named: ReadonlyMap<string, Relation>;
  /** After GROUP BY. Nothing where no aggregate may stand. */
  readonly grouping?: Grouping;
  /** The windows of the WINDOW clause by name in lower case. Nothing where no window function may stand. */
  readonly windows?: ReadonlyMap<string, WindowSpecificationContext>;
}

export interface Grouping {
  /** The key of GROUP BY that a piece of the query is. */
  readonly key: (node: Node) => Value | undefined;
  /** One value per group. */
  readonly aggregate: (sql: string, type: Type) => Value;
  readonly groupingOf: (names: readonly (readonly string[])[], at: Place) => Value;
  /** Where the arguments of aggregates stand. */
  readonly rows: Environment;
}

/** Rows that FROM can name. */
export interface Relation {
  /** DuckDB's text: a table, or a query in parentheses, with its alias. */
  readonly sql: string;
  readonly columns: readonly Column[];
}

/** What the parts of the compiler ask each other for. */
export interface Compiler {
  readonly expression: (node: Node, environment: Environment) => Value;
  /** A query in parentheses. */
  readonly query: (node: QueryContext, outer: Environment) => Relation;
  readonly table: (parts: readonly string[], at: Place) => Relation;
  /** A name that nothing else has: `c17`. */
  readonly fresh: (letter: string) => string;
  /** What stands for a `?`. */
  readonly parameter: (node: Node) => Value;
  /** Notes that WHERE demands this, and of which columns. */
  readonly demand: (condition: Value, sources: ReadonlySet<string>) => void;
  /** Notes that these columns of files must be read. */
  readonly use: (sources: ReadonlySet<string>) => void;
  /** Runs `work` and gives what it has noted, instead of noting it. */
  readonly collect: <T>(work: () => T) => readonly [T, ReadonlySet<string>];
}
