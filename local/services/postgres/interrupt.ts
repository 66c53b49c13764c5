// interrupt: runs an expression in a thread that is busy with a WebAssembly function. Nothing else reaches such a thread, no
// message and no signal: V8 stops where it would for a debugger, runs the expression, and goes on.

import { Session } from "node:inspector";

export interface Interrupt {
  run(expression: string): void;
  end(): void;
}

/** `name` is that of the thread, which no other thread of the process may have. */
export function interrupt(name: string): Interrupt {
  let session: Session | undefined;
  /** The debugger's name for the thread, when it is known. */
  let thread: string | undefined;
  let waiting: string[] = [];

  return {
    run(expression) {
      session ??= open();
      waiting.push(expression);
      flush();
    },
    end() {
      session?.disconnect();
      session = undefined;
    },
  };

  function open(): Session {
    const opened = new Session();
    opened.connect();
    opened.on("NodeWorker.attachedToWorker", ({ params: { sessionId, workerInfo } }) => {
      if (!workerInfo.title.endsWith(` ${name}`)) return;
      thread = sessionId;
      // Not within the debugger's own call.
      setImmediate(flush);
    });
    opened.post("NodeWorker.enable", { waitForDebuggerOnStart: false });
    return opened;
  }

  function flush(): void {
    if (session === undefined || thread === undefined) return;
    for (const expression of waiting) {
      const message = JSON.stringify({ id: 1, method: "Runtime.evaluate", params: { expression } });
      session.post("NodeWorker.sendMessageToWorker", { sessionId: thread, message });
    }
    waiting = [];
  }
}
