// backend: the way to the thread in which PostgreSQL runs.

import { join } from "node:path";
import { MessageChannel, Worker } from "node:worker_threads";
import {
  backlogSignal,
  cancelFunction,
  type Line,
  type Said,
  type Sent,
  sentSignal,
  signals,
  window,
} from "./backend-line";
import type { Place } from "./data-directory";
import { interrupt } from "./interrupt";

export interface Backend {
  /** What the server says of itself to every client, when it can be asked; rejects where it cannot be started. */
  readonly ready: Promise<Buffer>;
  /** Resolves when there is room for more. */
  send(bytes: Uint8Array, statement: number): Promise<void>;
  /** Cancels the statement with that number, if it is still running. */
  cancel(statement: number): void;
  end(): Promise<void>;
}

export interface BackendEvents {
  /** To be called for the bytes of an answer; the next ones come when these are said to be `taken`. */
  readonly answered: (bytes: Buffer, taken: () => void) => void;
  /** PostgreSQL has ended, and nobody asked it to. */
  readonly died: (error: Error) => void;
}

/** How long PostgreSQL may take to come to its end. */
const patienceMs = 5_000;

let threads = 0;

export function backend(place: Place, { answered, died }: BackendEvents): Backend {
  const name = `tributary-postgres-${++threads}`;
  const state = new Int32Array(new SharedArrayBuffer(4 * signals));
  const { port1: port, port2 } = new MessageChannel();
  const line: Line = { place, port: port2, signals: state };
  const thread = new Worker(join(__dirname, "backend-thread.ts"), { name, workerData: line, transferList: [port2] });
  const exited = new Promise((resolve) => thread.once("exit", resolve));
  const interrupts = interrupt(name);
  let unread = 0;
  let room: (() => void) | undefined;
  let ending = false;

  const ready = new Promise<Buffer>((resolve, reject) => {
    /** What PostgreSQL has said that may be the reason of its end. */
    let lines: string[] = [];
    let started = false;
    thread.on("error", ({ message }: Error) => lines.push(message));
    thread.on("exit", () => {
      interrupts.end();
      const what = started ? "go on with" : "start";
      const end = new Error(`Cannot ${what} PostgreSQL on "${place.directory}": ${lines.join("; ")}`);
      reject(end);
      room?.();
      if (!ending) died(end);
    });
    port.on("message", (said: Said) => {
      if (said.type === "ready") {
        started = true;
        lines = [];
        resolve(Buffer.from(said.greeting));
      }
      if (said.type === "read") wasRead(said.bytes);
      if (said.type === "answer") answered(Buffer.from(said.bytes.buffer), () => taken(said.bytes.length));
      if (said.type === "log" && (!started || /\b(FATAL|PANIC):/.test(said.line))) lines.push(said.line);
    });
  });
  // Whoever asks hears of it; where nobody does, `died` has told.
  ready.catch(() => undefined);

  return {
    ready,
    async send(bytes, statement) {
      unread += bytes.length;
      // A copy of its own: to send a part of a buffer is to send the whole buffer.
      const copy = new Uint8Array(bytes);
      say({ statement, bytes: copy }, [copy.buffer]);
      if (unread > window) await new Promise<void>((resolve) => (room = resolve));
    },
    cancel: (statement) => interrupts.run(`${cancelFunction}(${statement})`),
    async end() {
      ending = true;
      say("end");
      // A statement that takes longer is broken off; the next start recovers as after a power cut.
      const limit = setTimeout(() => void thread.terminate(), patienceMs);
      await exited;
      clearTimeout(limit);
      port.close();
    },
  };

  function say(sent: Sent, moved: ArrayBuffer[] = []): void {
    port.postMessage(sent, moved);
    Atomics.add(state, sentSignal, 1);
    Atomics.notify(state, sentSignal);
  }

  function wasRead(bytes: number): void {
    unread -= bytes;
    if (unread > window) return;
    room?.();
    room = undefined;
  }

  function taken(bytes: number): void {
    Atomics.sub(state, backlogSignal, bytes);
    Atomics.notify(state, backlogSignal);
  }
}
