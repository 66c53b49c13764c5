// login: what PostgreSQL knows of those who may want to come in.

export interface Login {
  readonly mayLogIn: boolean;
  /** Has the role `rds_iam`, and comes with a token. A superuser has it only where it was granted, as in pg_hba.conf. */
  readonly byToken: boolean;
  readonly mayConnect: boolean;
  /** What `alter role ... set` and `alter database ... set` have said. */
  readonly settings: ReadonlyMap<string, string>;
}

/**
 * Gives rows for loginsOf(). The settings come as they override one another:
 * https://www.postgresql.org/docs/17/sql-alterrole.html
 */
export const everyUser = `
  SELECT rolname, rolcanlogin, NOT rolsuper AND pg_has_role(roles.oid, 'rds_iam', 'MEMBER'),
    has_database_privilege(roles.oid, databases.oid, 'CONNECT'), setting
  FROM pg_catalog.pg_roles AS roles
  JOIN pg_catalog.pg_database AS databases ON datname = current_database()
  LEFT JOIN LATERAL (
    SELECT setrole <> 0 AS own, setdatabase <> 0 AS here, unnest(setconfig) AS setting
    FROM pg_catalog.pg_db_role_setting WHERE setrole IN (0, roles.oid) AND setdatabase IN (0, databases.oid)
  ) AS settings ON true
  ORDER BY rolname, own, here`;

/** By the users' names. */
export function loginsOf(rows: readonly (readonly (string | null)[])[]): ReadonlyMap<string, Login> {
  const logins = new Map<string, Login>();
  for (const [name, mayLogIn, byToken, mayConnect, setting] of rows) {
    const settings = new Map(logins.get(String(name))?.settings);
    if (typeof setting === "string") settings.set(...nameAndValue(setting));
    const may = { mayLogIn: mayLogIn === "t", byToken: byToken === "t", mayConnect: mayConnect === "t" };
    logins.set(String(name), { ...may, settings });
  }
  return logins;
}

function nameAndValue(setting: string): [string, string] {
  const end = setting.indexOf("=");
  return [setting.slice(0, end), setting.slice(end + 1)];
}
