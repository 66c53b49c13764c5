// databases: the registered RDS instance as an embedded PostgreSQL: its master user, its secret, who else may connect, and
// where functions find it.

import { randomBytes } from "node:crypto";
import type { Registered } from "../../stage/evaluation/evaluate";
import type { Journal } from "../door/journal";
import type { Principals } from "../door/signature";
import type { Iam } from "../services/postgres/iam-token";
import { type Postgres, postgres } from "../services/postgres/postgres";
import type { Secrets } from "../services/secrets/secrets";
import { type Registry, text } from "./registry";

export const databaseTypes = ["aws:rds/instance:Instance"];

export interface Database extends Postgres {
  readonly user: string;
  readonly password: string;
  readonly name: string;
  /** A text with its address in the place of the instance's, as the names of a network would have it. */
  resolve(text: string): string;
}

export interface DatabaseOptions {
  readonly directory: string;
  readonly secrets: Secrets;
  readonly principals: Principals;
  readonly journal: Journal;
}

/** The program's instance, where it registers one; it starts while other things are deployed. */
export async function openDatabase(
  registry: Registry,
  { directory, secrets, principals, journal }: DatabaseOptions,
): Promise<Database | undefined> {
  const [instance, other] = registry.ofType("aws:rds/instance:Instance");
  if (instance === undefined) return undefined;
  if (other !== undefined) throw new Error(`Cannot deploy "${other.name}": a second RDS instance is not imitated`);
  const engine = text(instance, "engine");
  if (engine !== "postgres") throw new Error(`Cannot deploy "${instance.name}": RDS with ${engine} is not imitated`);

  const { user, password } = masterUser(instance, secrets);
  const name = String(instance.inputs.dbName ?? "postgres");
  const iam = instance.inputs.iamDatabaseAuthenticationEnabled === true ? { iam: iamOf(instance, principals) } : {};
  const server = await postgres({ directory, user, password, database: name, journal, ...iam });
  const endpoint = text(instance, "endpoint");
  return { ...server, user, password, name, resolve: (value) => resolved(value, endpoint, server.port) };
}

/** Whether the two come together or apart: a port that stands for itself is the database's, as no other has its number. */
function resolved(value: string, endpoint: string, port: number): string {
  const [host = "", its] = endpoint.split(":");
  if (value === its) return String(port);
  return value.replaceAll(endpoint, `127.0.0.1:${port}`).replaceAll(host, "127.0.0.1");
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html */
function iamOf(instance: Registered, principals: Principals): Iam {
  const [, partition, , region, account] = String(instance.outputs.arn).split(":");
  return {
    principals,
    users: `arn:${partition}:rds-db:${region}:${account}:dbuser:${instance.outputs.resourceId}`,
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
