// fixture: a runner with small functions, for tests.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { handClock } from "../../clock";
import { type Entry, journal } from "../../door/journal";
import { logs } from "../logs/logs";
import type { FunctionConfig } from "./function-config";
import { type LambdaOptions, lambda } from "./lambda";

export interface FixtureOptions
  extends Partial<Pick<LambdaOptions, "deliver" | "maximumProcesses" | "keptProcesses" | "directory">> {
  readonly endpoint?: string;
}

export function runner(t: TestContext, { endpoint = "http://127.0.0.1:1", ...options }: FixtureOptions = {}) {
  const root = mkdtempSync(join(tmpdir(), "lambda-"));
  const clock = handClock();
  const record = journal();
  const log = logs({ directory: join(root, "logs"), clock, journal: record, mayWrite: () => true });
  const delivered: { destination: string; body: string }[] = [];
  const functions = lambda({
    directory: join(root, "state"),
    endpoint: () => endpoint,
    clock,
    journal: record,
    logs: log,
    deliver: async (_from, destination, body) => {
      delivered.push({ destination, body });
    },
    maximumProcesses: 2,
    keptProcesses: 0,
    ...options,
  });
  t.after(async () => {
    await functions.end();
    log.end();
    rmSync(root, { recursive: true, force: true });
  });

  return {
    root,
    clock,
    log,
    record,
    delivered,
    lambda: functions,
    entries: (operation: string): readonly Entry[] => record.entries.filter((entry) => entry.operation === operation),
    /** Waits until so many entries of an operation are in the journal; on giving up says what is. */
    happened: (operation: string, count = 1): Promise<readonly Entry[]> => happened(record, operation, count),
    /** Creates a function from the text of its `__index.js`; returns its configuration. */
    create(name: string, text: string, settings: Partial<FunctionConfig> = {}): FunctionConfig {
      const code = join(root, "code", name);
      mkdirSync(code, { recursive: true });
      writeFileSync(join(code, "__index.js"), text);
      const config = { ...configOf(name, code), ...settings };
      functions.create(config);
      return config;
    },
  };
}

export function configOf(name: string, code: string): FunctionConfig {
  return {
    name,
    arn: `arn:aws:lambda:eu-central-1:000000000000:function:${name}`,
    principal: {
      name,
      arn: `arn:aws:sts::000000000000:assumed-role/${name}/${name}`,
      accessKeyId: `key-of-${name}`,
      secretAccessKey: `secret-of-${name}`,
      sessionToken: `token-of-${name}`,
      policies: [],
    },
    handler: "__index.handler",
    runtime: "nodejs24.x",
    memoryMb: 256,
    timeoutSeconds: 30,
    diskMb: 512,
    environment: {},
    code,
    layers: [],
    logGroup: `/aws/lambda/${name}`,
    retry: { attempts: 2, maxAgeSeconds: 21_600 },
    onFailure: "arn:aws:sqs:eu-central-1:000000000000:failures",
    tracing: "Active",
  };
}

function happened(record: ReturnType<typeof journal>, operation: string, count: number): Promise<readonly Entry[]> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => {
      stop();
      const seen = record.entries.map((entry) => `${entry.operation} ${entry.resource} ${entry.outcome}`);
      reject(new Error(`Waited for ${count} x ${operation}, but saw: ${seen.join(", ")}`));
    }, 20_000);
    const stop = record.listen(look);
    look();

    function look(): void {
      const found = record.entries.filter((entry) => entry.operation === operation);
      if (found.length < count) return;
      clearTimeout(limit);
      stop();
      resolve(found);
    }
  });
}
