// refused: functions that are not imitated, and what to write instead. Whatever is on no list is refused too, without a hint.

export const refused: Readonly<Record<string, string>> = {
  approx_most_frequent: "GROUP BY the value and take the first by count(*)",
  array_except: "UNNEST both arrays and use EXCEPT",
  array_intersect: "UNNEST both arrays and use INTERSECT",
  array_union: "array_distinct(a || b)",
  at_timezone: "timestamps are in UTC here",
  checksum: "its bytes are Trino's own",
  current_timezone: "timestamps are in UTC here",
  format: "concatenate with ||",
  hamming_distance: "levenshtein_distance",
  histogram: "GROUP BY the value and count(*)",
  map_agg: "array_agg of the keys and of the values, which map() takes",
  parse_datetime: "date_parse",
  regexp_split: "split, or regexp_extract_all",
  skewness: "Trino's is that of the population, DuckDB's that of the sample",
  soundex: "lower() and levenshtein_distance()",
  string_agg: "listagg(value, separator) WITHIN GROUP (ORDER BY ...)",
  with_timezone: "timestamps are in UTC here",
  zip: "UNNEST(a, b)",
};
