// messages: the frontend/backend protocol as bytes: a stream cut into its messages, and the messages that this server says
// itself. https://www.postgresql.org/docs/17/protocol-message-formats.html

/** One message as it is sent: a letter, the length of the rest, the rest. */
export interface Message {
  /** `Q`, `P`, `Z`, ... */
  readonly type: string;
  /** All of it, letter and length with it. */
  readonly bytes: Buffer;
}

/** Why a client must go, with its SQLSTATE: https://www.postgresql.org/docs/17/errcodes-appendix.html */
export type Refusal = Error & { readonly code: string };

export const refusal = (code: string, words: string): Refusal => Object.assign(new Error(words), { code });
export const violation = (words: string): Refusal => refusal("08P01", words);

/** Cuts a stream into messages: call it with what has come, and it gives what has become complete. */
export function messages(limit: () => number): (chunk: Buffer) => Message[] {
  let rest: Buffer[] = [];
  let size = 0;
  /** Of the message that has begun, its letter with it; 0 while its head is not complete. */
  let wanted = 0;

  return (chunk) => {
    rest.push(chunk);
    size += chunk.length;
    if (size < Math.max(wanted, 5)) return [];
    const bytes = rest.length === 1 ? chunk : Buffer.concat(rest);
    const complete: Message[] = [];
    let at = 0;
    wanted = 0;
    while (bytes.length - at >= 5) {
      wanted = 1 + bytes.readUInt32BE(at + 1);
      if (wanted < 5 || wanted > limit()) throw violation(`invalid message length: ${wanted - 1}`);
      if (bytes.length - at < wanted) break;
      complete.push({ type: String.fromCharCode(bytes.readUInt8(at)), bytes: bytes.subarray(at, at + wanted) });
      at += wanted;
      wanted = 0;
    }
    rest = at < bytes.length ? [bytes.subarray(at)] : [];
    size = bytes.length - at;
    return complete;
  };
}

export function message(type: string, ...parts: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
  const head = Buffer.alloc(5);
  head.write(type, 0, "latin1");
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

export const query = (sql: string): Buffer => message("Q", text(sql));
export const sync = message("S");
export const copyFail = (why: string): Buffer => message("f", text(why));
export const close = (statement: string): Buffer => message("C", "S", text(statement));

/** The end of every answer; the backend is outside of a transaction. */
export const readyForQuery = message("Z", "I");
export const parameterStatus = (name: string, value: string): Buffer => message("S", text(name), text(value));

export interface Complaint {
  readonly severity: "FATAL" | "ERROR";
  /** SQLSTATE. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** https://www.postgresql.org/docs/17/protocol-error-fields.html */
export function errorResponse({ severity, code, message: words, hint }: Complaint): Buffer {
  const fields = [`S${severity}`, `V${severity}`, `C${code}`, `M${words}`, ...(hint === undefined ? [] : [`H${hint}`])];
  return message("E", ...fields.map(text), "\0");
}

export const int32 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeInt32BE(value, index * 4);
  return bytes;
};

export const text = (value: string): Buffer => Buffer.from(`${value}\0`);

/** The text that begins at `at`, and where the next thing begins. */
export function textAt(bytes: Buffer, at: number): { value: string; next: number } {
  const end = bytes.indexOf(0, at);
  if (end < 0) throw violation("invalid string in message");
  return { value: bytes.toString("utf8", at, end), next: end + 1 };
}

/** The columns of a DataRow in text format. */
export function rowOf({ bytes }: Message): (string | null)[] {
  let at = 7;
  return Array.from({ length: bytes.readInt16BE(5) }, () => {
    const length = bytes.readInt32BE(at);
    const start = at + 4;
    at = start + Math.max(length, 0);
    return length < 0 ? null : bytes.toString("utf8", start, at);
  });
}

/** SQLSTATE and words of an ErrorResponse. */
export function complaintOf({ bytes }: Message): { code: string; message: string } {
  const fields = new Map(
    bytes
      .toString("utf8", 5)
      .split("\0")
      .map((field) => [field.slice(0, 1), field.slice(1)]),
  );
  return { code: fields.get("C") ?? "XX000", message: fields.get("M") ?? "" };
}
