// api-fixture: the database of a test's own for the handlers of routes, which find it by their settings.

import { credentials } from "../aws-fixture";
import { collectionsDatabase } from "./database-fixture";
import { type PutItem, putItem } from "./items-fixture";

/** Sets the environment for the handlers that are made from now on; they are the role of the API. */
export async function apiDatabase() {
  const { sql, end } = await collectionsDatabase();
  const { host, port } = sql.options;
  Object.assign(process.env, credentials, {
    DATABASE_HOST: host[0],
    DATABASE_PORT: String(port[0]),
    DATABASE_NAME: "postgres",
    DATABASE_USER: "collections_api",
    BUCKET_NAME: "images",
  });
  // All clients of this database are one session.
  await sql`set role collections_api`;

  /** As the owner of the tables. */
  async function asOwner<T>(work: () => Promise<T>): Promise<T> {
    await sql`reset role`;
    const given = await work();
    await sql`set role collections_api`;
    return given;
  }

  return {
    sql,
    asOwner,
    put: (item: PutItem) => asOwner(() => putItem(sql, item)),
    clear: () => asOwner(() => sql`truncate collections.items cascade`),
    end,
  };
}
