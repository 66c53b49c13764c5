// start-query: StartQueryExecution: https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html

import { awsError, type Caller } from "../../door/service";
import type { Execution } from "./execution";
import { newId } from "./executions";
import { type Input, list, text, workgroupOf } from "./found";
import { invalidInput, invalidRequest } from "./invalid-request";
import type { Context } from "./operations";
import { s3Location } from "./s3-as-caller";
import { statementOf } from "./statement";
import type { Workgroup } from "./workgroups";

export function start(input: Input, context: Context, caller: Caller): unknown {
  const workgroup = workgroupOf(input, context);
  const {
    QueryString,
    ClientRequestToken,
    QueryExecutionContext = {},
    ResultConfiguration = {},
    ExecutionParameters,
  } = input;
  const query = text(QueryString);
  if (query.trim() === "") throw invalidInput("queryString is empty");
  if (Buffer.byteLength(query) > 262_144) {
    throw invalidInput(
      "1 validation error detected: Value at 'queryString' failed to satisfy constraint: Member must have length less than or equal to 262144",
    );
  }
  const token = text(ClientRequestToken);
  const asked = JSON.stringify({ ...input, ClientRequestToken: undefined });
  const before = token === "" ? undefined : context.tokens.get(`${caller.principal.arn} ${token}`);
  if (before !== undefined) {
    if (before.asked !== asked)
      throw invalidRequest("IDEMPOTENT_PARAMETER_MISMATCH", "Idempotent parameters do not match");
    return { QueryExecutionId: before.id };
  }
  const { Database, Catalog } = QueryExecutionContext as { readonly Database?: string; readonly Catalog?: string };
  const output = outputOf(workgroup, ResultConfiguration as Input);
  const statement = statementOf(query, Database ?? "default");
  const id = newId();
  const ending = { DML: statement.kind.name === "SELECT" ? ".csv" : "", DDL: ".txt", UTILITY: ".txt" }[
    statement.kind.type
  ];
  const execution: Execution = {
    id,
    query,
    parameters: list(ExecutionParameters),
    workgroup: workgroup.name,
    database: Database,
    catalog: Catalog ?? "AwsDataCatalog",
    kind: statement.kind,
    output: `${output.replace(/\/?$/, "/")}${id}${ending}`,
    submitted: context.now(),
    state: "QUEUED",
    scanned: 0,
    planning: 0,
    rows: 0,
    columns: [],
  };
  if (token !== "") context.tokens.set(`${caller.principal.arn} ${token}`, { asked, id });
  context.executions.start(execution, caller.principal.name, context.run(statement, execution, caller));
  return { QueryExecutionId: id };
}

function outputOf({ enforced, output }: Workgroup, { OutputLocation, ...more }: Input): string {
  const other = Object.keys(more).find((key) => more[key] !== undefined);
  if (!enforced && other !== undefined)
    throw awsError("NotImplemented", `ResultConfiguration with ${other} is not imitated`, 501);
  const location = enforced ? output : text(OutputLocation) || output;
  if (location === undefined) {
    throw invalidRequest(
      "INVALID_INPUT",
      "No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.",
    );
  }
  if (s3Location(location) === undefined) throw invalidInput(`outputLocation is not a valid S3 path: ${location}`);
  return location;
}
