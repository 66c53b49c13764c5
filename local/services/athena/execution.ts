// execution: a query on its way, from QUEUED to its end, and how it is told.

import type { Type } from "./dialect/types";

export type State = "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED";

export interface ResultColumn {
  readonly name: string;
  readonly type: Type | "string";
}

export interface Execution {
  readonly id: string;
  readonly query: string;
  readonly parameters: readonly string[];
  readonly workgroup: string;
  readonly database: string | undefined;
  readonly catalog: string;
  readonly kind: StatementKind;
  /** `s3://bucket/prefix/id.csv` */
  readonly output: string;
  /** Milliseconds of the clock. */
  readonly submitted: number;
  state: State;
  started?: number;
  completed?: number;
  /** The error's code and message, or who cancelled it. */
  reason?: { readonly code?: string; readonly message: string };
  scanned: number;
  planning: number;
  rows: number;
  columns: readonly ResultColumn[];
  /** Of UNLOAD. */
  manifest?: string;
}

export interface StatementKind {
  readonly type: "DML" | "DDL" | "UTILITY";
  /** SELECT, UNLOAD, SHOW_TABLES, ... */
  readonly name: string;
}

export const hasEnded = ({ state }: Execution): boolean => state !== "QUEUED" && state !== "RUNNING";

/** Seconds, as AWS JSON has times. */
const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1_000);

export function executionShape(execution: Execution, now: number) {
  const { id, query, kind, output, workgroup, database, catalog, state, reason, parameters, manifest } = execution;
  const { submitted, started, completed } = execution;
  const end = completed ?? now;
  return {
    QueryExecutionId: id,
    Query: query,
    StatementType: kind.type,
    SubstatementType: kind.name,
    WorkGroup: workgroup,
    QueryExecutionContext: { Database: database, Catalog: catalog.toLowerCase() },
    ...(parameters.length === 0 ? {} : { ExecutionParameters: parameters }),
    ResultConfiguration: { OutputLocation: output },
    ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: false } },
    EngineVersion: engineVersion,
    Status: {
      State: state,
      StateChangeReason: reason?.message,
      SubmissionDateTime: seconds(submitted),
      CompletionDateTime: seconds(completed),
      ...(state === "FAILED" && reason !== undefined
        ? { AthenaError: { ...errorType(reason.code ?? ""), Retryable: false, ErrorMessage: reason.message } }
        : {}),
    },
    Statistics: {
      DataScannedInBytes: execution.scanned,
      EngineExecutionTimeInMillis: started === undefined ? 0 : end - started,
      QueryPlanningTimeInMillis: execution.planning,
      QueryQueueTimeInMillis: (started ?? end) - submitted,
      TotalExecutionTimeInMillis: end - submitted,
      ServicePreProcessingTimeInMillis: 0,
      ServiceProcessingTimeInMillis: 0,
      ResultReuseInformation: { ReusedPreviousResult: false },
      ...(manifest === undefined ? {} : { DataManifestLocation: manifest }),
    },
  };
}

export const engineVersion = {
  SelectedEngineVersion: "Athena engine version 3",
  EffectiveEngineVersion: "Athena engine version 3",
};

export const runtimeStatisticsShape = (execution: Execution, now: number) => {
  const { Statistics } = executionShape(execution, now);
  return {
    Timeline: {
      QueryQueueTimeInMillis: Statistics.QueryQueueTimeInMillis,
      QueryPlanningTimeInMillis: Statistics.QueryPlanningTimeInMillis,
      EngineExecutionTimeInMillis: Statistics.EngineExecutionTimeInMillis,
      ServiceProcessingTimeInMillis: 0,
      TotalExecutionTimeInMillis: Statistics.TotalExecutionTimeInMillis,
    },
    Rows: { InputBytes: execution.scanned, OutputRows: execution.rows },
  };
};

/** As Athena was seen to number them: its "error catalog" (User Guide) names ranges only. Of the others nothing is said. */
const errorTypes: Readonly<Record<string, number>> = {
  DIVISION_BY_ZERO: 1001,
  COLUMN_NOT_FOUND: 1006,
  INVALID_CAST_ARGUMENT: 1100,
  INVALID_PARAMETER_USAGE: 1100,
  INVALID_FUNCTION_ARGUMENT: 1106,
  NOT_SUPPORTED: 1200,
  TABLE_NOT_FOUND: 1301,
  SCHEMA_NOT_FOUND: 1301,
  FUNCTION_NOT_FOUND: 1303,
  PERMISSION_DENIED: 1500,
};

/** Category 1 is the system's fault, 2 the query's. */
const errorType = (code: string) => ({
  ErrorCategory: code === "GENERIC_INTERNAL_ERROR" ? 1 : 2,
  ErrorType: errorTypes[code],
});
