// connection: one client's connection: what it says before it may say anything (encryption, who it is, its password), then its
// requests, handed on to the session. https://www.postgresql.org/docs/17/protocol-flow.html

import { randomInt } from "node:crypto";
import type { Socket } from "node:net";
import type { Place } from "./data-directory";
import type { Login } from "./login";
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
  /** Whether this token lets this user in. */
  readonly admits: (user: string, token: string) => boolean;
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
const authentication = { ok: 0, cleartextPassword: 3, sasl: 10, saslContinue: 11, saslFinal: 12 };

type State =
  | { readonly name: "startup" | "greeting" | "out" }
  | { readonly name: "password"; readonly asked: Asked; readonly exchange: Scram; begun: boolean }
  | { readonly name: "token"; readonly asked: Asked; readonly login: Login }
  | { readonly name: "in"; readonly entered: Entered };

/** What the startup message says. */
interface Asked {
  readonly user: string;
  readonly database: string;
  readonly settings: ReadonlyMap<string, string>;
}

export function connection({
  socket,
  number,
  place,
  verifier,
  session,
  admits,
  cancel,
}: ConnectionOptions): Connection {
  const key = randomInt(2 ** 31);
  const cut = messages(() => (state.name === "in" ? limit : strangersLimit));
  let state: State = { name: "startup" };
  let start: Buffer = Buffer.alloc(0);
  let waiting = 0;

  socket.setNoDelay(true);
  socket.on("data", (chunk: Buffer) =>
    guarded(() => {
      if (state.name === "startup") startup(chunk);
      else for (const said of cut(chunk)) hear(said);
    }),
  );
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

  function guarded(step: () => void): void {
    try {
      step();
    } catch (error) {
      const { code = "XX000", message: words } = error as Partial<Refusal> & Error;
      dismiss(code, words);
    }
  }

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
    else introduce(packet, code & 0xffff);
  }

  function introduce(packet: Buffer, minor: number): void {
    const parameters = parametersOf(packet);
    const user = parameters.get("user") ?? "";
    const unknown = [...parameters.keys()].filter((name) => name.startsWith("_pq_."));
    if (minor > 0 || unknown.length > 0) socket.write(message("v", int32(0, unknown.length), ...unknown.map(text)));
    if (user === "") throw refusal("28000", "no PostgreSQL user name specified in startup packet");
    if ((parameters.get("replication") ?? "false") !== "false") throw refusal("0A000", "replication is not imitated");
    const asked = { user, database: parameters.get("database") ?? user, settings: settingsOf(parameters) };
    if (user === place.user) askForPassword(asked);
    else waitFor(session.login(user), (login) => (login?.byToken ? askForToken(asked, login) : askForPassword(asked)));
  }

  function askForPassword(asked: Asked): void {
    state = { name: "password", asked, exchange: scram(verifier), begun: false };
    socket.write(message("R", int32(authentication.sasl), text("SCRAM-SHA-256"), "\0"));
  }

  function askForToken(asked: Asked, login: Login): void {
    state = { name: "token", asked, login };
    socket.write(message("R", int32(authentication.cleartextPassword)));
  }

  function hear(said: Message): void {
    if (state.name === "password") prove(said, state);
    else if (state.name === "token") show(said, state);
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
    waitFor(session.login(asked.user), (login) => enter(asked, login));
  }

  function show({ type, bytes }: Message, { asked, login }: Extract<State, { name: "token" }>): void {
    if (type !== "p") throw violation(`expected password response, got message type ${type.charCodeAt(0)}`);
    if (!admits(asked.user, textAt(bytes, 5).value)) {
      throw refusal("28000", `PAM authentication failed for user "${asked.user}"`);
    }
    enter(asked, login);
  }

  function enter(asked: Asked, login: Login | undefined): void {
    const { user, database } = asked;
    if (database !== place.database) throw refusal("3D000", `database "${database}" does not exist`);
    if (login?.mayLogIn !== true) throw refusal("28000", `role "${user}" is not permitted to log in`);
    if (!login.mayConnect) throw refusal("42501", `permission denied for database "${database}"`);
    waitFor(session.greeting(), (greeting) =>
      welcome(greeting, asked, new Map([...login.settings, ...asked.settings])),
    );
  }

  /** What PostgreSQL must be there for. */
  function waitFor<T>(answer: Promise<T>, then: (value: T) => void): void {
    state = { name: "greeting" };
    answer.then(
      (value) => {
        if (state.name === "greeting") guarded(() => then(value));
      },
      (error: Error) => dismiss("57P03", `the database system cannot be started: ${error.message}`),
    );
  }

  function welcome(greeting: Buffer, { user }: Asked, settings: ReadonlyMap<string, string>): void {
    state = { name: "in", entered: session.enter({ number, user, settings, receive, dismiss, heard }) };
    const own = {
      session_authorization: user,
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
