// database-fixture: the database, as the roles of the collections know it.

import { type MigratedDatabase, migratedDatabase } from "../database-fixture";

export type Role = "collections_ingest" | "collections_api";

export type CollectionsDatabase = MigratedDatabase<Role>;

export const collectionsDatabase = (): Promise<CollectionsDatabase> => migratedDatabase<Role>();
