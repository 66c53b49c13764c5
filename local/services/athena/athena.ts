// athena: Amazon Athena over DuckDB, for the unmodified SDK: queries in Trino's dialect on the Parquet files of the embedded
// S3, as the embedded Glue describes them. It answers as Athena would, or refuses by name; see dialect/compile.ts.

import { type Clock, systemClock } from "../../clock";
import type { Journal } from "../../door/journal";
import { awsError, type Caller, type Service } from "../../door/service";
import type { Catalog } from "../glue/catalog";
import { catalogArns } from "../glue/catalog-arns";
import { inputOf, jsonAnswer, targetOf } from "../json-protocol";
import type { S3 } from "../s3/s3";
import { executions as openExecutions } from "./executions";
import { refusal } from "./invalid-request";
import { type Context, operations } from "./operations";
import { queryError } from "./query-error";
import { runQuery } from "./run-query";
import { s3AsCaller } from "./s3-as-caller";
import { footerReader } from "./tables/footers";
import type { NamedQuery, Workgroup } from "./workgroups";

export interface Athena {
  readonly service: Service;
  /** Creates the workgroup, or changes one that is there. */
  createWorkgroup(workgroup: Workgroup): void;
  createNamedQuery(query: NamedQuery): void;
  /** Resolves when no query is queued or runs. */
  idle(): Promise<void>;
  /** Cancels what runs. */
  end(): Promise<void>;
}

export interface AthenaOptions {
  readonly directory: string;
  readonly region: string;
  readonly account: string;
  readonly catalog: Catalog;
  readonly s3: S3;
  readonly journal: Journal;
  readonly clock?: Clock;
}

export function athena({
  directory,
  region,
  account,
  catalog,
  s3,
  journal,
  clock = systemClock(),
}: AthenaOptions): Athena {
  const executions = openExecutions(directory, clock, journal);
  const footers = footerReader();
  const arns = catalogArns(region, account);
  const workgroups = new Map<string, Workgroup>();
  const namedQueries = new Map<string, NamedQuery>();

  const context: Context = {
    workgroups,
    namedQueries,
    executions,
    tokens: new Map(),
    now: () => clock.now(),
    s3: (caller) => s3AsCaller(s3, caller),
    workgroupArn: (name) => `arn:aws:athena:${region}:${account}:workgroup/${name}`,
    run: (statement, execution, caller) => (signal, place) =>
      runQuery(statement, execution, {
        catalog,
        s3: s3AsCaller(s3, caller),
        mustRead: mustRead(caller),
        footers,
        clock,
        directory: place,
        limit: workgroups.get(execution.workgroup)?.scanLimit,
        signal,
      }),
  };

  return {
    service: {
      name: "athena",
      refusal,
      async operation(request) {
        const name = targetOf(request);
        const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
        if (operation === undefined) throw awsError("NotImplemented", `${name} is not imitated`, 501);
        const input = await inputOf(request);
        const other = Object.keys(input).find((key) => input[key] != null && !operation.takes.includes(key));
        if (other !== undefined) throw awsError("NotImplemented", `${name} with ${other} is not imitated`, 501);
        return {
          name,
          resource: operation.resource(input),
          needs: operation.needs(input, context),
          run: async (caller) => jsonAnswer(await operation.run(input, context, caller)),
        };
      },
    },
    createWorkgroup: (workgroup) => void workgroups.set(workgroup.name, workgroup),
    createNamedQuery: (query) => void namedQueries.set(query.id, query),
    idle: executions.idle,
    end: () => executions.end(),
  };

  /** Athena reads the catalogue in the caller's name, and so the caller needs the rights. */
  function mustRead({ may, principal }: Caller) {
    return (action: string, database?: string, table?: string) => {
      const refused = arns.needs(action, database, table).find((need) => !may(need));
      if (refused === undefined) return;
      throw queryError(
        "PERMISSION_DENIED",
        `Insufficient permissions to execute the query. User: ${principal.arn} is not authorized to perform: ${refused.action} on resource: ${refused.resource}`,
      );
    };
  }
}
