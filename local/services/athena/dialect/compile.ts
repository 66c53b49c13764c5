// compile: a query of Trino's as one of DuckDB's with the same answer, or a refusal by name.
//
// Every column is resolved and every expression typed by Trino's rules, and DuckDB is given names of ours (c1, c2, ...) and
// types that are written out: nothing is left to what DuckDB would make of a name, a literal or a coercion.

import type { QueryContext } from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import { quoted } from "../../../../schemas/sql-text";
import { type Place, queryError } from "../query-error";
import type { Column } from "./columns";
import type { Compiler, Environment, Relation } from "./environment";
import { expression } from "./expressions";
import { query } from "./queries";
import { type Node, placeOf } from "./syntax";
import type { Type } from "./types";
import type { Value } from "./value";

/** A table as FROM finds it. */
export interface Table {
  /** What DuckDB calls the view of its files. */
  readonly view: string;
  /** Catalog, database, table. */
  readonly name: readonly string[];
  readonly columns: readonly {
    readonly name: string;
    readonly type: Type;
    readonly partition?: true;
    readonly hidden?: true;
  }[];
}

/** One place in the query that reads a table. */
export interface Reference {
  readonly view: string;
  /** What the query calls the table's columns there. */
  readonly names: ReadonlyMap<string, string>;
  /** What WHERE demands of the partition keys alone. */
  readonly conditions: string[];
  /** Partition keys that must be one text. */
  readonly equals: Map<string, string>;
}

export interface Compiled {
  readonly sql: string;
  readonly columns: readonly { readonly name: string; readonly type: Type }[];
  readonly references: readonly Reference[];
  /** By view, which of its columns must be read. */
  readonly reads: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface Given {
  /** Throws where there is no such table. */
  readonly table: (parts: readonly string[], at: Place) => Table;
  /** What stands for the `?`s, in their order. */
  readonly parameters: readonly string[];
  /** A parameter's text as a tree. */
  readonly parse: (text: string) => Node;
  /** The places of the `?`s, in their order. */
  readonly places: readonly Place[];
}

export function compile(node: QueryContext, given: Given): Compiled {
  const counters = new Map<string, number>();
  const references = new Map<string, Reference & { readonly keys: ReadonlySet<string> }>();
  let used = new Set<string>();

  const compiler: Compiler = {
    expression: (each, environment) => expression(each, environment, compiler),
    query: (each, outer) => query(each, outer, compiler),
    table(parts, at) {
      const table = given.table(parts, at);
      return fromTable(table);
    },
    fresh(letter) {
      const number = (counters.get(letter) ?? 0) + 1;
      counters.set(letter, number);
      return `${letter}${number}`;
    },
    parameter: (each) => parameter(each),
    demand({ sql }, sources) {
      const own = [...sources].map((source) => source.split("/"));
      const reference = references.get(own[0]?.[0] ?? "");
      const alone = own.every(([name, ...column]) => name === own[0]?.[0] && reference?.keys.has(column.join("/")));
      const words = sql.replaceAll(/'(?:[^']|'')*'/g, "").match(/\b(?:[ackqru]\d+|SELECT|random)\b/g) ?? [];
      const names = new Set(reference?.names.values());
      // What names anything else, holds a query or differs each time is for DuckDB alone.
      if (reference === undefined || !alone || words.some((word) => !names.has(word))) return;
      reference.conditions.push(sql);
      const [, name, text] = /^\((c\d+) = '((?:[^']|'')*)'\)$/.exec(sql) ?? [];
      const [key] = [...reference.names].find(([, own]) => own === name) ?? [];
      if (key !== undefined && text !== undefined) reference.equals.set(key, text.replaceAll("''", "'"));
    },
    use(sources) {
      for (const source of sources) used.add(source);
    },
    collect(work) {
      const before = used;
      used = new Set();
      try {
        const result = work();
        return [result, used];
      } finally {
        used = before;
      }
    },
  };

  const nothing: Environment = { columns: [], named: new Map(), find: () => undefined };
  const { sql, columns } = query(node, nothing, compiler);
  for (const { sources } of columns) compiler.use(sources);
  const reads = new Map([...references.values()].map(({ view }) => [view, new Set<string>()]));
  for (const source of used) {
    const [reference = "", ...column] = source.split("/");
    reads.get(references.get(reference)?.view ?? "")?.add(column.join("/"));
  }
  return {
    // Without the parentheses around it: the order of a query within another one is nobody's promise.
    sql: sql.slice(1, -1),
    columns: columns.map(({ name, type }, index) => ({ name: name ?? `_col${index}`, type })),
    references: [...references.values()],
    reads,
  };

  function fromTable({ view, name, columns: all }: Table): Relation {
    const alias = compiler.fresh("r");
    const own = all.map(
      ({ name: column, type, hidden }): Column => ({
        name: column,
        relation: name,
        sql: compiler.fresh("c"),
        type,
        sources: new Set([`${alias}/${column}`]),
        ...(hidden ? { hidden } : {}),
      }),
    );
    references.set(alias, {
      view,
      names: new Map(own.map(({ name: column = "", sql: named }) => [column, named])),
      keys: new Set(all.flatMap(({ name: column, partition }) => (partition ? [column] : []))),
      conditions: [],
      equals: new Map(),
    });
    const items = own.map(({ sql: named, name: column = "" }) => `${quoted(column)} AS ${named}`);
    return { sql: `(SELECT ${items.join(", ")} FROM ${view}) AS ${alias}`, columns: own };
  }

  function parameter(each: Node): Value {
    const at = placeOf(each);
    const index = given.places.findIndex(({ line, column }) => line === at.line && column === at.column);
    const text = given.parameters[index];
    if (text === undefined) {
      throw queryError(
        "INVALID_PARAMETER_USAGE",
        `Incorrect number of parameters: expected ${given.places.length} but found ${given.parameters.length}`,
        at,
      );
    }
    return expression(given.parse(text), nothing, compiler);
  }
}
