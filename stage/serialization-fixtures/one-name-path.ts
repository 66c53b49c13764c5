// Calls node:path "lib"; one-name-os.ts calls another module so.

import * as lib from "node:path";

export const extension = (key: string) => lib.extname(key);
