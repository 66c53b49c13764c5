// text-array: a list as PostgreSQL reads one from a text. https://www.postgresql.org/docs/17/arrays.html#ARRAYS-IO
//
// The client would first have to ask the database which types are arrays (stage/postgres.ts spares it that).

export const textArray = (values: readonly (string | number | null)[]): string =>
  `{${values.map((value) => (value === null ? "NULL" : `"${String(value).replaceAll(/[\\"]/g, "\\$&")}"`)).join(",")}}`;
