// allowed: what a question's SELECT may name beside the relations. Lists of what may be, and none of what may not: nobody knows
// all of that.
//
// What a function or an operator may make of its arguments says growth.ts: PostgreSQL looks at its limit of time between rows,
// not within an expression, and has none of memory. So there is no power(), exp() or ln(), whose numbers have thousands of
// digits, and no repeat(), lpad(), array_agg() or generate_series().

/** That give texts. */
export const textFunctions: readonly string[] = words(
  "btrim concat concat_ws initcap left like_escape lower ltrim replace reverse right rtrim split_part string_agg substr substring to_char upper",
);

/** That give one of the values that they are given. */
export const passingFunctions: readonly string[] = words(
  "any_value first_value lag last_value lead max min mode nth_value",
);

/** Of pg_catalog, where PostgreSQL looks first; trim() is btrim(), `like ... escape` like_escape(), `at time zone` timezone(). */
export const functions: readonly string[] = [
  ...textFunctions,
  ...passingFunctions,
  // Aggregates.
  ...words(
    "avg bool_and bool_or corr count every percentile_cont percentile_disc stddev stddev_pop stddev_samp sum var_pop var_samp variance",
  ),
  // Over windows.
  ...words("cume_dist dense_rank ntile percent_rank rank row_number"),
  // Of numbers.
  ...words("abs ceil ceiling div floor mod round sign sqrt trunc width_bucket"),
  // Of times.
  ...words(
    "age date date_bin date_part date_trunc extract justify_days make_date make_interval now overlaps timezone to_date",
  ),
  // Of texts.
  ...words("char_length character_length length position starts_with strpos"),
];

/** As the parser calls them: `int` is int4. None that looks up what it is given, as regclass does. */
export const types: readonly string[] = words(
  "bool bpchar text varchar float4 float8 int2 int4 int8 numeric date interval time timestamp timestamptz timetz",
);

/** `~~` is like, `~~*` ilike. No regular expressions: their cost cannot be foreseen. */
export const operators: readonly string[] = [
  ...words("= <> < > <= >= + - * / % || ~~ !~~ ~~* !~~*"),
  ...["BETWEEN", "NOT BETWEEN", "BETWEEN SYMMETRIC", "NOT BETWEEN SYMMETRIC"],
];

/** Of what stands without parentheses, `current_date`: times, and nobody's name. */
export const valueFunctions: readonly string[] = words(
  "current_date current_time current_time_n current_timestamp current_timestamp_n localtime localtime_n localtimestamp localtimestamp_n",
);

function words(text: string): readonly string[] {
  return text.split(" ");
}
