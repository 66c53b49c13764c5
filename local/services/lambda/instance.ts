// instance: one execution environment: a process that initialises once and then runs one invocation after another.
//
// It ends an invocation that takes too long, too much memory or too much disk, words what came of it as Lambda does, and
// writes Lambda's START, END and REPORT lines around what the function prints.

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Clock } from "../../clock";
import type { Logs } from "../logs/logs";
import type { FunctionConfig } from "./function-config";
import { type Answer, sandbox } from "./sandbox";
import { diskMb, memoryMb } from "./usage";

/** What came of one invocation. */
export interface Outcome {
  /** JSON: the function's result, or the description of its error. */
  readonly payload: string;
  readonly errorType?: string;
  /** Only of the invocation for which the instance was started. */
  readonly initMs?: number;
  readonly durationMs: number;
  readonly billedMs: number;
  readonly maxMemoryUsedMb: number;
  /** The last 4 KB of the invocation's log. */
  readonly logTail: string;
}

export interface Instance {
  readonly config: FunctionConfig;
  /** Rejects with the code `Ended` when the instance is killed meanwhile. */
  invoke(requestId: string, payload: string): Promise<Outcome>;
  readonly ended: () => boolean;
  kill(): Promise<void>;
  readonly pid: number | undefined;
}

export interface InstanceOptions {
  readonly config: FunctionConfig;
  /** Where the instances have their `/tmp`. */
  readonly directory: string;
  readonly endpoint: string;
  readonly clock: Clock;
  readonly logs: Logs;
}

