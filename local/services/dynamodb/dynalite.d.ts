// dynalite has no types of its own.

declare module "dynalite" {
  import type { Server } from "node:http";

  interface Options {
    /** A LevelDB directory; in memory where it is not given. */
    readonly path?: string;
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
  }

  export default function dynalite(options?: Options): Server;
}
