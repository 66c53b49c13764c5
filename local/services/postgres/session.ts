// session: many clients and the one session that PGlite has. A client has it from its first word to the end of its transaction;
// the others wait, and take their turns.
//
//   client ──> seat ──┐
//   client ──> seat ──┼──(one at a time)──> backend
//   client ──> seat ──┘
//
// When a client takes over, its user, settings and statement without a name come with it. A client that goes is cleared
// away: its transaction is rolled back. What stays shared, and on a real server would not be: the names of temporary tables,
// `currval`, and prepared statements and cursors (`with hold`) that SQL itself names. Of timeouts, that of statements
// passes.

import { type Backend, backend } from "./backend";
import type { Place } from "./data-directory";
import { everyUser, type Login, loginsOf } from "./login";
import { close, complaintOf, copyFail, type Message, messages, query, rowOf, sync } from "./messages";
import { type Sign, scan } from "./scan";
import { asks, type Client, hear, makesUnnamed, next, refuse, type Seat, seatOf, translated } from "./seat";
import { changedSettings, takeOver } from "./settings";

export interface Session {
  /** What the server says of itself, when it can be asked; rejects where it cannot be started. */
  greeting(): Promise<Buffer>;
  /** What it knows of a user; nothing where there is none of that name. */
  login(user: string): Promise<Login | undefined>;
  enter(client: Client): Entered;
  end(): Promise<void>;
}

export interface Entered {
  say(message: Message): void;
  /** Cancels what the client is waiting for. */
  cancel(): void;
  leave(): void;
}

export interface SessionOptions {
  /** How long a client may leave its transaction alone while others wait. */
  readonly idleMs: number;
  /** What clients may never hear of: who was sent away, and why PostgreSQL has ended. */
  readonly note: (operation: "Dismiss" | "Crash", code: string, words: string) => void;
}

/** Bytes of requests that are handed over at once. */
const portion = 64 * 1_024;
/** How often it is looked whether a request takes too long, for its client or for the others. */
const watchMs = 20;
/** How long the end waits for a statement that was cancelled. */
const patienceMs = 3_000;

