// backend-line: what goes between the process and the thread in which PostgreSQL runs.

import type { MessagePort } from "node:worker_threads";
import type { Place } from "./data-directory";

/** To the thread: bytes of the statement with that number; or that it is over. */
export type Sent = { readonly statement: number; readonly bytes: Uint8Array } | "end";

/** From the thread: it can be asked, and says this to every client; bytes; so many bytes were read; a line of PostgreSQL's log. */
export type Said =
  | { readonly type: "log"; readonly line: string }
  | { readonly type: "ready"; readonly greeting: Uint8Array }
  | { readonly type: "answer"; readonly bytes: Uint8Array }
  | { readonly type: "read"; readonly bytes: number };

export interface Line {
  readonly place: Place;
  readonly port: MessagePort;
  /** Of both sides: what must be told to a thread that stands still. See the numbers below. */
  readonly signals: Int32Array;
}

/** Counts what was sent: a reader that found nothing waits for it to change. */
export const sentSignal = 0;
/** How many bytes of answers nobody has taken yet. */
export const backlogSignal = 1;
export const signals = 2;

/** Bytes of answers, or of what is asked, that may be on their way. */
export const window = 1_024 * 1_024;

/** The thread's global function that cancels a statement, by its number. */
export const cancelFunction = "cancelStatement";
