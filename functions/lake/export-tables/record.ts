// record: a row on its way from the source, as one line of CSV (RFC 4180). NULL is \N, and every other value is quoted, so that
// neither an empty text nor the text \N is taken for NULL. It is what PostgreSQL's COPY writes with NULL '\N' and FORCE_QUOTE *.

export const encodeRecord = (values: readonly (string | null)[]): Buffer =>
  Buffer.from(`${values.map((value) => (value === null ? "\\N" : `"${value.replaceAll('"', '""')}"`)).join(",")}\n`);

export function decodeRecord(record: Buffer): (string | null)[] {
  const values = record.toString().matchAll(/(?:"([^"]*(?:""[^"]*)*)"|\\N)[,\n]/g);
  return [...values].map(([, quoted]) => quoted?.replaceAll('""', '"') ?? null);
}
