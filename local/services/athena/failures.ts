// failures: DuckDB's and S3's errors in the words that Athena would have.

import { isAwsError } from "../../door/service";
import { marked } from "./engine/natives";
import { isQueryError, type QueryError, queryError } from "./query-error";

/** DuckDB's and S3's errors in the words that Athena would have. */
export function asQueryError(error: Error): Error {
  if (isQueryError(error) || error.name === "CANCELLED") return error;
  if (isAwsError(error)) {
    const code = error.code === "AccessDenied" ? "PERMISSION_DENIED" : "GENERIC_USER_ERROR";
    return queryError(
      code,
      `${error.message} (Service: Amazon S3; Status Code: ${error.status}; Error Code: ${error.code})`,
    );
  }
  const [line = ""] = error.message.split("\n");
  const own = line.indexOf(marked);
  if (own !== -1) {
    const [, code = "GENERIC_INTERNAL_ERROR", message = ""] =
      /^([A-Z_0-9]+): (.*)$/s.exec(error.message.slice(error.message.indexOf(marked) + marked.length)) ?? [];
    return queryError(code, message);
  }
  return duckError(line);
}

function duckError(line: string): QueryError {
  if (
    /^Out of Range Error|out of range for the destination type|Could not (cast|convert).*(DECIMAL|INT)|Casting value/.test(
      line,
    )
  ) {
    return queryError(
      "NUMERIC_VALUE_OUT_OF_RANGE",
      line.replace(/^[\w ]+ Error: /, "").replace(/ when casting from source column.*$/, ""),
    );
  }
  if (/^Conversion Error/.test(line))
    return queryError("INVALID_CAST_ARGUMENT", line.replace(/^Conversion Error: /, ""));
  if (/More than one row returned by a subquery/.test(line))
    return queryError("SUBQUERY_MULTIPLE_ROWS", "Scalar sub-query has returned multiple rows");
  if (/^Out of Memory Error/.test(line))
    return queryError("EXCEEDED_LOCAL_MEMORY_LIMIT", "Query exhausted resources at this scale factor");
  if (/^(Binder|Not implemented) Error/.test(line))
    return queryError("NOT_SUPPORTED", `This query cannot be answered here: ${line}`);
  return queryError("GENERIC_INTERNAL_ERROR", line);
}
