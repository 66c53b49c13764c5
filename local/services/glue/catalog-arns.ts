// catalog-arns: ARNs of what a catalogue holds, and what an operation on it needs.

import type { Need } from "../../door/service";

export type CatalogArns = ReturnType<typeof catalogArns>;

export const catalogArns = (region: string, account: string) => {
  const arn = (resource: string) => `arn:aws:glue:${region}:${account}:${resource}`;
  return {
    crawler: (name: string) => arn(`crawler/${name}`),
    /** Whoever touches a table needs the right on its database and on the catalogue too. */
    needs(action: string, database?: string, table?: string): Need[] {
      const resources = ["catalog"];
      if (database !== undefined) resources.push(`database/${database}`);
      if (database !== undefined && table !== undefined) resources.push(`table/${database}/${table}`);
      return resources.map((resource) => ({ action: `glue:${action}`, resource: arn(resource) }));
    },
  };
};
