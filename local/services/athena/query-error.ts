// query-error: why a query cannot be answered, in the words of Athena's StateChangeReason.

/** Where in the query it is; both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** `code` is Trino's name for the error (io.trino.spi.StandardErrorCode), or Athena's own. */
export type QueryError = Error & { readonly code: string; readonly at?: Place };

/** `COLUMN_NOT_FOUND: line 1:8: Column 'x' cannot be resolved` */
export function queryError(code: string, message: string, at?: Place): QueryError {
  const place = at === undefined ? "" : `line ${at.line}:${at.column}: `;
  return Object.assign(new Error(`${code}: ${place}${message}`), {
    name: code,
    code,
    ...(at === undefined ? {} : { at }),
  });
}

/** What Athena would answer and this cannot: refused by name rather than answered differently. */
export const notImitated = (what: string, at?: Place, instead?: string): QueryError =>
  queryError("NOT_SUPPORTED", `${what} is not imitated here${instead === undefined ? "" : `: ${instead}`}`, at);

export const isQueryError = (error: unknown): error is QueryError =>
  error instanceof Error &&
  "code" in error &&
  error.name === error.code &&
  /^[A-Z][A-Z_0-9]+$/.test(String(error.code));
