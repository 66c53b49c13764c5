// operations: Athena's API, one entry per operation: what it needs and what it does. The others are refused by name.
// https://docs.aws.amazon.com/athena/latest/APIReference/

import type { Caller, Need } from "../../door/service";
import { type Execution, executionShape, runtimeStatisticsShape } from "./execution";
import type { Executions } from "./executions";
import { executionOf, type Input, list, namedQueryOf, paged, text, workgroupOf } from "./found";
import { results } from "./query-results";
import type { S3AsCaller } from "./s3-as-caller";
import { start } from "./start-query";
import type { Statement } from "./statement";
import { type NamedQuery, namedQueryShape, type Workgroup, workgroupShape, workgroupSummary } from "./workgroups";

export interface Context {
  readonly workgroups: ReadonlyMap<string, Workgroup>;
  readonly namedQueries: ReadonlyMap<string, NamedQuery>;
  readonly executions: Executions;
  readonly s3: (caller: Caller) => S3AsCaller;
  readonly now: () => number;
  readonly workgroupArn: (name: string) => string;
  readonly run: (
    statement: Statement,
    execution: Execution,
    caller: Caller,
  ) => (signal: AbortSignal, directory: string) => Promise<void>;
  /** Tokens of clients that may send a request twice, with what they asked for. */
  readonly tokens: Map<string, { readonly asked: string; readonly id: string }>;
}

export interface AthenaOperation {
  /** The inputs that are understood. */
  readonly takes: readonly string[];
  readonly resource: (input: Input) => string;
  readonly needs: (input: Input, context: Context) => readonly Need[];
  readonly run: (input: Input, context: Context, caller: Caller) => unknown | Promise<unknown>;
}

const need = (action: string, workgroup: string, { workgroupArn }: Context): Need => ({
  action: `athena:${action}`,
  resource: workgroupArn(workgroup),
});

/** Of a query by its id: the right is one on the query's workgroup. */
const onExecution = (action: string) => ({
  resource: ({ QueryExecutionId }: Input) => text(QueryExecutionId),
  needs: ({ QueryExecutionId }: Input, context: Context) => [
    need(action, context.executions.find(text(QueryExecutionId))?.workgroup ?? "*", context),
  ],
});

const onWorkgroup = (action: string) => ({
  resource: ({ WorkGroup }: Input) => text(WorkGroup) || "primary",
  needs: ({ WorkGroup }: Input, context: Context) => [need(action, text(WorkGroup) || "primary", context)],
});

export const operations: Readonly<Record<string, AthenaOperation>> = {
  StartQueryExecution: {
    takes: [
      "QueryString",
      "ClientRequestToken",
      "QueryExecutionContext",
      "ResultConfiguration",
      "WorkGroup",
      "ExecutionParameters",
      "ResultReuseConfiguration",
    ],
    ...onWorkgroup("StartQueryExecution"),
    run: start,
  },
  GetQueryExecution: {
    takes: ["QueryExecutionId"],
    ...onExecution("GetQueryExecution"),
    run: (input, context) => ({ QueryExecution: executionShape(executionOf(input, context), context.now()) }),
  },
  BatchGetQueryExecution: {
    takes: ["QueryExecutionIds"],
    resource: ({ QueryExecutionIds }) => list(QueryExecutionIds).join(","),
    needs: ({ QueryExecutionIds }, context) =>
      list(QueryExecutionIds).map((id) =>
        need("BatchGetQueryExecution", context.executions.find(id)?.workgroup ?? "*", context),
      ),
    run({ QueryExecutionIds }, { executions, now }) {
      const found = list(QueryExecutionIds).map((id) => ({ id, execution: executions.find(id) }));
      return {
        QueryExecutions: found.flatMap(({ execution }) =>
          execution === undefined ? [] : executionShape(execution, now()),
        ),
        UnprocessedQueryExecutionIds: found.flatMap(({ id, execution }) =>
          execution === undefined
            ? {
                QueryExecutionId: id,
                ErrorCode: "QUERY_EXECUTION_NOT_FOUND",
                ErrorMessage: `QueryExecution ${id} was not found`,
              }
            : [],
        ),
      };
    },
  },
  GetQueryRuntimeStatistics: {
    takes: ["QueryExecutionId"],
    ...onExecution("GetQueryRuntimeStatistics"),
    run: (input, context) => ({
      QueryRuntimeStatistics: runtimeStatisticsShape(executionOf(input, context), context.now()),
    }),
  },
  GetQueryResults: {
    takes: ["QueryExecutionId", "NextToken", "MaxResults", "QueryResultType"],
    ...onExecution("GetQueryResults"),
    run: results,
  },
  StopQueryExecution: {
    takes: ["QueryExecutionId"],
    ...onExecution("StopQueryExecution"),
    run(input, context) {
      context.executions.stop(executionOf(input, context).id);
      return {};
    },
  },
  ListQueryExecutions: {
    takes: ["WorkGroup", "NextToken", "MaxResults"],
    ...onWorkgroup("ListQueryExecutions"),
    run(input, context) {
      const { name } = workgroupOf(input, context);
      const ids = context.executions.all().flatMap(({ id, workgroup }) => (workgroup === name ? id : []));
      const { page, ...next } = paged(ids, input, 50);
      return { QueryExecutionIds: page, ...next };
    },
  },
  GetWorkGroup: {
    takes: ["WorkGroup"],
    ...onWorkgroup("GetWorkGroup"),
    run: (input, context) => ({ WorkGroup: workgroupShape(workgroupOf(input, context)) }),
  },
  ListWorkGroups: {
    takes: ["NextToken", "MaxResults"],
    resource: () => "workgroups",
    needs: () => [{ action: "athena:ListWorkGroups", resource: "*" }],
    run(input, { workgroups }) {
      const { page, ...next } = paged([...workgroups.values()], input, 50);
      return { WorkGroups: page.map(workgroupSummary), ...next };
    },
  },
  GetNamedQuery: {
    takes: ["NamedQueryId"],
    resource: ({ NamedQueryId }) => text(NamedQueryId),
    needs: ({ NamedQueryId }, context) => [
      need("GetNamedQuery", context.namedQueries.get(text(NamedQueryId))?.workgroup ?? "*", context),
    ],
    run: (input, context) => ({ NamedQuery: namedQueryShape(namedQueryOf(input, context)) }),
  },
  BatchGetNamedQuery: {
    takes: ["NamedQueryIds"],
    resource: ({ NamedQueryIds }) => list(NamedQueryIds).join(","),
    needs: ({ NamedQueryIds }, context) =>
      list(NamedQueryIds).map((id) =>
        need("BatchGetNamedQuery", context.namedQueries.get(id)?.workgroup ?? "*", context),
      ),
    run({ NamedQueryIds }, { namedQueries }) {
      const ids = list(NamedQueryIds);
      return {
        NamedQueries: ids.flatMap((id) => namedQueries.get(id) ?? []).map(namedQueryShape),
        UnprocessedNamedQueryIds: ids
          .filter((id) => !namedQueries.has(id))
          .map((id) => ({ NamedQueryId: id, ErrorCode: "NAMED_QUERY_NOT_FOUND" })),
      };
    },
  },
  ListNamedQueries: {
    takes: ["WorkGroup", "NextToken", "MaxResults"],
    ...onWorkgroup("ListNamedQueries"),
    run(input, context) {
      const { name } = workgroupOf(input, context);
      const ids = [...context.namedQueries.values()].flatMap(({ id, workgroup }) => (workgroup === name ? id : []));
      const { page, ...next } = paged(ids, input, 50);
      return { NamedQueryIds: page, ...next };
    },
  },
};
