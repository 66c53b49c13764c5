// allowed: what a question's SELECT may name beside the relations. Lists of what may be, and none of what may not: nobody knows
// all of that.

/**
 * Functions that compute a value from values, and can make neither large texts nor many rows of little: no repeat(), lpad() or
 * generate_series(). Of pg_catalog, where PostgreSQL looks first.
 */
export const functions: readonly string[] = [
  // Aggregates.
  ...words(
    "any_value avg bool_and bool_or corr count every max min mode percentile_cont percentile_disc stddev stddev_pop",
  ),
  ...words("stddev_samp string_agg sum var_pop var_samp variance"),
  // Over windows.
  ...words("cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number"),
  // Of numbers.
  ...words("abs ceil ceiling div exp floor ln log mod power round sign sqrt trunc width_bucket"),
  // Of times; `at time zone` is timezone().
  ...words(
    "age date date_bin date_part date_trunc extract justify_days make_date make_interval now overlaps timezone to_char",
  ),
  ...words("to_date"),
  // Of texts; trim() is btrim(), and `like ... escape` is like_escape().
  ...words(
    "btrim char_length character_length concat concat_ws initcap left length like_escape lower ltrim position replace",
  ),
  ...words("reverse right rtrim split_part starts_with strpos substr substring upper"),
];

/** As the parser calls them: `int` is int4. None that looks up what it is given, as regclass does. */
export const types: readonly string[] = words(
  "bool bpchar text varchar float4 float8 int2 int4 int8 numeric date interval time timestamp timestamptz timetz",
);

/** `~~` is like, `~~*` ilike. No regular expressions: their cost cannot be foreseen. */
export const operators: readonly string[] = [
  ...words("= <> < > <= >= + - * / % ^ || ~~ !~~ ~~* !~~*"),
  ...["BETWEEN", "NOT BETWEEN", "BETWEEN SYMMETRIC", "NOT BETWEEN SYMMETRIC"],
];

/** Of what stands without parentheses, `current_date`: times, and nobody's name. */
export const valueFunctions: readonly string[] = words(
  "current_date current_time current_time_n current_timestamp current_timestamp_n localtime localtime_n localtimestamp localtimestamp_n",
);

/** What PostgreSQL calls a column that a statement gives no name, beside its function or type. */
export const nameless: readonly string[] = words("array case coalesce exists greatest grouping least row");

function words(text: string): readonly string[] {
  return text.split(" ");
}
