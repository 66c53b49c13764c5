// scan: looks through the bytes of the backend's answers, without keeping them, for what decides whose turn it is.

export type Sign =
  /** The backend waits for the data of a COPY. */
  | "copy"
  | "error"
  /** The session is another user's from here on. */
  | "user"
  /** The answer is complete, and the backend is idle, in a transaction, or in one that has failed. */
  | "I"
  | "T"
  | "E";

/** PostgreSQL reports this setting to every client, before it is ready for the next query. */
const user = Buffer.from("session_authorization\0");

/** Call it with every piece of the stream. */
export function scan(found: (sign: Sign) => void): (bytes: Uint8Array) => void {
  const head = Buffer.alloc(6);
  /** The name that a ParameterStatus begins with, as far as it matters. */
  const name = Buffer.alloc(user.length);
  let named = user.length;
  /** How much of a message's head is there: letter and length, and the state of a ReadyForQuery. */
  let known = 0;
  /** What is still to come of a message that says nothing. */
  let skip = 0;

  return (bytes) => {
    for (let at = 0; at < bytes.length; ) {
      if (skip > 0) {
        const step = Math.min(skip, bytes.length - at);
        if (named < user.length) {
          named += Buffer.from(bytes.buffer, bytes.byteOffset + at, step).copy(name, named);
          if (named === user.length && name.equals(user)) found("user");
        }
        skip -= step;
        if (skip === 0) named = user.length;
        at += step;
        continue;
      }
      head[known++] = bytes[at++] ?? 0;
      if (known < 5) continue;
      const type = String.fromCharCode(head[0] ?? 0);
      if (type === "Z" && known < 6) continue;
      if (type === "Z") found(String.fromCharCode(head[5] ?? 0) as Sign);
      if (type === "G") found("copy");
      if (type === "E") found("error");
      if (type === "S") named = 0;
      skip = head.readUInt32BE(1) + 1 - known;
      known = 0;
    }
  };
}
