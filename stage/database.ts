// database: a PostgreSQL that stages connect to, as they are told of it. Made in stacks/database.ts, opened in
// stage/postgres.ts.

import type * as aws from "@pulumi/aws";
import type { Output } from "@pulumi/pulumi";
import type { Placement } from "./placement";

export interface Database {
  readonly instance: aws.rds.Instance;
  /** `host:port`. */
  readonly endpoint: Output<string>;
  readonly name: Output<string>;
  /** The master user. */
  readonly user: Output<string>;
  /** Of RDS's own secret, `{"username": ..., "password": ...}`, which it rotates. */
  readonly secretArn: Output<string>;
  /** From where it can be reached. */
  readonly placement: Placement;
}

/** What openPostgresAsMaster() asks of a function's environment. */
export const addressOf = ({ endpoint, name, user, secretArn }: Database) => ({
  DATABASE_ENDPOINT: endpoint,
  DATABASE_NAME: name,
  DATABASE_USER: user,
  DATABASE_SECRET: secretArn,
});

/** The same for a function that logs in as `user`, with tokens of IAM. It needs `connectAs(database, user)`. */
export const addressAs = ({ endpoint, name }: Pick<Database, "endpoint" | "name">, user: string) => ({
  DATABASE_ENDPOINT: endpoint,
  DATABASE_NAME: name,
  DATABASE_USER: user,
});

/** The same with the host and the port apart. */
export const hostAndPortAs = ({ endpoint, name }: Pick<Database, "endpoint" | "name">, user: string) => ({
  DATABASE_HOST: endpoint.apply((address) => address.slice(0, address.lastIndexOf(":"))),
  DATABASE_PORT: endpoint.apply((address) => address.slice(address.lastIndexOf(":") + 1)),
  DATABASE_NAME: name,
  DATABASE_USER: user,
});
