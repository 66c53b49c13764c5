// joins: JOIN with ON and USING.

import type { JoinRelationContext } from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import * as trino from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import { notImitated, queryError } from "../query-error";
import { coerced } from "./casts";
import { commonType } from "./coercion";
import { type Column, columnIn, notFound } from "./columns";
import { compared } from "./comparisons";
import type { Compiler, Environment, Relation } from "./environment";
import { nameOf } from "./names";
import { logical } from "./predicates";
import { relation, sampled, within } from "./relations";
import { placeOf } from "./syntax";
import { typeName } from "./types";

export function join(
  node: JoinRelationContext,
  before: readonly Column[],
  outer: Environment,
  compiler: Compiler,
): Relation {
  const at = placeOf(node);
  const [leftNode, rightNode] = node.relation();
  if (node.KW_NATURAL() !== null) throw notImitated("NATURAL JOIN", at, "JOIN ... USING");
  if (leftNode === undefined) throw notImitated(node.getText(), at);
  const left = relation(leftNode, before, outer, compiler);
  const sides = [...before, ...left.columns];
  const rightSampled = node.sampledRelation();
  const right =
    rightNode !== undefined
      ? relation(rightNode, sides, outer, compiler)
      : rightSampled !== null
        ? sampled(rightSampled, sides, outer, compiler)
        : undefined;
  if (right === undefined) throw notImitated(node.getText(), at);
  const columns = [...left.columns, ...right.columns];
  // A join on the right of another one is grouped as it is written.
  const rightSql = rightNode instanceof trino.JoinRelationContext ? `(${right.sql})` : right.sql;
  const criteria = node.joinCriteria();
  if (node.KW_CROSS() !== null || criteria === null) return { sql: `${left.sql} CROSS JOIN ${rightSql}`, columns };
  const kind = /^(LEFT|RIGHT|FULL)/.exec(node.joinType()?.getText().toUpperCase() ?? "")?.[1] ?? "INNER";
  if (criteria.KW_USING() !== null)
    return joinUsing(left, { ...right, sql: rightSql }, kind, criteria.identifier().map(nameOf), compiler, node);
  const environment = within(columns, outer, compiler);
  const equality = criteria.joinColumnEquality();
  const both = equality?.joinColumnReference().map((each) => {
    const parts = [each.identifier(), ...(each.columnName()?.qualifiedName().identifier() ?? [])].flatMap((part) =>
      part == null ? [] : nameOf(part),
    );
    const value = environment.find(parts, placeOf(each));
    if (value === undefined) throw notFound(parts, placeOf(each));
    return value;
  });
  const [one, other] = both ?? [];
  const condition =
    one !== undefined && other !== undefined
      ? compared("=", one, other, at)
      : logical(compiler.expression(criteria.booleanExpression() ?? criteria, environment), "JOIN ON clause", at);
  return { sql: `${left.sql} ${kind} JOIN ${rightSql} ON ${condition.sql}`, columns };
}

/** The columns of USING come first, once, and belong to neither side. */
function joinUsing(
  left: Relation,
  right: Relation,
  kind: string,
  names: readonly string[],
  compiler: Compiler,
  node: JoinRelationContext,
): Relation {
  const at = placeOf(node);
  const pairs = names.map((name) => {
    const one = columnIn(left.columns, [name], at)?.column;
    const other = columnIn(right.columns, [name], at)?.column;
    if (one === undefined || other === undefined) {
      throw queryError(
        "COLUMN_NOT_FOUND",
        `Column '${name}' is missing from ${one === undefined ? "left" : "right"} side of join`,
        at,
      );
    }
    const type = commonType(one.type, other.type);
    if (type === undefined)
      throw queryError(
        "TYPE_MISMATCH",
        `Column '${name}' is ${typeName(one.type)} on the left and ${typeName(other.type)} on the right`,
        at,
      );
    compiler.use(one.sources);
    compiler.use(other.sources);
    return { name, one, other, type, sql: compiler.fresh("c") };
  });
  const on = pairs.map(({ one, other }) => compared("=", one, other, at).sql).join(" AND ");
  const merged = pairs.map(
    ({ one, other, type, sql }) => `coalesce(${coerced(one, type, at).sql}, ${coerced(other, type, at).sql}) AS ${sql}`,
  );
  const taken = new Set(pairs.flatMap(({ one, other }) => [one, other]));
  const rest = [...left.columns, ...right.columns].filter((column) => !taken.has(column));
  const columns: Column[] = [
    ...pairs.map(({ name, type, sql, one, other }) => ({
      name,
      relation: [],
      sql,
      type,
      sources: new Set([...one.sources, ...other.sources]),
    })),
    ...rest,
  ];
  const sql = `(SELECT *, ${merged.join(", ")} FROM ${left.sql} ${kind} JOIN ${right.sql} ON ${on}) AS ${compiler.fresh("r")}`;
  return { sql, columns };
}
