// harness: S3 behind the smallest possible door, for its tests: real HTTP, real signatures, identity policies by prefix.

import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { TestContext } from "node:test";
import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { type Clock, systemClock } from "../../clock";
import type { Principal } from "../../door/principals";
import { awsError, type Caller, type Incoming, isAwsError, type Need, type Outgoing } from "../../door/service";
import { verify } from "../../door/signature";
import type { ObjectEvent } from "./notification";
import { type S3, s3 } from "./s3";

export interface Harness {
  readonly s3: S3;
  readonly url: string;
  readonly directory: string;
  readonly events: ObjectEvent[];
  /** An unmodified client of that principal. */
  client(principal?: Principal, config?: S3ClientConfig): S3Client;
  /** Ends S3 and the server; the directory stays when it was given. */
  end(): Promise<void>;
}

export const operator: Principal = {
  name: "operator",
  arn: "arn:aws:iam::000000000000:root",
  accessKeyId: "AKIAOPERATOR",
  secretAccessKey: "a secret/with+signs",
  policies: "all",
};

/** A principal with temporary credentials that may do nothing but `actions`, each on every resource. */
export const mayOnly = (...actions: string[]): Principal => ({
  name: "reader",
  arn: "arn:aws:sts::000000000000:assumed-role/reader/reader",
  accessKeyId: "ASIAREADER",
  secretAccessKey: "another secret",
  sessionToken: "token/of+the=reader",
  policies: [{ Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] }],
});

/** Ends with the test `t`, at the latest. */
export async function serve(
  t: Pick<TestContext, "after">,
  {
    directory: given,
    clock = systemClock(),
    principals = [operator],
  }: { directory?: string; clock?: Clock; principals?: readonly Principal[] } = {},
): Promise<Harness> {
  const directory = given ?? mkdtempSync(join(tmpdir(), "s3-"));
  const events: ObjectEvent[] = [];
  const service = s3({ directory, clock, onEvent: (event) => events.push(event) });
  const find = (accessKeyId: string) => principals.find((each) => each.accessKeyId === accessKeyId);
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clients: S3Client[] = [];

  t.after(end);

  return {
    s3: service,
    url,
    directory,
    events,
    client(principal = operator, config = {}) {
      const { accessKeyId, secretAccessKey, sessionToken } = principal;
      const credentials = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
      const client = new S3Client({
        region: "us-east-1",
        endpoint: url,
        forcePathStyle: true,
        maxAttempts: 1,
        credentials,
        ...config,
      });
      clients.push(client);
      return client;
    },
    end,
  };

  async function end() {
    if (!server.listening) return;
    for (const client of clients) client.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    service.end();
    if (given === undefined) rmSync(directory, { recursive: true });
  }

  async function answer(message: IncomingMessage, response: ServerResponse) {
    const [path = "", query = ""] = (message.url ?? "").split(/\?(.*)/s);
    const { method = "", headers } = message;
    const request: Incoming = { method, path, query: new URLSearchParams(query), headers, body: message };
    const outgoing = await handle(request).catch((error: unknown) => {
      if (!isAwsError(error)) console.error(error);
      return service.refusal(isAwsError(error) ? error : awsError("InternalError", String(error), 500), request);
    });
    response.writeHead(outgoing.status, { ...outgoing.headers });
    if (outgoing.body instanceof Readable) await pipeline(outgoing.body, response).catch(() => undefined);
    else response.end(outgoing.body);
    message.resume();
  }

  async function handle(incoming: Incoming): Promise<Outgoing> {
    const now = clock.now();
    const { principal, request } = service.isForm(incoming)
      ? await service.verifyForm(incoming, find, now)
      : { ...verify(incoming, find, now), request: incoming };
    const operation = await service.operation(request);
    const caller: Caller = { principal, may: (need) => may(principal, need) };
    const refused = operation.needs.find((need) => !caller.may(need));
    if (refused !== undefined) throw awsError("AccessDenied", `Not authorized: ${refused.action}`, 403);
    return operation.run(caller);
  }
}

const may = ({ policies }: Principal, { action }: Need) =>
  policies === "all" ||
  policies.some(({ Statement }) => Statement.some((each) => [each.Action].flat().includes(action)));
