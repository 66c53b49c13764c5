// source-address: where the tables come from, read from the connection string in the secret.
//
//   postgres://user:password@host:5432/shop?schema=public      postgresql:// is the same
//   mysql://user:password@host:3306/shop                       mariadb:// is the same
//
// No error here quotes the string, which holds a password.

import { isLoopback } from "../../../stage/postgres";
import { exportProblem } from "./export-problem";

export interface SourceAddress {
  readonly kind: "postgres" | "mysql";
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** Where the tables lie; the connection's own default where it is not given. */
  readonly schema?: string;
  /** Whether the connection is encrypted, and the server's certificate verified: always, but on the loopback interface. */
  readonly tls: boolean;
  /** Without credentials: by it the watermarks of one source are told from those of another. */
  readonly name: string;
}

const kinds: Readonly<Record<string, { kind: SourceAddress["kind"]; port: number }>> = {
  "postgres:": { kind: "postgres", port: 5_432 },
  "postgresql:": { kind: "postgres", port: 5_432 },
  "mysql:": { kind: "mysql", port: 3_306 },
  "mariadb:": { kind: "mysql", port: 3_306 },
};

const form = "write postgres://user:password@host:5432/database or mysql://user:password@host:3306/database";

/** What a connection string may ask for; anything else it asks for in vain would surprise its owner later. */
const parameters = ["schema", "sslmode"];

export function readSourceAddress(text: string): SourceAddress {
  const scheme = /^([a-z][a-z0-9+.-]*:)\/\//i.exec(text)?.[1]?.toLowerCase();
  const known = kinds[scheme ?? ""];
  if (known === undefined) {
    const begins = scheme === undefined ? "has no scheme" : `begins with "${scheme}//"`;
    throw exportProblem(
      "UnknownSource",
      `Cannot tell what database the source is: its connection string ${begins}; ${form}`,
    );
  }
  if (!URL.canParse(text)) throw bad(`it is no URL; ${form}`);
  const url = new URL(text);
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const database = decoded("database", url.pathname.slice(1));
  if (host === "" || database === "") {
    throw bad(`it names no ${host === "" ? "host" : "database"}`);
  }
  const unknown = [...url.searchParams.keys()].find((name) => !parameters.includes(name));
  if (unknown !== undefined) throw bad(`"${unknown}" is none of its parameters (${parameters.join(", ")})`);
  const loopback = isLoopback(host);
  const sslmode = url.searchParams.get("sslmode");
  if (!loopback && sslmode !== null && !["require", "verify-ca", "verify-full"].includes(sslmode)) {
    throw bad(`sslmode=${sslmode} is not possible: to ${host} every connection is encrypted and verified`);
  }
  const schema = url.searchParams.get("schema");
  const port = Number(url.port || known.port);
  // A tunnel's or an embedded server's port is another one each time.
  const place = loopback ? host : `${host}:${port}`;
  return {
    kind: known.kind,
    host,
    port,
    database,
    user: decoded("user", url.username),
    password: decoded("password", url.password),
    ...(schema ? { schema } : {}),
    tls: !loopback,
    name: `${known.kind}://${place}/${database}${schema ? `?schema=${schema}` : ""}`,
  };
}

const bad = (found: string) => exportProblem("BadAddress", `Cannot use the source's connection string: ${found}`);

function decoded(what: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw bad(`its ${what} holds a "%" that encodes nothing; write it %25`);
  }
}
