// fixture: an embedded PostgreSQL and clients of it, for tests.

import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { connect } from "node:net";
import { join } from "node:path";

import client = require("postgres");

import { journal } from "../../door/journal";
import { temporaryDirectory } from "../../temporary-directory";
import { int32, type Message, message, messages, text } from "./messages";
import { type Postgres, type PostgresOptions, postgres } from "./postgres";

export const account = { user: "tributary", password: "correct horse", database: "shop" };

/** Ends with the test `t`, at the latest. */
export async function database(t: { after(end: () => Promise<void>): void }, options: Partial<PostgresOptions> = {}) {
  const record = journal();
  const directory = join(temporaryDirectory(), "postgres");
  const server = await postgres({ directory, ...account, journal: record, ...options });
  const clients: client.Sql[] = [];
  let ended: Promise<void> | undefined;
  const end = () => {
    ended ??= Promise.all(clients.map((sql) => sql.end({ timeout: 0 }))).then(() => server.end());
    return ended;
  };
  t.after(end);
  return {
    server,
    directory,
    record,
    end,
    /** A client with one connection, where nothing else is said. */
    connect(own: client.Options<Record<string, never>> = {}): client.Sql {
      const sql = client(server.url, { max: 1, onnotice: () => undefined, ...own });
      clients.push(sql);
      return sql;
    },
  };
}

/** A client that says message by message what it is told to. */
export async function stranger(t: { after(end: () => void): void }, { port }: Postgres) {
  const socket = connect(port, "127.0.0.1");
  t.after(() => socket.destroy());
  const cut = messages(() => Number.POSITIVE_INFINITY);
  const heard: Message[] = [];
  let wake: () => void = () => undefined;
  socket.on("data", (chunk: Buffer) => {
    heard.push(...cut(chunk));
    wake();
  });
  socket.on("close", () => wake());

  const words = [int32(196_608), ...["user", account.user, "database", account.database, ""].map(text)];
  const startup = Buffer.concat(words);
  await say(["R"], Buffer.concat([int32(startup.length + 4), startup]));
  const nonce = "n0nce";
  const first = `n=,r=${nonce}`;
  const begun = Buffer.from(`n,,${first}`);
  const [challenge] = await say(["R"], message("p", text("SCRAM-SHA-256"), int32(begun.length), begun));
  const welcome = await say(["Z"], message("p", proof(first, challenge?.bytes.toString("utf8", 9) ?? "")));
  const key = welcome.find(({ type }) => type === "K")?.bytes.subarray(5) ?? Buffer.alloc(8);

  return {
    socket,
    /** Says the messages, and gives the answer up to ReadyForQuery. */
    ask: (...asked: readonly Buffer[]) => say(["Z"], ...asked),
    /** Asks, on a connection of its own, to cancel whatever this client has asked. */
    cancel: () => connect(port, "127.0.0.1").end(Buffer.concat([int32(16, 80_877_102), key])),
    /** What is said until the connection ends. */
    rest: () => say([]),
  };

  async function say(last: readonly string[], ...asked: readonly Buffer[]): Promise<Message[]> {
    if (asked.length > 0) socket.write(Buffer.concat(asked));
    while (!heard.some(({ type }) => last.includes(type)) && !socket.closed) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return heard.splice(0);
  }
}

/** The client's side of RFC 5802. */
function proof(first: string, challenge: string): string {
  const [, nonce = "", salt = "", iterations = ""] = /^r=(.*),s=(.*),i=(.*)$/.exec(challenge) ?? [];
  const hmac = (key: Buffer, value: string) => createHmac("sha256", key).update(value).digest();
  const salted = pbkdf2Sync(account.password, Buffer.from(salt, "base64"), Number(iterations), 32, "sha256");
  const key = hmac(salted, "Client Key");
  const withoutProof = `c=${Buffer.from("n,,").toString("base64")},r=${nonce}`;
  const signature = hmac(createHash("sha256").update(key).digest(), `${first},${challenge},${withoutProof}`);
  return `${withoutProof},p=${Buffer.from(key.map((byte, index) => byte ^ (signature[index] ?? 0))).toString("base64")}`;
}
