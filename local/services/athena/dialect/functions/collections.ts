// collections: functions of arrays, maps and JSON, and those that take a lambda.
// https://trino.io/docs/current/functions/array.html, map.html, lambda.html, json.html

import { literal } from "../../../../../schemas/sql-text";
import { failure } from "../value";
import { type Lines, line } from "./line";

const fault = (message: string, type: string) => failure("INVALID_FUNCTION_ARGUMENT", literal(message), type);

/** Whether an array has a NULL in it. */
const holey = "list_count($1) < len($1)";

/** Athena's limit, five times Trino's own. */
const tooLong = (entries: string, sequence: string, type: string) =>
  `CASE WHEN ${entries} >= 50000 THEN ${fault("result of sequence function must not have more than 50000 entries", type)} ELSE ${sequence} END`;

export const collections: Lines = {
  array_distinct: [line("(array(T)) -> array(T)", "list_filter($1, lambda e, i : list_position($1, e) = i)")],
  array_join: [
    line("(array(varchar), varchar) -> varchar", "trino_join($1, $2)"),
    line("(array(bigint), varchar) -> varchar", "trino_join(CAST($1 AS VARCHAR[]), $2)"),
    line(
      "(array(varchar), varchar, varchar) -> varchar",
      "trino_join(list_transform($1, lambda e : coalesce(e, $3)), $2)",
    ),
  ],
  array_max: [line("(array(O)) -> O", `CASE WHEN ${holey} THEN NULL ELSE list_max($1) END`)],
  array_min: [line("(array(O)) -> O", `CASE WHEN ${holey} THEN NULL ELSE list_min($1) END`)],
  array_position: [
    line(
      "(array(T), T) -> bigint",
      "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL ELSE coalesce(list_position($1, $2), 0) END",
    ),
  ],
  array_sort: [line("(array(O)) -> array(O)", "list_sort($1, 'ASC', 'NULLS LAST')")],
  cardinality: [
    line("(array(T)) -> bigint", "CAST(len($1) AS BIGINT)"),
    line("(map(K, V)) -> bigint", "CAST(cardinality($1) AS BIGINT)"),
  ],
  contains: [line("(array(T), T) -> boolean", `(list_contains($1, $2) OR (${holey} AND NULL))`)],
  element_at: [
    // An index of 0 is an error; beyond the end, or before the beginning from the end, there is NULL.
    line("(array(T), bigint) -> T", ([list, place]) =>
      Number(place?.literal ?? 0) > 0
        ? `list_extract(${list?.sql}, ${place?.sql})`
        : `list_extract(${list?.sql}, trino_index(${place?.sql}))`,
    ),
    line("(map(K, V), K) -> V", "map_extract_value($1, $2)"),
  ],
  filter: [line("(array(T), function(T, boolean)) -> array(T)", "list_filter($1, $2)")],
  flatten: [line("(array(array(T))) -> array(T)", "flatten($1)")],
  map: [line("(array(K), array(V)) -> map(K, V)", "map($1, $2)")],
  map_keys: [line("(map(K, V)) -> array(K)", "map_keys($1)")],
  map_values: [line("(map(K, V)) -> array(V)", "map_values($1)")],
  reduce: [
    line(
      "(array(T), S, function(S, T, S), function(S, R)) -> R",
      "list_extract(list_transform([list_reduce($1, $3, $2)], $4), 1)",
    ),
  ],
  sequence: [
    line(
      "(bigint, bigint) -> array(bigint)",
      tooLong("abs($2 - $1)", "generate_series($1, $2, CASE WHEN $1 <= $2 THEN 1 ELSE -1 END)", "BIGINT[]"),
    ),
    line(
      "(bigint, bigint, bigint) -> array(bigint)",
      `CASE WHEN $3 = 0 OR ($2 - $1) * sign($3) < 0 THEN ${fault(
        "sequence stop value should be greater than or equal to start value if step is greater than zero otherwise stop should be less than or equal to start",
        "BIGINT[]",
      )} ELSE ${tooLong("abs(($2 - $1) // $3)", "generate_series($1, $2, $3)", "BIGINT[]")} END`,
    ),
    line(
      "(date, date) -> array(date)",
      tooLong(
        "abs($2 - $1)",
        "CAST(generate_series(CAST($1 AS TIMESTAMP), CAST($2 AS TIMESTAMP), CASE WHEN $1 <= $2 THEN to_days(1) ELSE to_days(-1) END) AS DATE[])",
        "DATE[]",
      ),
    ),
  ],
  transform: [line("(array(T), function(T, U)) -> array(U)", "list_transform($1, $2)")],

  json_array_length: [
    line("(json) -> bigint", "trino_json_length($1)"),
    line("(varchar) -> bigint", "trino_json_length($1)"),
  ],
  json_extract: [
    line("(json, varchar) -> json", "trino_json_extract($1, $2)"),
    line("(varchar, varchar) -> json", "trino_json_extract($1, $2)"),
  ],
  json_extract_scalar: [
    line("(json, varchar) -> varchar", "trino_json_scalar($1, $2)"),
    line("(varchar, varchar) -> varchar", "trino_json_scalar($1, $2)"),
  ],
  json_format: [line("(json) -> varchar", "$1")],
  json_parse: [line("(varchar) -> json", "trino_json_extract($1, '$')")],
};
