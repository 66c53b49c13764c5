// text-array: a list as PostgreSQL reads one from a text. https://www.postgresql.org/docs/17/arrays.html#ARRAYS-IO
//
// The client would first have to ask the database which types are arrays (stage/postgres.ts spares it that).

export function textArray(values: readonly (string | number | null)[]): string {
  const texts = values.map((value) => (value === null ? null : String(value)));
  // One look at all of them: hardly any holds what must be escaped, and each would be searched for it.
  const plain = !/["\\]/.test(texts.join(""));
  const quoted = (text: string) => (plain ? `"${text}"` : `"${text.replaceAll(/[\\"]/g, "\\$&")}"`);
  return `{${texts.map((text) => (text === null ? "NULL" : quoted(text))).join(",")}}`;
}
