// databases: the registered RDS instance as an embedded PostgreSQL: its master user, its secret, and where functions find it.

import { randomBytes } from "node:crypto";
import type { Registered } from "../../stage/evaluation/evaluate";
import { type Postgres, postgres } from "../services/postgres/postgres";
import type { Secrets } from "../services/secrets/secrets";
import { type Registry, text } from "./registry";

export const databaseTypes = ["aws:rds/instance:Instance"];

export interface Database extends Postgres {
  readonly user: string;
  readonly password: string;
  readonly name: string;
  /** A text with its address in the place of the instance's endpoint, as the names of a network would have it. */
  resolve(text: string): string;
}

/** The program's instance, where it registers one; it starts while other things are deployed. */
export async function openDatabase(
  registry: Registry,
  directory: string,
  secrets: Secrets,
): Promise<Database | undefined> {
  const [instance, other] = registry.ofType("aws:rds/instance:Instance");
  if (instance === undefined) return undefined;
  if (other !== undefined) throw new Error(`Cannot deploy "${other.name}": a second RDS instance is not imitated`);
  const engine = text(instance, "engine");
  if (engine !== "postgres") throw new Error(`Cannot deploy "${instance.name}": RDS with ${engine} is not imitated`);

  const { user, password } = masterUser(instance, secrets);
  const name = String(instance.inputs.dbName ?? "postgres");
  const server = await postgres({ directory, user, password, database: name });
  const endpoint = text(instance, "endpoint");
  return {
    ...server,
    user,
    password,
    name,
    resolve: (value) => value.replaceAll(endpoint, `127.0.0.1:${server.port}`),
  };
}

/** The password lies in RDS's own secret, or where the program has said it. */
function masterUser(instance: Registered, secrets: Secrets): { user: string; password: string } {
  const user = text(instance, "username");
  const [secret] = (instance.outputs.masterUserSecrets ?? []) as { readonly secretArn: string }[];
  if (secret === undefined) return { user, password: text(instance, "password") };
  const { secretArn } = secret;
  const made = JSON.stringify({ username: user, password: randomBytes(24).toString("base64url") });
  // One version for all time: nothing rotates here.
  secrets.put(secretArn, secretArn.split(":secret:")[1] ?? secretArn, made, "master user");
  const { password } = JSON.parse(secrets.valueOf(secretArn) ?? "") as { password: string };
  return { user, password };
}
