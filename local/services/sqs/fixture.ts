// fixture: SQS behind a door without a lock, for tests: real HTTP, nobody is asked who they are.

import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { TestContext } from "node:test";
import { SQSClient } from "@aws-sdk/client-sqs";
import { handClock } from "../../clock";
import { journal } from "../../door/journal";
import type { Principal } from "../../door/principals";
import { type Incoming, isAwsError, type Need, type Service } from "../../door/service";
import type { QueueConfig } from "./queue";
import { sqs } from "./sqs";

const principal: Principal = {
  name: "operator",
  arn: "arn:aws:iam::000000000000:user/operator",
  accessKeyId: "key",
  secretAccessKey: "secret",
  policies: "all",
};

export const arnOf = (name: string): string => `arn:aws:sqs:eu-central-1:000000000000:${name}`;

export const queueOf = (name: string, settings: Partial<QueueConfig> = {}): QueueConfig => ({
  name,
  arn: arnOf(name),
  visibilitySeconds: 30,
  retentionSeconds: 345_600,
  ...settings,
});

export async function queues(t: TestContext, root = mkdtempSync(join(tmpdir(), "sqs-"))) {
  const clock = handClock();
  const record = journal();
  const needs: Need[] = [];
  let endpoint = "";
  const service = sqs({
    directory: root,
    clock,
    journal: record,
    endpoint: () => endpoint,
    accountId: "000000000000",
    region: "eu-central-1",
  });
  const door = bareDoor(service.service, needs);
  await new Promise<void>((listening) => door.listen(0, "127.0.0.1", listening));
  endpoint = `http://127.0.0.1:${portOf(door)}`;
  const client = new SQSClient({
    endpoint,
    region: "eu-central-1",
    credentials: { accessKeyId: "key", secretAccessKey: "secret" },
    maxAttempts: 1,
  });
  const end = once(() => {
    service.end();
    client.destroy();
    door.closeAllConnections();
    door.close();
  });
  t.after(() => {
    end();
    rmSync(root, { recursive: true, force: true });
  });
  return { root, clock, client, sqs: service, needs, end, entries: () => record.entries, endpoint };
}

function bareDoor({ operation, refusal }: Service, needs: Need[]) {
  return createServer(async (message, response) => {
    const { pathname, searchParams } = new URL(message.url ?? "/", "http://door");
    const { method = "", headers } = message;
    const request: Incoming = { method, path: pathname, query: searchParams, headers, body: message };
    try {
      const asked = await operation(request);
      needs.push(...asked.needs);
      const { status, headers, body } = await asked.run({ principal, may: () => true });
      response.writeHead(status, headers);
      body instanceof Readable ? body.pipe(response) : response.end(body);
    } catch (error) {
      if (!isAwsError(error)) throw error;
      const { status, headers, body } = refusal(error, request);
      response.writeHead(status, headers).end(body);
    }
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The door does not listen on a port");
  return address.port;
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (!done) action();
    done = true;
  };
}