interface Failure {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html: the init phase is limited to 10 seconds. */
const initSeconds = 10;
/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html; a response may have 100 bytes more. */
const maximumResponse = 6 * 1024 * 1024 + 100;

export function instance({ config, directory, endpoint, clock, logs }: InstanceOptions): Instance {
  const id = randomBytes(16).toString("hex");
  const logStream = `${new Date(clock.now()).toISOString().slice(0, 10).replaceAll("-", "/")}/[$LATEST]${id}`;
  const write = logs.open({ functionName: config.name, groupArn: groupArnOf(config), stream: logStream });
  let tail = "";
  const born = performance.now();
  const box = sandbox({ config, endpoint, tmp: join(directory, id), logStream, print });
  let fresh = true;
  let killed = false;

  return {
    config,
    pid: box.pid,
    ended: box.ended,
    invoke,
    kill() {
      killed = true;
      return box.kill();
    },
  };

  async function invoke(requestId: string, payload: string): Promise<Outcome> {
    tail = "";
    const guard = guarded(requestId);
    try {
      const init = fresh ? await initialised(guard) : undefined;
      print(`START RequestId: ${requestId} Version: $LATEST`);
      const started = performance.now();
      guard.limit(config.timeoutSeconds);
      const answer = init === undefined || init.answer.type === "ready" ? await run(requestId, payload) : init.answer;
      const durationMs = performance.now() - started;
      const memory = await guard.end();
      if (killed) throw Object.assign(new Error(`"${config.name}" was ended during an invocation`), { code: "Ended" });

      const failure = guard.failure() ?? failureOf(answer, requestId);
      if (failure !== undefined) print(`${failure.errorMessage}\n${failure.errorType}`);
      const measured = { ...(init && { initMs: init.ms }), durationMs, maxMemoryUsedMb: Math.ceil(memory) };
      return reported(requestId, measured, failure ?? answer);
    } finally {
      await guard.end();
      // A process that was killed or ended by itself leaves nothing behind.
      if (guard.failure() !== undefined || box.ended()) await box.kill();
    }
  }

  async function initialised(guard: Guard): Promise<{ answer: Answer; ms: number }> {
    fresh = false;
    // AWS starts an initialisation that takes more than 10 s once more, then within the function's own timeout.
    guard.limit(initSeconds + config.timeoutSeconds);
    const answer = await box.answer();
    return { answer, ms: performance.now() - born };
  }

  function run(requestId: string, event: string): Promise<Answer> {
    const deadline = Date.now() + config.timeoutSeconds * 1000;
    box.send({ type: "invoke", requestId, arn: config.arn, deadline, traceId: traceId(config), event });
    return box.answer();
  }

  /** Watches an invocation, and kills the process that goes beyond a limit. */
  function guarded(requestId: string) {
    let failure: Failure | undefined;
    let timer: NodeJS.Timeout | undefined;
    let peak = 0;
    let lastLook: Promise<unknown> | undefined;
    // Reading /proc costs nothing; elsewhere each look starts a `ps`.
    const memoryWatch = setInterval(watchMemory, process.platform === "linux" ? 50 : 500);
    let diskWatch = setTimeout(lookAtDisk, 250);

    return {
      failure: () => failure,
      limit(seconds: number) {
        clearTimeout(timer);
        timer = setTimeout(() => {
          const message = `Task timed out after ${config.timeoutSeconds.toFixed(2)} seconds`;
          fail("Sandbox.Timedout", `RequestId: ${requestId} Error: ${message}`);
        }, seconds * 1000);
      },
      /** Has a last look at what was used; returns the peak of the memory in MB. */
      async end(): Promise<number> {
        clearTimeout(timer);
        clearInterval(memoryWatch);
        clearTimeout(diskWatch);
        lastLook ??= Promise.all([watchMemory(), watchDisk()]);
        await lastLook;
        return Math.min(peak, config.memoryMb);
      },
    };

    async function watchMemory(): Promise<void> {
      const memory = box.pid === undefined || box.ended() ? undefined : await memoryMb(box.pid);
      peak = Math.max(peak, memory?.peak ?? 0);
      if (peak > config.memoryMb)
        fail("Runtime.ExitError", `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`);
    }

    /** Now and then, and the less often the more there is to look at. */
    async function lookAtDisk(): Promise<void> {
      const started = performance.now();
      await watchDisk();
      if (lastLook === undefined) diskWatch = setTimeout(lookAtDisk, Math.max(250, 50 * (performance.now() - started)));
    }

    async function watchDisk(): Promise<void> {
      const used = await diskMb(box.tmp);
      if (used <= config.diskMb) return;
      const message = `ENOSPC: no space left on device: /tmp holds ${used.toFixed(1)} MB, its limit is ${config.diskMb} MB`;
      fail("Runtime.ExitError", `RequestId: ${requestId} Error: ${message}`);
    }

    function fail(errorType: string, errorMessage: string): void {
      if (killed || failure !== undefined) return;
      failure = { errorType, errorMessage };
      void box.kill();
    }
  }

  function reported(requestId: string, measured: Measured, result: Answer | Failure): Outcome {
    const { initMs, durationMs, maxMemoryUsedMb } = measured;
    // Since August 2025 the initialisation is billed as well.
    const billedMs = Math.ceil(durationMs + (initMs ?? 0));
    print(`END RequestId: ${requestId}`);
    print(
      [
        `REPORT RequestId: ${requestId}`,
        `Duration: ${durationMs.toFixed(2)} ms`,
        `Billed Duration: ${billedMs} ms`,
        `Memory Size: ${config.memoryMb} MB`,
        `Max Memory Used: ${maxMemoryUsedMb} MB`,
        ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
        ...("errorType" in result ? [`Status: ${result.errorType === "Sandbox.Timedout" ? "timeout" : "error"}`] : []),
      ].join("\t"),
    );
    return { ...worded(result), ...measured, billedMs, logTail: tail };
  }

  function print(text: string): void {
    for (const line of text.split("\n")) write(line);
    tail = `${tail}${text}\n`.slice(-4096);
  }
}

type Guard = { limit(seconds: number): void };

interface Measured {
  readonly initMs?: number;
  readonly durationMs: number;
  readonly maxMemoryUsedMb: number;
}

/** A failure of the process; an error that the handler threw is none. */
function failureOf(answer: Answer, requestId: string): Failure | undefined {
  if (answer.type === "exit") {
    const { code, signal } = answer;
    const reason = signal === null ? `exit status ${code}` : `signal: ${signals[signal] ?? signal}`;
    const message = code === 0 ? "Runtime exited without providing a reason" : `Runtime exited with error: ${reason}`;
    return { errorType: "Runtime.ExitError", errorMessage: `RequestId: ${requestId} Error: ${message}` };
  }
  if (answer.type === "response" && Buffer.byteLength(answer.payload) > maximumResponse) {
    const errorMessage = `Response payload size exceeded maximum allowed payload size (${maximumResponse} bytes).`;
    return { errorType: "Function.ResponseSizeTooLarge", errorMessage };
  }
  return undefined;
}

function worded(result: Answer | Failure): { payload: string; errorType?: string } {
  if ("errorType" in result) return { payload: JSON.stringify(result), errorType: result.errorType };
  if (!("payload" in result)) return { payload: "null" };
  const { payload } = result;
  return result.type === "error" ? { payload, errorType: JSON.parse(payload).errorType ?? "Error" } : { payload };
}

/** As Go, in which Lambda's own runtime is written, names them. */
const signals: Readonly<Record<string, string>> = {
  SIGABRT: "aborted",
  SIGKILL: "killed",
  SIGSEGV: "segmentation fault",
  SIGTERM: "terminated",
  SIGTRAP: "trace/breakpoint trap",
};

function groupArnOf({ arn, logGroup }: FunctionConfig): string {
  const [, partition, , region, account] = arn.split(":");
  return `arn:${partition}:logs:${region}:${account}:log-group:${logGroup}`;
}

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html, "Tracing header". */
function traceId({ tracing }: FunctionConfig): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  const [root, parent] = [randomBytes(12).toString("hex"), randomBytes(8).toString("hex")];
  return `Root=1-${seconds}-${root};Parent=${parent};Sampled=${tracing === "Active" ? 1 : 0}`;
}
