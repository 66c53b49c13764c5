// connection: one client's connection: what it says before it may say anything (encryption, who it is, its password), then its
// requests, handed on to the session. https://www.postgresql.org/docs/17/protocol-flow.html

import { randomInt } from "node:crypto";
import type { Socket } from "node:net";
import type { Place } from "./data-directory";
import {
  errorResponse,
  int32,
  type Message,
  message,
  messages,
  parameterStatus,
  type Refusal,
  readyForQuery,
  refusal,
  text,
  textAt,
  violation,
} from "./messages";
import { type Scram, scram, type Verifier } from "./scram";
import type { Entered, Session } from "./session";

export interface ConnectionOptions {
  readonly socket: Socket;
  readonly number: number;
  readonly place: Place;
  readonly verifier: Verifier;
  readonly session: Session;
  /** Somebody asks to cancel what the connection with these is doing. */
  readonly cancel: (number: number, key: number) => void;
}

export interface Connection {
  readonly number: number;
  /** Whoever knows it may cancel. */
  readonly key: number;
  cancel(): void;
  end(): void;
}

/** PostgreSQL's own limits: of what is said before the password is known (MAX_STARTUP_PACKET_LENGTH), and of any message. */
const strangersLimit = 10_000;
const limit = 1_073_741_823;
/** Bytes of requests that may wait in here. */
const window = 1_024 * 1_024;

/** What stands for the version where the first message is no beginning: SSLRequest and GSSENCRequest, CancelRequest. */
const encryption = [80_877_103, 80_877_104];
const cancelRequest = 80_877_102;
const authentication = { ok: 0, sasl: 10, saslContinue: 11, saslFinal: 12 };

type State =
  | { readonly name: "startup" | "greeting" | "out" }
  | { readonly name: "password"; readonly asked: Asked; readonly exchange: Scram; begun: boolean }
  | { readonly name: "in"; readonly entered: Entered };

/** What the startup message says. */
interface Asked {
  readonly user: string;
  readonly database: string;
  readonly settings: ReadonlyMap<string, string>;
}

