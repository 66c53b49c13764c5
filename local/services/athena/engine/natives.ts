// natives: functions of Trino's that DuckDB lacks or understands differently, computed here and called by DuckDB.
// NULL in, NULL out, for all of them: DuckDB sees to it.

import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DOUBLE,
  type DuckDBConnection,
  DuckDBScalarFunction,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  INTERVAL,
  LIST,
  TIMESTAMP,
  VARCHAR,
} from "@duckdb/node-api";
import { jsonNatives } from "./natives-of-json";
import { numberNatives } from "./natives-of-numbers";
import { textNatives } from "./natives-of-text";
import { timeNatives } from "./natives-of-times";

/** Types of arguments and result, and what is computed. An error thrown is the query's. */
export interface Native {
  readonly takes: readonly TypeName[];
  readonly gives: TypeName;
  readonly compute: (...values: never[]) => DuckDBValue;
}

export type TypeName = keyof typeof types;

const types = {
  bigint: BIGINT,
  blob: BLOB,
  boolean: BOOLEAN,
  double: DOUBLE,
  integer: INTEGER,
  interval: INTERVAL,
  timestamp: TIMESTAMP,
  varchar: VARCHAR,
  varchars: LIST(VARCHAR),
  doubles: LIST(DOUBLE),
} as const satisfies Readonly<Record<string, DuckDBType>>;

const natives: Readonly<Record<string, Native>> = {
  /** What `failure` of dialect/value.ts calls. */
  trino_failure: {
    takes: ["varchar"],
    gives: "varchar",
    compute: (message: string) => {
      throw new Error(message);
    },
  },
  ...textNatives,
  ...numberNatives,
  ...timeNatives,
  ...jsonNatives,
};

/** What a message begins with that is Trino's error and none of DuckDB's. */
export const marked = "trino: ";

export function registerNatives(connection: DuckDBConnection): void {
  for (const [name, { takes, gives, compute }] of Object.entries(natives)) {
    const call = compute as (...values: readonly DuckDBValue[]) => DuckDBValue;
    connection.registerScalarFunction(
      DuckDBScalarFunction.create({
        name,
        parameterTypes: takes.map((each) => types[each]),
        returnType: types[gives],
        mainFunction(info, input, output) {
          try {
            const columns = takes.map((_, index) => input.getColumnVector(index));
            for (let row = 0; row < input.rowCount; row += 1) {
              const values = columns.map((column) => column.getItem(row));
              output.setItem(row, values.includes(null) ? null : call(...values));
            }
            output.flush();
          } catch (error) {
            info.setError(`${marked}${(error as Error).message}`);
          }
        },
      }),
    );
  }
}
