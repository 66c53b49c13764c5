// invoke-api: Lambda's Invoke as clients call it: who asks is answered with the function's result, or that the event is accepted.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html

import { text } from "node:stream/consumers";
import { type AwsError, awsError, type Caller, type Incoming, type Outgoing, type Service } from "../../door/service";
import type { Lambda } from "./lambda";

export interface InvokeApiOptions {
  readonly lambda: Lambda;
  readonly region: string;
  readonly accountId: string;
}

/** What a request asks for. */
interface Asked {
  readonly name: string;
  readonly type: "RequestResponse" | "Event" | "DryRun";
  readonly tail: boolean;
  readonly payload: unknown;
}

export function invokeApi({ lambda, region, accountId }: InvokeApiOptions): Service {
  const ours = `arn:aws:lambda:${region}:${accountId}:function:`;

  return {
    name: "lambda",
    refusal,
    async operation(request) {
      const asked = await read(request);
      return {
        name: "Invoke",
        resource: asked.name,
        needs: [{ action: "lambda:InvokeFunction", resource: ours + asked.name }],
        run: (caller) => run(asked, caller),
      };
    },
  };

  async function read({ method, path, query, headers, body }: Incoming): Promise<Asked> {
    const [, function_] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(path) ?? [];
    if (method !== "POST" || function_ === undefined) throw notImitated(`${method} ${path}`);
    const type = header(headers["x-amz-invocation-type"]) ?? "RequestResponse";
    if (type !== "RequestResponse" && type !== "Event" && type !== "DryRun")
      throw awsError("InvalidParameterValueException", `"${type}" is no invocation type`);
    const other = ["x-amz-client-context", "x-amz-tenant-id", "x-amz-durable-execution-name"].find(
      (name) => headers[name] !== undefined,
    );
    if (other !== undefined) throw notImitated(`Invoke with ${other}`);
    if ((query.get("Qualifier") ?? latest) !== latest) throw notImitated("Invoke with another Qualifier than $LATEST");
    const tail = header(headers["x-amz-log-type"]) === "Tail";
    return { name: nameOf(decodeURIComponent(function_)), type, tail, payload: payloadOf(await text(body)) };
  }

  /** Of a name, of an ARN or of the end of one, each with or without `:$LATEST`. */
  function nameOf(id: string): string {
    const [, account, name, qualifier = latest] =
      /^(?:arn:aws:lambda:[\w-]+:)?(?:(\d{12}):function:)?([\w-]+)(?::([\w$-]+))?$/.exec(id) ?? [];
    if (name === undefined) throw awsError("ValidationException", `"${id}" is no name of a function`);
    if (account !== undefined && account !== accountId) throw notImitated("Invoke in another account");
    if (qualifier !== latest) throw notImitated("Invoke with another Qualifier than $LATEST");
    return name;
  }

  async function run({ name, type, tail, payload }: Asked, { principal }: Caller): Promise<Outgoing> {
    if (!lambda.has(name)) throw awsError("ResourceNotFoundException", `Function not found: ${ours}${name}`, 404);
    const source = principal.name;
    if (type === "DryRun") return { status: 204 };
    if (type === "Event") {
      const { requestId } = lambda.invokeAsync(name, payload, { source });
      return { status: 202, headers: { "x-amzn-requestid": requestId } };
    }
    const { payload: result, functionError, requestId, logTail } = await lambda.invoke(name, payload, { source });
    const headers = {
      "content-type": "application/json",
      "x-amzn-requestid": requestId,
      "x-amz-executed-version": latest,
      ...(functionError === undefined ? {} : { "x-amz-function-error": functionError }),
      ...(tail ? { "x-amz-log-result": Buffer.from(logTail).toString("base64") } : {}),
    };
    return { status: 200, headers, body: JSON.stringify(result) };
  }
}

const latest = "$LATEST";

const header = (value: string | string[] | undefined): string | undefined => [value].flat()[0];

/** No payload is an empty object. */
function payloadOf(body: string): unknown {
  try {
    return body === "" ? {} : JSON.parse(body);
  } catch (error) {
    const why = (error as Error).message;
    throw awsError("InvalidRequestContentException", `Could not parse request body into json: ${why}`);
  }
}

const notImitated = (what: string) => awsError("NotImplemented", `${what} is not imitated`, 501);

const refusal = ({ code, message, status }: AwsError): Outgoing => ({
  status,
  headers: { "content-type": "application/json", "x-amzn-errortype": code },
  body: JSON.stringify({ Type: status < 500 ? "User" : "Service", Message: message }),
});