export function connection({ socket, number, place, verifier, session, cancel }: ConnectionOptions): Connection {
  const key = randomInt(2 ** 31);
  const cut = messages(() => (state.name === "in" ? limit : strangersLimit));
  let state: State = { name: "startup" };
  let start: Buffer = Buffer.alloc(0);
  let waiting = 0;

  socket.setNoDelay(true);
  socket.on("data", (chunk: Buffer) => {
    try {
      if (state.name === "startup") startup(chunk);
      else for (const said of cut(chunk)) hear(said);
    } catch (error) {
      const { code = "XX000", message: words } = error as Partial<Refusal> & Error;
      dismiss(code, words);
    }
  });
  socket.on("error", () => socket.destroy());
  socket.on("close", leave);

  return {
    number,
    key,
    cancel() {
      if (state.name === "in") state.entered.cancel();
    },
    end: () => dismiss("57P01", "terminating connection due to administrator command"),
  };

  /** The first message has no letter before its length. */
  function startup(chunk: Buffer): void {
    start = Buffer.concat([start, chunk]);
    if (start.length < 8) return;
    const length = start.readUInt32BE(0);
    const code = start.readUInt32BE(4);
    if (length < 8 || length > strangersLimit) throw violation("invalid length of startup packet");
    if (start.length < length) return;
    if (start.length > length) throw violation("received data after the startup packet");
    const packet = start;
    start = Buffer.alloc(0);
    if (encryption.includes(code)) socket.write("N");
    else if (code === cancelRequest) {
      if (length === 16) cancel(packet.readUInt32BE(8), packet.readUInt32BE(12));
      socket.end();
    } else if (code >>> 16 !== 3) throw violation(`unsupported frontend protocol ${code >>> 16}.${code & 0xffff}`);
    else askForPassword(packet, code & 0xffff);
  }

  function askForPassword(packet: Buffer, minor: number): void {
    const parameters = parametersOf(packet);
    const user = parameters.get("user") ?? "";
    const unknown = [...parameters.keys()].filter((name) => name.startsWith("_pq_."));
    if (minor > 0 || unknown.length > 0) socket.write(message("v", int32(0, unknown.length), ...unknown.map(text)));
    if (user === "") throw refusal("28000", "no PostgreSQL user name specified in startup packet");
    if ((parameters.get("replication") ?? "false") !== "false") throw refusal("0A000", "replication is not imitated");
    const asked = { user, database: parameters.get("database") ?? user, settings: settingsOf(parameters) };
    state = { name: "password", asked, exchange: scram(verifier), begun: false };
    socket.write(message("R", int32(authentication.sasl), text("SCRAM-SHA-256"), "\0"));
  }

  function hear(said: Message): void {
    if (state.name === "password") prove(said, state);
    else if (state.name === "in") ask(said, state);
    else if (state.name !== "out") throw violation("the client speaks out of turn");
  }

  function ask(said: Message, { entered }: Extract<State, { name: "in" }>): void {
    if (said.type === "X") {
      leave();
      socket.end();
      return;
    }
    waiting += said.bytes.length;
    if (waiting > window) socket.pause();
    entered.say(said);
  }

  function prove({ type, bytes }: Message, at: Extract<State, { name: "password" }>): void {
    const { asked, exchange } = at;
    if (type !== "p") throw violation(`expected SASL response, got message type ${type.charCodeAt(0)}`);
    if (!at.begun) {
      const mechanism = textAt(bytes, 5);
      if (mechanism.value !== "SCRAM-SHA-256")
        throw violation("client selected an invalid SASL authentication mechanism");
      at.begun = true;
      const answer = exchange.begin(bytes.toString("utf8", mechanism.next + 4));
      socket.write(message("R", int32(authentication.saslContinue), answer));
      return;
    }
    const proof = exchange.finish(bytes.toString("utf8", 5));
    // Nobody learns which of the two it was.
    if (proof === undefined || asked.user !== place.user) {
      throw refusal("28P01", `password authentication failed for user "${asked.user}"`);
    }
    socket.write(message("R", int32(authentication.saslFinal), proof));
    if (asked.database !== place.database) throw refusal("3D000", `database "${asked.database}" does not exist`);
    state = { name: "greeting" };
    session.greeting().then(
      (greeting) => welcome(greeting, asked),
      (error: Error) => dismiss("57P03", `the database system cannot be started: ${error.message}`),
    );
  }

  function welcome(greeting: Buffer, { settings }: Asked): void {
    if (state.name !== "greeting") return;
    state = { name: "in", entered: session.enter({ number, settings, receive, dismiss, heard }) };
    const own = {
      session_authorization: place.user,
      is_superuser: "off",
      application_name: "",
      ...Object.fromEntries(settings),
    };
    socket.write(
      Buffer.concat([
        message("R", int32(authentication.ok)),
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
    if (state.name === "out") return;
    leave();
    socket.write(errorResponse({ severity: "FATAL", code, message: words, ...(hint === undefined ? {} : { hint }) }));
    socket.destroySoon();
  }

  function leave(): void {
    if (state.name === "in") state.entered.leave();
    state = { name: "out" };
  }
}

function parametersOf(packet: Buffer): Map<string, string> {
  const parameters = new Map<string, string>();
  for (let at = 8; at < packet.length && packet[at] !== 0; ) {
    const name = textAt(packet, at);
    const value = textAt(packet, name.next);
    parameters.set(name.value, value.value);
    at = value.next;
  }
  return parameters;
}

/** Whatever is not about the connection itself is a setting, and `options` has more of them: `-c work_mem=8MB`. */
function settingsOf(parameters: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const notSettings = ["user", "database", "options", "replication"];
  const options = [...(parameters.get("options") ?? "").matchAll(/(?:-c\s*|--)([\w.]+)=((?:\\.|\S)*)/g)];
  return new Map([
    ...options.map(([, name = "", value = ""]): [string, string] => [name, value.replaceAll(/\\(.)/g, "$1")]),
    ...[...parameters].filter(([name]) => !notSettings.includes(name) && !name.startsWith("_pq_.")),
  ]);
}
