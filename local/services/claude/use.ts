// use: something that the offline model can be asked for. One file per use, and the list of them in claude.ts.

import type { ModelRequest } from "./request";

export type Answer = Readonly<Record<string, unknown>>;

export interface Use {
  readonly name: string;
  /** Whether a request is of this use, by the fields of the answer that it asks for. */
  readonly fits: (fields: readonly string[]) => boolean;
  /** How many a request of this use has. */
  readonly images: number;
  /** An object of that form. */
  readonly answer: (request: ModelRequest) => Answer | Promise<Answer>;
}
