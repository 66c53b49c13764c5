// aggregates: functions of many rows. https://trino.io/docs/current/functions/aggregate.html

import { decimal, of, type Type, varchar } from "../types";
import type { Value } from "../value";

/** Writes a call of one of DuckDB's aggregates, with the DISTINCT, ORDER BY, FILTER and OVER of the query. */
export type Call = (name: string, ...args: readonly string[]) => string;

export interface Aggregate {
  /** As in line.ts. */
  readonly takes: string;
  readonly sql: (call: Call, args: readonly string[], values: readonly Value[]) => string;
  readonly gives?: (types: readonly Type[]) => Type;
  readonly literals?: readonly number[];
}

const aggregate = (takes: string, sql: Aggregate["sql"], more: Omit<Aggregate, "takes" | "sql"> = {}): Aggregate => ({
  takes,
  sql,
  ...more,
});

/** DuckDB's function of that name does the same. */
const named =
  (name: string): Aggregate["sql"] =>
  (call, args) =>
    call(name, ...args);

/** Trino gives NULL where the statistic is not finite (io.trino.operator.aggregation.DoubleCorrelationAggregation). */
const finite =
  (name: string): Aggregate["sql"] =>
  (call, args) =>
    `CASE WHEN isfinite(${call(name, ...args)}) THEN ${call(name, ...args)} END`;

const digits = (type: Type | undefined) => (type?.kind === "decimal" ? type : { precision: 38, scale: 0 });
const scaleOf = (values: readonly Value[]) => digits(values[0]?.type).scale;

export const aggregates: Readonly<Record<string, readonly Aggregate[]>> = {
  any_value: [aggregate("(T) -> T", named("any_value"))],
  // Exact, which is as near as an approximation can be; DuckDB's own is a quarter off at a thousand values.
  approx_distinct: [
    aggregate("(T) -> bigint", (call, [value = ""]) => call("count", `DISTINCT ${value}`)),
    aggregate("(T, double) -> bigint", (call, [value = ""]) => call("count", `DISTINCT ${value}`)),
  ],
  approx_percentile: [
    aggregate("(bigint, double) -> bigint", named("quantile_disc"), { literals: [2] }),
    aggregate("(double, double) -> double", named("quantile_disc"), { literals: [2] }),
  ],
  array_agg: [aggregate("(T) -> array(T)", named("array_agg"))],
  avg: [
    aggregate("(bigint) -> double", named("avg")),
    aggregate(
      "(decimal) -> decimal",
      (call, args, values) =>
        `CAST(decimal_divide(CAST(${call("sum", ...args)} AS VARCHAR), CAST(${call("count", ...args)} AS VARCHAR), ${scaleOf(values)}) AS DECIMAL(38,${scaleOf(values)}))`,
      { gives: (types) => types[0] ?? of("double") },
    ),
    aggregate("(real) -> real", (call, [value = ""]) => call("avg", `CAST(${value} AS DOUBLE)`)),
    aggregate("(double) -> double", named("avg")),
  ],
  bitwise_and_agg: [aggregate("(bigint) -> bigint", named("bit_and"))],
  bitwise_or_agg: [aggregate("(bigint) -> bigint", named("bit_or"))],
  bool_and: [aggregate("(boolean) -> boolean", named("bool_and"))],
  bool_or: [aggregate("(boolean) -> boolean", named("bool_or"))],
  corr: [aggregate("(double, double) -> double", finite("corr"))],
  count: [aggregate("() -> bigint", (call) => call("count", "*")), aggregate("(T) -> bigint", named("count"))],
  count_if: [aggregate("(boolean) -> bigint", named("count_if"))],
  covar_pop: [aggregate("(double, double) -> double", named("covar_pop"))],
  covar_samp: [aggregate("(double, double) -> double", named("covar_samp"))],
  geometric_mean: [aggregate("(double) -> double", named("geometric_mean"))],
  kurtosis: [aggregate("(double) -> double", named("kurtosis"))],
  max: [aggregate("(O) -> O", named("max")), aggregate("(O, bigint) -> array(O)", named("max"))],
  // DuckDB's max_by passes over rows whose first value is NULL.
  max_by: [aggregate("(T, O) -> T", named("arg_max_null"))],
  min: [aggregate("(O) -> O", named("min")), aggregate("(O, bigint) -> array(O)", named("min"))],
  min_by: [aggregate("(T, O) -> T", named("arg_min_null"))],
  regr_intercept: [aggregate("(double, double) -> double", finite("regr_intercept"))],
  regr_slope: [aggregate("(double, double) -> double", finite("regr_slope"))],
  stddev_pop: [aggregate("(double) -> double", named("stddev_pop"))],
  stddev_samp: [aggregate("(double) -> double", named("stddev_samp"))],
  sum: [
    aggregate("(bigint) -> bigint", named("sum")),
    aggregate("(decimal) -> decimal", named("sum"), { gives: (types) => decimal(38, digits(types[0]).scale) }),
    aggregate("(real) -> real", (call, [value = ""]) => call("sum", `CAST(${value} AS DOUBLE)`)),
    aggregate("(double) -> double", named("sum")),
  ],
  var_pop: [aggregate("(double) -> double", named("var_pop"))],
  var_samp: [aggregate("(double) -> double", named("var_samp"))],
};

/** LISTAGG(value, separator) WITHIN GROUP (ORDER BY ...) has a syntax of its own. */
export const listagg = aggregate("(varchar, varchar) -> varchar", named("string_agg"), { gives: () => varchar });

/** Of the rows around a row. https://trino.io/docs/current/functions/window.html */
export const windows: Readonly<Record<string, readonly Aggregate[]>> = {
  cume_dist: [aggregate("() -> double", named("cume_dist"))],
  dense_rank: [aggregate("() -> bigint", named("dense_rank"))],
  first_value: [aggregate("(T) -> T", named("first_value"))],
  lag: [
    aggregate("(T) -> T", named("lag")),
    aggregate("(T, bigint) -> T", named("lag")),
    aggregate("(T, bigint, T) -> T", named("lag")),
  ],
  last_value: [aggregate("(T) -> T", named("last_value"))],
  lead: [
    aggregate("(T) -> T", named("lead")),
    aggregate("(T, bigint) -> T", named("lead")),
    aggregate("(T, bigint, T) -> T", named("lead")),
  ],
  nth_value: [aggregate("(T, bigint) -> T", named("nth_value"))],
  ntile: [aggregate("(bigint) -> bigint", named("ntile"))],
  percent_rank: [aggregate("() -> double", named("percent_rank"))],
  rank: [aggregate("() -> bigint", named("rank"))],
  row_number: [aggregate("() -> bigint", named("row_number"))],
};
