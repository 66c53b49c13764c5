// sandbox: one process of one function, and the line to it. See bootstrap.js for the other end.
//
// The process leads its own process group, so that Ctrl-C in a terminal reaches only the runner, and so that whatever the
// function started itself ends with it.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { environmentOf, heapFlags } from "./environment";
import type { FunctionConfig } from "./function-config";

/** What the function said, or how its process ended without a word. */
export type Answer =
  | { readonly type: "ready" }
  | { readonly type: "response" | "error"; readonly payload: string }
  | { readonly type: "exit"; readonly code: number | null; readonly signal: string | null };

export interface Sandbox {
  readonly pid: number | undefined;
  readonly tmp: string;
  readonly ended: () => boolean;
  send(frame: object): void;
  /** The next answer; it comes after every line that the function printed before it. */
  answer(): Promise<Answer>;
  /** Ends the process, its group and its `/tmp`, at once. */
  kill(): Promise<void>;
}

export interface SandboxOptions {
  readonly config: FunctionConfig;
  readonly endpoint: string;
  /** The `/tmp` that will be made for it. */
  readonly tmp: string;
  readonly logStream: string;
  readonly print: (line: string) => void;
}

const bootstrap = join(__dirname, "bootstrap.js");

export function sandbox({ config, endpoint, tmp, logStream, print }: SandboxOptions): Sandbox {
  mkdirSync(tmp, { recursive: true });
  const mark = `\u0000${randomBytes(12).toString("hex")}`;
  const child = spawn(process.execPath, [...heapFlags(config), bootstrap], {
    cwd: config.code,
    env: environmentOf(config, { endpoint, tmp, logStream }),
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const link: Duplex = duplex(child.stdio[3]);

  let said: Answer | undefined;
  let marks = 0;
  let exit: Answer | undefined;
  let waiting: ((answer: Answer) => void) | undefined;

  const gone = new Promise<void>((resolve) => {
    child.on("error", (error) => print(`Cannot start the function's process: ${error.message}`));
    child.on("exit", () => {
      killGroup();
      // A process that left the group may hold the pipes open for ever.
      setTimeout(() => {
        for (const pipe of child.stdio) pipe?.destroy();
      }, 1_000).unref();
    });
    child.on("close", (code, signal) => {
      exit = { type: "exit", code, signal };
      settle();
      resolve(rm(tmp, { recursive: true, force: true }));
    });
  });
  // A write to a process that has just died fails; its death is told by "close".
  link.on("error", () => {});
  lines(link, (line) => {
    said = JSON.parse(line);
    settle();
  });
  for (const stream of [child.stdout, child.stderr]) if (stream !== null) lines(stream, printed);
  send({ type: "init", mark });

  return {
    pid: child.pid,
    tmp,
    ended: () => exit !== undefined || child.exitCode !== null || child.signalCode !== null,
    send,
    answer: () =>
      new Promise((resolve) => {
        waiting = resolve;
        settle();
      }),
    async kill() {
      killGroup();
      await gone;
    },
  };

  function send(frame: object): void {
    link.write(`${JSON.stringify(frame)}\n`);
  }

  function printed(line: string): void {
    const marked = line.endsWith(mark);
    if (line !== mark) print(marked ? line.slice(0, -mark.length) : line);
    if (marked) marks += 1;
    settle();
  }

  function settle(): void {
    const complete = (said !== undefined && marks >= 2) || exit !== undefined;
    const answer = said ?? exit;
    if (waiting === undefined || !complete || answer === undefined) return;
    const resolve = waiting;
    waiting = undefined;
    if (said !== undefined) marks -= 2;
    said = undefined;
    resolve(answer);
  }

  function killGroup(): void {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // The whole group has ended already.
    }
  }
}

function duplex(stream: unknown): Duplex {
  if (stream instanceof Duplex) return stream;
  throw new Error("Cannot speak with the function: file descriptor 3 is not open");
}

/** Calls `line` for every line of the stream, and for what follows the last line break when the stream ends. */
function lines(stream: NodeJS.ReadableStream, line: (text: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    if (!text.includes("\n")) {
      rest += text;
      return;
    }
    const whole = (rest + text).split("\n");
    rest = whole.pop() ?? "";
    for (const one of whole) line(one);
  });
  stream.on("end", () => {
    if (rest !== "") line(rest);
  });
}
