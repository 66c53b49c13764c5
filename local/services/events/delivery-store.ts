// delivery-store: what waits to be delivered again, in one SQLite file.

import { DatabaseSync } from "node:sqlite";

export interface Delivery {
  readonly id: string;
  readonly route: string;
  /** JSON. */
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** How often it was tried. */
  readonly attempts: number;
  /** For how long altogether. */
  readonly waitedMs: number;
}

export function deliveryStore(file: string) {
  const database = new DatabaseSync(file);
  database.exec(`
    pragma journal_mode = wal;
    pragma synchronous = normal;
    create table if not exists deliveries (
      id text primary key, route text not null, body text not null, attributes text not null,
      attempts integer not null, waitedMs integer not null
    )`);
  const put = database.prepare("insert or replace into deliveries values (?, ?, ?, ?, ?, ?)");
  const remove = database.prepare("delete from deliveries where id = ?");
  const select = database.prepare("select * from deliveries where route = ? order by rowid");

  return {
    put({ id, route, body, attributes, attempts, waitedMs }: Delivery): void {
      put.run(id, route, body, JSON.stringify(attributes), attempts, waitedMs);
    },
    remove({ id }: Delivery): void {
      remove.run(id);
    },
    of: (route: string): Delivery[] => select.all(route).map(asDelivery),
    end: () => database.close(),
  };
}

const asDelivery = (row: Record<string, unknown>): Delivery => ({
  id: String(row.id),
  route: String(row.route),
  body: String(row.body),
  attributes: JSON.parse(String(row.attributes)),
  attempts: Number(row.attempts),
  waitedMs: Number(row.waitedMs),
});
