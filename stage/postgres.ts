// postgres: a handler's way to the database - one connection, encrypted, to a server that has shown who it is, kept while the
// function is warm.
//
//   const connect = openPostgres(environment("DATABASE_ENDPOINT", "DATABASE_NAME", "DATABASE_USER"));   in the factory
//   const sql = await connect();                                                                        in the handler
//
// With DATABASE_USER it logs in as that user, with a token of IAM; with DATABASE_SECRET as whom that secret is of.

import { isIPv4 } from "node:net";
import { getSecret } from "@aws-lambda-powertools/parameters/secrets";
import { Signer } from "@aws-sdk/rds-signer";

import postgres = require("postgres");

export interface Place {
  /** `host:port`. */
  readonly DATABASE_ENDPOINT: string;
  readonly DATABASE_NAME: string;
}

export interface BySecret extends Place {
  /** The name or ARN of a secret `{"username": ..., "password": ...}`. */
  readonly DATABASE_SECRET: string;
}

export interface ByToken extends Place {
  /** Somebody to whom the role `rds_iam` is granted. */
  readonly DATABASE_USER: string;
}

export type Address = BySecret | ByToken;

/** How long a connection may lie unused: RDS gives one up after five minutes without a sign of life, and a frozen function gives none. */
const idleSeconds = 60;

/** For a function's factory: gives what to call at every event. The first event connects, and the next ones go on with it. */
export function openPostgres(address: Address): () => Promise<postgres.Sql> {
  let sql: postgres.Sql | undefined;
  let askedAt = 0;

  return async () => {
    const idle = Date.now() - askedAt;
    askedAt = Date.now();
    if (sql !== undefined && idle < idleSeconds * 1_000) return sql;
    // What was frozen for long would find its connection gone with the first statement.
    await sql?.end({ timeout: 0 });
    const opened = postgres({
      ...postgresOptions(address),
      ...(await ("DATABASE_USER" in address ? byToken(address) : bySecret(address))),
      // A pool that lost its connection in a statement would for ever try again where the next one is refused: postgres 3.4
      // takes the refusal for an answer to that statement. So each pool has one connection in its life.
      onclose: () => {
        if (sql === opened) sql = undefined;
      },
    });
    sql = opened;
    return opened;
  };
}

/**
 * The master user's way in: by the password, or with a token where the server takes no password of it. Whoever makes a role is a
 * member of it since PostgreSQL 16, and RDS asks members of `rds_iam` for tokens, it may be also those who are so by a role that
 * they made (https://github.com/hashicorp/terraform-provider-postgresql/issues/120 has it for roles that are granted).
 */
export function openPostgresAsMaster(address: BySecret & ByToken): () => Promise<postgres.Sql> {
  const { DATABASE_ENDPOINT, DATABASE_NAME, DATABASE_SECRET, DATABASE_USER } = address;
  const place = { DATABASE_ENDPOINT, DATABASE_NAME };
  const withPassword = openPostgres({ ...place, DATABASE_SECRET });
  const withToken = openPostgres({ ...place, DATABASE_USER });
  return async () => {
    const sql = await withPassword();
    try {
      await sql.unsafe("select 1");
      return sql;
    } catch (error) {
      // Of PAM, by which RDS checks tokens.
      if ((error as { code?: string }).code !== "28000") throw error;
      return withToken();
    }
  };
}

/**
 * `work` in one transaction, as sql.begin() has it, which would send a rollback after a lost connection and bring the process
 * down by that (postgres 3.4). Such an error ends here, and begin() itself fails with the loss.
 */
export const inTransaction = <T>(
  sql: postgres.Sql,
  work: (transaction: postgres.TransactionSql) => Promise<T>,
): Promise<T> =>
  sql.begin((transaction) =>
    work(transaction).catch((error) => (isLoss(error) ? new Promise<never>(() => undefined) : Promise.reject(error))),
  ) as Promise<T>;

/** Of the database's connection: postgres writes on each of its errors of which query it is. */
function isLoss(error: unknown): boolean {
  if (!(error instanceof Error) || !("query" in error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return syscall !== undefined || code === "CONNECTION_CLOSED" || code === "CONNECTION_DESTROYED";
}

/** All but who connects. */
export function postgresOptions({ DATABASE_ENDPOINT, DATABASE_NAME }: Place) {
  const { host, port } = hostAndPort(DATABASE_ENDPOINT);
  return {
    host,
    port,
    database: DATABASE_NAME,
    // Nobody else can listen on the loopback interface, where the embedded database does, and there is nothing to encrypt.
    ssl: isLoopback(host) ? (false as const) : ("verify-full" as const),
    // A function runs one event at a time, and a small database has some eighty connections for all of them.
    max: 1,
    idle_timeout: idleSeconds,
    max_lifetime: 30 * 60,
    connect_timeout: 10,
    // Of arrays and types that extensions bring: a query per connection for what handlers pass as text.
    fetch_types: false,
    // Named statements would tie a connection of an RDS Proxy to one function.
    prepare: false,
    connection: { application_name: process.env.AWS_LAMBDA_FUNCTION_NAME ?? "tributary" },
    onnotice: ({ severity, message }: postgres.Notice) => {
      if (severity === "WARNING") console.warn(`PostgreSQL: ${message}`);
    },
  };
}

/** By its number only: what a name stands for, somebody else may decide. */
export const isLoopback = (host: string): boolean => isIPv4(host) && host.startsWith("127.");

function hostAndPort(endpoint: string): { host: string; port: number } {
  const colon = endpoint.lastIndexOf(":");
  return { host: endpoint.slice(0, colon), port: Number(endpoint.slice(colon + 1)) };
}

interface Login {
  readonly username: string;
  /** Asked for at each connection, which is seldom. */
  readonly password: () => Promise<string>;
}

/**
 * A token is a signature made here, without asking anybody, and good for 15 minutes; who has come in may stay longer.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
 */
function byToken({ DATABASE_ENDPOINT, DATABASE_USER }: ByToken): Login {
  const { host, port } = hostAndPort(DATABASE_ENDPOINT);
  const signer = new Signer({ hostname: host, port, username: DATABASE_USER });
  return { username: DATABASE_USER, password: () => signer.getAuthToken() };
}

/** RDS changes the password every week, and so it is never long remembered. */
async function bySecret({ DATABASE_SECRET }: BySecret): Promise<Login> {
  const { username } = await credentials(DATABASE_SECRET);
  return { username, password: async () => (await credentials(DATABASE_SECRET)).password };
}

/** How long a secret is remembered: for who connects and with what to be one request. */
const rememberedSeconds = 5;

async function credentials(secret: string): Promise<{ username: string; password: string }> {
  const text = await getSecret(secret, { maxAge: rememberedSeconds });
  const { username, password } = fields(text);
  if (typeof username === "string" && typeof password === "string") return { username, password };
  const error = new Error(`Cannot connect: secret "${secret}" is no JSON object with a username and a password`);
  throw Object.assign(error, { name: "BadSecret", code: "BadSecret" });
}

/** None where it is no JSON object; the parser's own error would quote the secret. */
function fields(text: string | Uint8Array | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(String(text));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
