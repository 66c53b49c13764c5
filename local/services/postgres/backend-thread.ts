// backend-thread: PostgreSQL, in a thread of its own. It stands there as a server's process does: it reads what a client says
// and writes its answers, and it knows one client.
//
//   in    port   Sent: bytes of the protocol; at last "end"
//   out   port   Said: "ready", bytes of the answers, how many bytes were read
//
// A query holds this thread until it ends, and nothing else. In the middle of a request, a COPY for example, the backend waits
// for the rest in a blocking read; and it waits where nobody takes its answers. Neither lies whole in memory.

import { receiveMessageOnPort, workerData } from "node:worker_threads";
import { backlogSignal, cancelFunction, type Line, type Said, type Sent, sentSignal, window } from "./backend-line";
import { openDataDirectory } from "./data-directory";
import { engine } from "./engine";

const { place, port, signals } = workerData as Line;
let chunk: Uint8Array = new Uint8Array(0);
/** Of the statement that runs; 0 between statements. */
let statement = 0;

void serve();

async function serve(): Promise<void> {
  const pglite = await openDataDirectory(place, (line) => say({ type: "log", line }));
  // The answer to a startup packet: what the server says of itself to every client.
  say({ type: "ready", greeting: pglite.execProtocolRawSync(startupPacket()).slice() });
  const postgres = engine(pglite, { read, write, left: () => chunk.length });
  Object.assign(globalThis, { [cancelFunction]: (number: number) => number === statement && postgres.cancel() });

  port.on("message", (sent: Sent) => {
    if (sent === "end") {
      void pglite.close().then(() => port.close());
      return;
    }
    take(sent);
    postgres.run();
    statement = 0;
  });
}

function take({ statement: number, bytes }: Exclude<Sent, "end">): void {
  statement = number;
  chunk = bytes;
}

function read(into: Uint8Array): number {
  while (chunk.length === 0) {
    const seen = Atomics.load(signals, sentSignal);
    const received = receiveMessageOnPort(port) as { message: Sent } | undefined;
    if (received === undefined) Atomics.wait(signals, sentSignal, seen);
    // Whoever ends everything does not wait for a client; the next start finds a database that was switched off.
    else if (received.message === "end") process.exit();
    else take(received.message);
  }
  const bytes = chunk.subarray(0, into.length);
  into.set(bytes);
  chunk = chunk.subarray(bytes.length);
  say({ type: "read", bytes: bytes.length });
  return bytes.length;
}

function write(bytes: Uint8Array): void {
  const copy = bytes.slice();
  say({ type: "answer", bytes: copy }, [copy.buffer]);
  Atomics.add(signals, backlogSignal, bytes.length);
  for (let backlog = window + 1; backlog > window; ) {
    backlog = Atomics.load(signals, backlogSignal);
    if (backlog > window) Atomics.wait(signals, backlogSignal, backlog);
  }
}

function say(said: Said, moved: ArrayBuffer[] = []): void {
  port.postMessage(said, moved);
}

function startupPacket(): Uint8Array {
  const version = Buffer.from([0, 3, 0, 0]);
  const body = Buffer.from(`user\0${place.user}\0database\0${place.database}\0\0`);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(8 + body.length);
  return Buffer.concat([length, version, body]);
}
