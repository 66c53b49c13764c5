// settings: what one client has set, read off the session and given to it again.

import type { Client, Seat } from "./seat";
import { identifier, literal } from "./sql";

/** Gives rows of name and value: what is not as it was at the start. PostgreSQL lists neither the role nor names like `a.b`. */
export function changedSettings({ customSettings }: Seat): string {
  const custom = [...customSettings].map((name) => `, (${literal(name)}, current_setting(${literal(name)}, true))`);
  return (
    // Those of one transaction come with it and go with it.
    "SELECT name, setting FROM pg_settings WHERE source = 'session' AND name NOT LIKE 'transaction\\_%' UNION ALL " +
    `SELECT * FROM (VALUES ('role', current_setting('role'))${custom.join("")}) AS unlisted WHERE column2 IS NOT NULL`
  );
}

/** Whatever the session was before, it is this client's now. */
export function takeOver({
  client,
  settings,
}: Pick<Seat, "settings"> & { readonly client: Pick<Client, "user"> }): string {
  const calls = [...settings].map(([name, value]) => `set_config(${literal(name)}, ${literal(value)}, false)`);
  const set = calls.length === 0 ? "" : `; SELECT ${calls.join(", ")}`;
  return `SET SESSION AUTHORIZATION ${identifier(client.user)}; RESET ALL${set}`;
}
