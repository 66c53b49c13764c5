// seat: one client among those who share PostgreSQL's one session: what it has said and is not answered yet, and what is its
// own - settings, prepared statements, locks - though the backend takes all of them for one client.

import { errorResponse, type Message, message, readyForQuery, text, textAt } from "./messages";
import { literal } from "./sql";

/** The connection, as the session speaks to it. */
export interface Client {
  readonly number: number;
  readonly user: string;
  /** Those of the user, then `application_name` and whatever else it asked for when it came: what it goes back to by RESET. */
  readonly settings: ReadonlyMap<string, string>;
  /** Bytes of an answer; `taken` is to be called when they are on their way. */
  readonly receive: (bytes: Buffer, taken: () => void) => void;
  /** The last word to a client that must go. */
  readonly dismiss: (code: string, words: string, hint?: string) => void;
  /** Says that so many bytes have left the queue. */
  readonly heard: (bytes: number) => void;
}

export interface Seat {
  readonly client: Client;
  readonly queue: Message[];
  /** Its connection has ended; what it leaves behind is to be cleared away. */
  gone: boolean;
  /** Its request was answered with an error, and the rest of it is not heard. */
  refused: boolean;
  settings: ReadonlyMap<string, string>;
  /** It may have changed its settings since they were looked at. */
  changedSettings: boolean;
  /** It may have gone back from its settings to those of the server, where it should go back to its own. */
  reset: boolean;
  /** It may have changed who may come in, and with which settings. */
  changedRoles: boolean;
  /** Names of settings that PostgreSQL does not list, because it did not know them before. */
  readonly customSettings: Set<string>;
  /** Names of prepared statements, as the backend knows them. */
  readonly statements: Set<string>;
  /** What made the statement without a name, which the next client's takes the place of. */
  unnamed: Message | undefined;
  /** It may have set a limit to how long a statement takes. */
  statementTimeout: boolean;
  /** It may hold locks that outlast transactions, and has the session while it does. */
  locks: boolean;
  temporaryTables: boolean;
}

export const seatOf = (client: Client): Seat => ({
  client,
  queue: [],
  gone: false,
  refused: false,
  settings: client.settings,
  changedSettings: false,
  reset: false,
  changedRoles: false,
  customSettings: new Set(),
  statements: new Set(),
  unnamed: undefined,
  statementTimeout: client.settings.has("statement_timeout"),
  locks: false,
  temporaryTables: false,
});

export function hear(seat: Seat, message: Message): void {
  seat.queue.push(message);
  if (seat.refused) drop(seat);
}

/** Whether it has said something that waits for an answer. What was meant for a COPY that has failed does not. */
export function asks(seat: Seat): boolean {
  while (["d", "c", "f"].includes(seat.queue[0]?.type ?? "")) next(seat);
  return seat.queue.length > 0;
}

export function next(seat: Seat): Message | undefined {
  const said = seat.queue.shift();
  if (said !== undefined) seat.client.heard(said.bytes.length);
  return said;
}

/** Answers a request that the backend has heard nothing of. */
export function refuse(seat: Seat, code: string, words: string): void {
  seat.client.receive(errorResponse({ severity: "ERROR", code, message: words }), () => undefined);
  seat.refused = true;
  drop(seat);
}

/** The rest of a request that was refused. */
function drop(seat: Seat): void {
  while (seat.refused) {
    const said = next(seat);
    if (said === undefined) return;
    if (!["Q", "F", "S"].includes(said.type)) continue;
    seat.refused = false;
    seat.client.receive(readyForQuery, () => undefined);
  }
}

