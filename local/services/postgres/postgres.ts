// postgres: an RDS PostgreSQL with vectors, as clients see it: PGlite behind PostgreSQL's own protocol, on 127.0.0.1.
//
//   client ──> connection (who are you?) ──> session (whose turn is it?) ──> backend (a thread with PGlite)
//
// It is a PostgreSQL with one process: clients take turns, transaction by transaction. A client that waits for another one's
// transaction to end, while that one waits for it, waits until the first is sent away (25P03).

import { type AddressInfo, createServer } from "node:net";
import type { Journal } from "../../door/journal";
import { awsError } from "../../door/service";
import { type Connection, connection } from "./connection";
import { type Iam, judge } from "./iam-token";
import { verifierOf } from "./scram";
import { session as openSession } from "./session";

export interface PostgresOptions {
  /** Made where it is not there; nobody else may have it open. */
  readonly directory: string;
  /** The master user. */
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** A free one where it is not given. */
  readonly port?: number;
  /** How long a client may leave its transaction alone while others wait; half a minute where it is not given. */
  readonly idleMs?: number;
  readonly journal?: Pick<Journal, "add">;
  /** Who comes in with a token; nobody where it is not given. */
  readonly iam?: Iam;
}

export interface Postgres {
  readonly port: number;
  /** For clients of the operator: who, with what password, where. */
  readonly url: string;
  /** Resolves when it answers, which it makes clients wait for; rejects where it cannot be started. */
  readonly ready: Promise<void>;
  end(): Promise<void>;
}

/** Listens at once; PostgreSQL starts meanwhile. */
export async function postgres(options: PostgresOptions): Promise<Postgres> {
  const { directory, user, password, database, idleMs = 30_000, journal, iam } = options;
  const place = { directory, user, database };
  const verifier = verifierOf(password);
  const session = openSession(place, { idleMs, note });
  const connections = new Set<Connection>();
  let count = 0;

  const server = createServer((socket) => {
    const client = connection({ socket, number: ++count, place, verifier, session, admits, cancel });
    connections.add(client);
    socket.on("close", () => connections.delete(client));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const ready = session.greeting().then(() => undefined);
  // Clients hear of it as well.
  ready.catch(() => undefined);

  return {
    port,
    url: `postgres://${[user, password].map(encodeURIComponent).join(":")}@127.0.0.1:${port}/${encodeURIComponent(database)}`,
    ready,
    async end() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const client of connections) client.end();
      await session.end();
      await closed;
    },
  };

  function admits(name: string, token: string): boolean {
    const why = "the instance does not let users in with tokens of IAM";
    const { principal, refusal } =
      iam === undefined
        ? { refusal: awsError("AccessDenied", why) }
        : judge({ token, address: `127.0.0.1:${port}`, user: name }, iam);
    journal?.add({
      service: "rds",
      operation: "connect",
      principal: principal?.name ?? "unknown",
      resource: `${database}/${name}`,
      outcome: refusal?.code ?? "ok",
      ms: 0,
      ...(refusal === undefined ? {} : { detail: { message: refusal.message } }),
    });
    return refusal === undefined;
  }

  function cancel(number: number, key: number): void {
    for (const client of connections) if (client.number === number && client.key === key) client.cancel();
  }

  function note(operation: string, outcome: string, message: string): void {
    const principal = "rds.amazonaws.com";
    journal?.add({ service: "rds", operation, principal, resource: database, outcome, ms: 0, detail: { message } });
  }
}
