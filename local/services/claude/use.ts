// use: something that the offline model can be asked for. One file per use, and the list of them in claude.ts.

import type { ModelRequest } from "./request";

export interface Use {
  readonly name: string;
  /** Whether a request is of this use, by the fields of the answer that it asks for. */
  readonly fits: (fields: readonly string[]) => boolean;
  /** An object of that form. */
  readonly answer: (request: ModelRequest) => unknown;
}
