// entrance: what a client says before it may say anything: encryption, who it is, its password or its token. Whoever asks to
// cancel says no more than that. https://www.postgresql.org/docs/17/protocol-flow.html#PROTOCOL-FLOW-START-UP

import type { Socket } from "node:net";
import type { Place } from "./data-directory";
import type { Login } from "./login";
import { int32, type Message, message, refusal, text, textAt, violation } from "./messages";
import { type Scram, scram, type Verifier } from "./scram";
import type { Session } from "./session";

export interface EntranceOptions {
  readonly socket: Socket;
  readonly place: Place;
  readonly verifier: Verifier;
  readonly session: Session;
  /** Whether this token lets this user in. */
  readonly admits: (user: string, token: string) => boolean;
  /** Somebody asks to cancel what the connection with these is doing. */
  readonly cancel: (number: number, key: number) => void;
  /** Lets in whoever has shown who they are; with what PostgreSQL says of itself. */
  readonly welcome: (user: string, settings: ReadonlyMap<string, string>, greeting: Buffer) => void;
  /** Does what may throw a Refusal, later. */
  readonly guarded: (step: () => void) => void;
  readonly dismiss: (code: string, words: string) => void;
}

export interface Entrance {
  /** Whether the first message has come, after which all begin with a letter. */
  begun(): boolean;
  /** Takes of the first message what has come. Throws a Refusal, as `hear` does. */
  begin(chunk: Buffer): void;
  hear(said: Message): void;
  /** The client has gone. */
  leave(): void;
}

/** Of what is said before the password is known, by PostgreSQL's own limit: MAX_STARTUP_PACKET_LENGTH. */
export const strangersLimit = 10_000;

/** What stands for the version where the first message is no beginning: SSLRequest and GSSENCRequest, CancelRequest. */
const encryption = [80_877_103, 80_877_104];
const cancelRequest = 80_877_102;
const authentication = { cleartextPassword: 3, sasl: 10, saslContinue: 11, saslFinal: 12 };

type State =
  | { readonly name: "startup" | "greeting" | "over" }
  | { readonly name: "password"; readonly asked: Asked; readonly exchange: Scram; begun: boolean }
  | { readonly name: "token"; readonly asked: Asked; readonly login: Login };

/** What the startup message says. */
interface Asked {
  readonly user: string;
  readonly database: string;
  readonly settings: ReadonlyMap<string, string>;
}

export function entrance({
  socket,
  place,
  verifier,
  session,
  admits,
  cancel,
  welcome,
  guarded,
  dismiss,
}: EntranceOptions): Entrance {
  let state: State = { name: "startup" };
  let start: Buffer = Buffer.alloc(0);

  return {
    begun: () => state.name !== "startup",
    begin,
    hear(said) {
      if (state.name === "password") prove(said, state);
      else if (state.name === "token") show(said, state);
      else if (state.name !== "over") throw violation("the client speaks out of turn");
    },
    leave() {
      state = { name: "over" };
    },
  };

  /** The first message has no letter before its length. */
  function begin(chunk: Buffer): void {
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
    waitFor(session.greeting(), (greeting) => {
      state = { name: "over" };
      welcome(user, new Map([...login.settings, ...asked.settings]), greeting);
    });
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
