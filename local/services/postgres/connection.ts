// connection: one client's connection: through the entrance, then its requests, handed on to the session.
// https://www.postgresql.org/docs/17/protocol-flow.html

import { randomInt } from "node:crypto";
import { type EntranceOptions, entrance, strangersLimit } from "./entrance";
import {
  errorResponse,
  int32,
  type Message,
  message,
  messages,
  parameterStatus,
  type Refusal,
  readyForQuery,
} from "./messages";
import type { Entered } from "./session";

export interface ConnectionOptions extends Omit<EntranceOptions, "welcome" | "guarded" | "dismiss"> {
  readonly number: number;
}

export interface Connection {
  readonly number: number;
  /** Whoever knows it may cancel. */
  readonly key: number;
  cancel(): void;
  end(): void;
}

/** PostgreSQL's own limit of a message. */
const limit = 1_073_741_823;
/** Bytes of requests that may wait in here. */
const window = 1_024 * 1_024;
const authenticationOk = 0;

export function connection({ number, ...options }: ConnectionOptions): Connection {
  const { socket, session } = options;
  const key = randomInt(2 ** 31);
  let entered: Entered | undefined;
  let out = false;
  let waiting = 0;
  const door = entrance({ ...options, welcome, guarded, dismiss });
  const cut = messages(() => (entered === undefined ? strangersLimit : limit));

  socket.setNoDelay(true);
  socket.on("data", (chunk: Buffer) =>
    guarded(() => {
      if (!door.begun()) door.begin(chunk);
      else for (const said of cut(chunk)) hear(said);
    }),
  );
  socket.on("error", () => socket.destroy());
  socket.on("close", leave);

  return {
    number,
    key,
    cancel: () => entered?.cancel(),
    end: () => dismiss("57P01", "terminating connection due to administrator command"),
  };

  function guarded(step: () => void): void {
    try {
      step();
    } catch (error) {
      const { code = "XX000", message: words } = error as Partial<Refusal> & Error;
      dismiss(code, words);
    }
  }

  function hear(said: Message): void {
    if (entered === undefined) door.hear(said);
    else ask(entered, said);
  }

  function ask(asked: Entered, said: Message): void {
    if (said.type === "X") {
      leave();
      socket.end();
      return;
    }
    waiting += said.bytes.length;
    if (waiting > window) socket.pause();
    asked.say(said);
  }

  function welcome(user: string, settings: ReadonlyMap<string, string>, greeting: Buffer): void {
    entered = session.enter({ number, user, settings, receive, dismiss, heard });
    const own = {
      session_authorization: user,
      is_superuser: "off",
      application_name: "",
      ...Object.fromEntries(settings),
    };
    socket.write(
      Buffer.concat([
        message("R", int32(authenticationOk)),
        ...messages(() => limit)(greeting).flatMap(({ type, bytes }) => (type === "S" ? [bytes] : [])),
        ...Object.entries(own).map(([name, value]) => parameterStatus(name, value)),
        message("K", int32(number, key)),
        readyForQuery,
      ]),
    );
  }

  function receive(bytes: Buffer, taken: () => void): void {
    socket.write(bytes, taken);
  }

  function heard(bytes: number): void {
    waiting -= bytes;
    if (waiting <= window) socket.resume();
  }

  function dismiss(code: string, words: string, hint?: string): void {
    if (out) return;
    leave();
    socket.write(errorResponse({ severity: "FATAL", code, message: words, ...(hint === undefined ? {} : { hint }) }));
    socket.destroySoon();
  }

  function leave(): void {
    entered?.leave();
    entered = undefined;
    out = true;
    door.leave();
  }
}