export function session(place: Place, { idleMs, note }: SessionOptions): Session {
  /** In the order of their turns. */
  const seats = new Set<Seat>();
  /** Whoever comes in the middle of another one's transaction must not wait for its end. */
  let logins = Promise.withResolvers<ReadonlyMap<string, Login>>();
  let known = false;
  let postgres: Backend | undefined;
  /** Resolves when the one before has left the directory. */
  let stopped: Promise<void> | undefined;
  let crash: Error | undefined;
  let ended = false;
  let wake: () => void = () => undefined;

  let holder: Seat | undefined;
  /** Whose settings the backend has, and whose statement without a name. */
  let settled: Seat | undefined;
  let unnamed: Seat | undefined;
  /** Counts requests; and of the one under way: its answer's end, whether the backend reads a COPY, who hears the answer. */
  let statement = 0;
  let status: "I" | "T" | "E" | undefined;
  let asking = false;
  let simple = false;
  let copying = false;
  /** Who has the session wants no answer any more. */
  let cancelled = false;
  let quiet: Message[] | undefined;
  const served = serve();

  return {
    greeting,
    async login(user) {
      await greeting();
      return (await logins.promise).get(user);
    },
    enter(client) {
      const seat = seatOf(client);
      seats.add(seat);
      return {
        say(message) {
          hear(seat, message);
          wake();
        },
        cancel: () => cancel(seat),
        leave() {
          seat.gone = true;
          if (seat === holder) cancelled = true;
          wake();
        },
      };
    },
    async end() {
      ended = true;
      for (const { client } of seats) client.dismiss("57P01", "terminating connection due to administrator command");
      wake();
      const limit = new Promise<void>((resolve) => setTimeout(resolve, patienceMs).unref());
      await Promise.race([served, limit]);
      await postgres?.end();
    },
  };

  async function greeting(): Promise<Buffer> {
    await stopped;
    postgres ??= start();
    wake();
    return postgres.ready;
  }

  function start(): Backend {
    const look = scan(sign);
    const cut = messages(() => Number.POSITIVE_INFINITY);
    return backend(place, {
      answered(bytes, taken) {
        look(bytes);
        if (quiet !== undefined) quiet.push(...cut(bytes));
        if (quiet === undefined && holder !== undefined && !holder.gone) holder.client.receive(bytes, taken);
        else taken();
        wake();
      },
      died(error) {
        crash = error;
        wake();
      },
    });
  }

  function sign(found: Sign): void {
    if (found === "copy") copying = true;
    // In a way that no look at its words shows. PostgreSQL would not have let it.
    else if (found === "user") {
      if (quiet === undefined) holder?.client.dismiss("0A000", "SET SESSION AUTHORIZATION is not imitated");
    } else if (found !== "error") status = found;
    // The rest of what the client sends is of no use any more; a Sync that came before it was taken for a part of it.
    else if (copying) {
      copying = false;
      asking = !simple;
    }
  }

  async function serve(): Promise<void> {
    for (;;) {
      // What those who went have locked is free before anybody else asks for it.
      const seat = [...seats].find(({ gone }) => gone) ?? [...seats].find(asks);
      if (crash !== undefined) recover(crash);
      else if (!known && postgres !== undefined && !ended)
        await meet(postgres).catch((error) => ended || recover(crash ?? error));
      else if (seat !== undefined) await turn(seat).catch((error) => recover(crash ?? error));
      else if (ended) return;
      else await change();
    }
  }

  function change(): Promise<void> {
    return new Promise((resolve) => {
      wake = resolve;
    });
  }

  async function turn(seat: Seat): Promise<void> {
    holder = seat;
    cancelled = false;
    try {
      if (!seat.gone && (await settle(seat))) await hold(seat);
      if (seat.gone) await clear(seat);
    } finally {
      holder = undefined;
      if (seat.changedRoles) forget(new Error("roles have changed"));
      seat.changedRoles = false;
      // To the end of the line.
      if (seats.delete(seat) && !seat.gone) seats.add(seat);
    }
  }

  /** Until it is outside of a transaction, and has no lock that others would have to respect. */
  async function hold(seat: Seat): Promise<void> {
    do {
      await request(seat, seat.statementTimeout && status !== "E" ? await statementTimeout() : 0);
      if (status === "I" && seat.locks && !seat.gone) {
        const [row] = await exchange(query("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"));
        seat.locks = row?.[0] !== "0";
        cancelled = false;
      }
    } while (!seat.gone && (status !== "I" || seat.locks));
  }

  /** One request, from its first message to the end of its answer. */
  async function request(seat: Seat, limitMs: number): Promise<void> {
    begin();
    const number = statement;
    let askedAt = Number.POSITIVE_INFINITY;
    let idleSince: number | undefined;
    const watch = setInterval(() => {
      const late = limitMs > 0 && performance.now() - askedAt > limitMs;
      // Again and again, because what comes to the thread before the request does has nothing to cancel.
      if (!asking && (cancelled || late)) postgres?.cancel(number);
      const idle = idleSince !== undefined && performance.now() - idleSince > idleMs;
      if (idle && [...seats].some((other) => other !== seat && (other.gone || asks(other)))) evict(seat);
    }, watchMs);
    try {
      while (asking || status === undefined) {
        if (crash !== undefined) throw crash;
        const bytes = seat.gone ? farewell() : portionOf(seat);
        if (bytes === undefined) {
          if (asking || copying) idleSince ??= performance.now();
          await change();
          continue;
        }
        idleSince = undefined;
        askedAt = Math.min(askedAt, performance.now());
        await postgres?.send(bytes, number);
      }
    } finally {
      clearInterval(watch);
      cancelled = false;
    }
  }

  /** In milliseconds; 0 is for ever. PGlite itself has no clock that could stop it. */
  async function statementTimeout(): Promise<number> {
    const [row] = await exchange(query("SELECT setting FROM pg_settings WHERE name = 'statement_timeout'"));
    return Number(row?.[0]);
  }

  function begin(): void {
    statement += 1;
    status = undefined;
    asking = true;
    simple = false;
    copying = false;
  }

  /** As much as the client has said, and the backend can hear now. */
  function portionOf(seat: Seat): Buffer | undefined {
    const parts: Buffer[] = [];
    for (let size = 0; size < portion && (copying || (asking && asks(seat))); ) {
      const said = next(seat);
      if (said === undefined) break;
      const translation = translatedOrDismissed(seat, said);
      if (translation === undefined) break;
      if (makesUnnamed(translation)) unnamed = seat;
      parts.push(translation.bytes);
      size += translation.bytes.length;
      advance(said.type);
    }
    return parts.length === 0 ? undefined : Buffer.concat(parts);
  }

  function translatedOrDismissed(seat: Seat, said: Message): Message | undefined {
    try {
      return translated(seat, said);
    } catch (error) {
      seat.client.dismiss("08P01", (error as Error).message);
      return undefined;
    }
  }

  /** What a client that is gone would have had to say. */
  function farewell(): Buffer | undefined {
    if (!copying && !asking) return undefined;
    const words = copying ? copyFail("the client has gone") : sync;
    advance(copying ? "f" : "S");
    return words;
  }

  /** A request ends with a query, a function call or a Sync; a COPY has an end of its own. */
  function advance(type: string): void {
    if (copying) {
      if (type !== "c" && type !== "f") return;
      copying = false;
      asking = !simple;
      return;
    }
    simple = type === "Q" || type === "F";
    asking = !simple && type !== "S";
  }

  function evict({ client }: Seat): void {
    const why = `The embedded PostgreSQL has one session for all connections, and others have waited for ${idleMs} ms for the end of this transaction, or for its locks.`;
    note("Dismiss", "25P03", why);
    client.dismiss("25P03", "terminating connection due to idle-in-transaction timeout", why);
  }

  /** Says something to the backend of which no client hears; gives the rows, and throws its complaint. */
  async function exchange(...asked: readonly Buffer[]): Promise<(string | null)[][]> {
    const answers: Message[] = [];
    begin();
    asking = false;
    quiet = answers;
    unnamed = undefined;
    try {
      await postgres?.send(Buffer.concat(asked), statement);
      while (status === undefined) {
        if (crash !== undefined) throw crash;
        await change();
      }
    } finally {
      quiet = undefined;
    }
    const complaint = answers.find(({ type }) => type === "E");
    if (complaint !== undefined) throw Object.assign(new Error(), complaintOf(complaint));
    return answers.filter(({ type }) => type === "D").map(rowOf);
  }

  /** Gives the backend this client's settings; false where it does not take them, and the client has been told. */
  async function settle(seat: Seat): Promise<boolean> {
    try {
      if (settled !== seat || seat.reset) {
        await putAway();
        await exchange(query(takeOver(seat)));
        settled = seat;
        seat.reset = false;
      }
      const [first] = seat.queue;
      if (seat.unnamed !== undefined && unnamed !== seat && first !== undefined && !makesUnnamed(first)) {
        // Where this fails, the client hears that there is no such statement.
        await exchange(seat.unnamed.bytes, sync).catch(() => undefined);
        unnamed = seat;
      }
      return true;
    } catch (error) {
      if (crash !== undefined) throw crash;
      const { code, message } = error as Error & { code: string };
      refuse(seat, code, message);
      return false;
    }
  }

  /** Reads who may come in. */
  async function meet({ ready }: Backend): Promise<void> {
    await ready;
    await putAway();
    const asMaster = takeOver({ client: place, settings: new Map() });
    logins.resolve(loginsOf(await exchange(query(`${asMaster}; ${everyUser}`))));
    known = true;
  }

  /** Whoever waits to be known hears why not; where nobody does, nobody misses it. */
  function forget(why: Error): void {
    logins.promise.catch(() => undefined);
    logins.reject(why);
    logins = Promise.withResolvers();
    known = false;
  }

  /** The backend's settings are nobody's from here on. */
  async function putAway(): Promise<void> {
    if (settled !== undefined && !settled.gone && settled.changedSettings) await keepSettings(settled);
    settled = undefined;
  }

  async function keepSettings(seat: Seat): Promise<void> {
    const rows = await exchange(query(changedSettings(seat)));
    const changed = rows.map(([name, setting]): [string, string] => [String(name), String(setting)]);
    seat.settings = new Map([...seat.client.settings, ...changed]);
    seat.changedSettings = false;
  }

  async function clear(seat: Seat): Promise<void> {
    if (status !== undefined && status !== "I") await exchange(query("ROLLBACK"));
    const statements = [...seat.statements].map(close);
    if (statements.length > 0) await exchange(...statements, sync);
    if (seat.locks) await exchange(query("SELECT pg_advisory_unlock_all()"));
    if (seat.temporaryTables) await exchange(query("DISCARD TEMP"));
    if (settled === seat) settled = undefined;
  }

  /** Of a request that has not begun, the client is told at once. Between its requests there is nothing to cancel. */
  function cancel(seat: Seat): void {
    if (seat === holder) cancelled = status === undefined;
    else if (seat.queue.length > 0) refuse(seat, "57014", "canceling statement due to user request");
  }

  /** After a crash everybody starts again, as with a real server; the next client starts PostgreSQL. */
  function recover(error: Error): void {
    forget(error);
    note("Crash", "57P02", error.message);
    const left = [...seats];
    seats.clear();
    for (const { client } of left) {
      client.dismiss("57P02", "terminating connection because of crash of another server process");
    }
    // It may be alive, and have said what nobody understands.
    if (crash === undefined) stopped = postgres?.end();
    crash = postgres = settled = unnamed = undefined;
    status = undefined;
  }
}