/** The message as the backend gets it: with names of its own for this client's statements. Other bytes stay as they are. */
export function translated(seat: Seat, said: Message): Message {
  const { type, bytes } = said;
  if (type === "Q") {
    seat.unnamed = undefined;
    const refused = noticed(seat, textAt(bytes, 5).value);
    return refused === undefined ? said : { type, bytes: message(type, text(refused)) };
  }
  if (type === "P") return parse(seat, said);
  if (type === "B") {
    const portal = textAt(bytes, 5);
    const name = textAt(bytes, portal.next);
    if (name.value === "") return said;
    return { type, bytes: message(type, text(portal.value), text(own(seat, name.value)), bytes.subarray(name.next)) };
  }
  if ((type === "D" || type === "C") && bytes[5] === "S".charCodeAt(0)) {
    const { value } = textAt(bytes, 6);
    if (value === "") return said;
    if (type === "C") seat.statements.delete(own(seat, value));
    return { type, bytes: message(type, "S", text(own(seat, value))) };
  }
  return said;
}

/** Whether it is the statement without a name that the message makes, so that an earlier one does not matter. */
export const makesUnnamed = ({ type, bytes }: Message): boolean => type === "Q" || (type === "P" && bytes[5] === 0);

function parse(seat: Seat, { type, bytes }: Message): Message {
  const name = textAt(bytes, 5);
  const sql = textAt(bytes, name.next);
  const refused = noticed(seat, sql.value);
  const statement = name.value === "" ? "" : own(seat, name.value);
  const rest =
    refused === undefined ? bytes.subarray(name.next) : Buffer.concat([text(refused), bytes.subarray(sql.next)]);
  const translation = { type, bytes: message(type, text(statement), rest) };
  if (statement === "") seat.unnamed = translation;
  else seat.statements.add(statement);
  return translation;
}

const own = ({ client }: Seat, name: string): string => `${client.number}:${name}`;

/** Takes note of what outlives a transaction. Of what cannot be kept apart from other clients', gives a refusal. */
function noticed(seat: Seat, sql: string): string | undefined {
  if (/(?:^|;|\*\/|\n)\s*(?:set|reset)\b|\bset_config\b/i.test(sql)) seat.changedSettings = true;
  if (/\breset\b|\bdefault\b/i.test(sql) && seat.changedSettings) seat.reset = true;
  if (/\b(?:role|user|group|grant|revoke|database|owned)\b/i.test(sql)) seat.changedRoles = true;
  for (const [, name = ""] of sql.matchAll(customSetting)) seat.customSettings.add(name);
  if (/\bstatement_timeout\b/i.test(sql)) seat.statementTimeout = true;
  if (/\bpg_(?:try_)?advisory_lock/i.test(sql)) seat.locks = true;
  if (/\btemp(?:orary)?\b/i.test(sql)) seat.temporaryTables = true;
  const [, refused] = /^\s*(listen|discard\s+all|deallocate\s+(?:prepare\s+)?all)\b/i.exec(sql) ?? [];
  if (refused !== undefined) return refusal(refused.toUpperCase());
  // PostgreSQL itself would let everybody: the session is a superuser's.
  return [sql, withoutComments(sql)].some((each) => otherUser.test(each))
    ? refusal("SET SESSION AUTHORIZATION")
    : undefined;
}

const withoutComments = (sql: string): string => sql.replaceAll(/\/\*.*?\*\/|--[^\n]*/gs, " ");

/**
 * `set session authorization`, `set local session_authorization`, `reset session authorization`,
 * set_config('session_authorization'.
 */
const otherUser =
  /\b(?:re)?set\s+(?:(?:session|local)\s+)?"?session[\s_]+authorization\b|\bset_config\s*\(\s*e?'session_authorization'/i;

/** `set a.b`, `set_config('a.b'`: PostgreSQL lists no settings that it did not know before. */
const customSetting = /\bset(?:\s+session|\s+local|_config\s*\(\s*')?\s*([a-z_]\w*\.\w+)/gi;

/** A statement that fails with these words, wherever in a conversation it stands. */
const refusal = (command: string): string =>
  `DO $$BEGIN RAISE EXCEPTION USING ERRCODE = 'feature_not_supported', MESSAGE = ${literal(
    `${command} is not imitated: the embedded PostgreSQL has one session for all connections`,
  )}; END$$`;
