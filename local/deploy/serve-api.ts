// serve-api: the registered HTTP API, where the program has one, on a port of its own, with its access log in the group that
// its stage names.

import type { Clock } from "../clock";
import type { Journal } from "../door/journal";
import type { Principal } from "../door/principals";
import type { ApiConfig } from "../services/api-gateway/api-config";
import { type ApiGateway, type ApiGatewayOptions, openApiGateway } from "../services/api-gateway/api-gateway";
import type { Lambda } from "../services/lambda/lambda";
import type { Logs } from "../services/logs/logs";
import { apiConfig, apiService } from "./apis";
import type { Registry } from "./registry";

export interface Behind {
  readonly lambda: Lambda;
  readonly keysOf: ApiGatewayOptions["keysOf"];
  readonly clock: Clock;
  readonly journal: Journal;
  readonly logs: Logs;
  /** Those who write logs, by the names that they write under; the API's own is added. */
  readonly writers: Map<string, Principal>;
  /** Any free one where it is not given. */
  readonly port: number | undefined;
}

export async function serveApi(
  registry: Registry,
  { lambda, keysOf, clock, journal, logs, writers, port }: Behind,
): Promise<ApiGateway | undefined> {
  const api = apiConfig(registry, (issuer) => keysOf(issuer) !== undefined);
  if (api === undefined) return undefined;
  const log = accessLogOf(api, logs, writers);
  return openApiGateway({ api, lambda, keysOf, clock, journal, log, ...(port === undefined ? {} : { port }) });
}

/** AWS itself lets the gateway write there, once the group is named in the stage. */
function accessLogOf(
  { name, accessLog }: ApiConfig,
  logs: Logs,
  writers: Map<string, Principal>,
): (line: string) => void {
  if (accessLog === undefined) return () => undefined;
  const { groupArn } = accessLog;
  const writer = `api/${name}`;
  const Statement = [{ Effect: "Allow", Action: "logs:PutLogEvents", Resource: `${groupArn}:*` }] as const;
  writers.set(writer, { ...signsNothing, name: writer, arn: apiService, policies: [{ Statement }] });
  return logs.open({ functionName: writer, groupArn, stream: "access" });
}

const signsNothing = { accessKeyId: "", secretAccessKey: "" };
