// engine: PostgreSQL's main loop inside PGlite, read from and written to by callbacks that may wait.
//
// PGlite's own way takes a whole request and gives the whole answer. Its engine asks for less, and pglite.ts is written on the
// same functions (https://github.com/electric-sql/pglite/blob/main/packages/pglite/src/pglite.ts, `execProtocolRawSync`).

import type { PGlite } from "@electric-sql/pglite";

interface Module {
  readonly wasmMemory: { readonly buffer: ArrayBuffer };
  readonly FS: {
    readFile(path: string, options: { encoding: "utf8" }): string;
    writeFile(path: string, data: string): void;
  };
  addFunction(callback: (pointer: number, length: number) => number, signature: string): number;
  stackSave(): number;
  stackRestore(pointer: number): void;
  _pgl_set_rw_cbs(read: number, write: number): void;
  _PostgresMainLoopOnce(): void;
  _PostgresMainLongJmp(): void;
  _PostgresSendReadyForQueryIfNecessary(): void;
  _pgl_pq_flush(): void;
  _pq_buffer_remaining_data(): number;
  /** Addresses of variables. */
  readonly _InterruptPending: number;
  readonly _QueryCancelPending: number;
}

export interface Engine {
  /** Runs everything that there is to read; what a request lacks is waited for. */
  run(): void;
  /** Makes the running statement end with an error, at the next place where it may. */
  cancel(): void;
}

export interface Stream {
  /** Fills `into` as far as there is anything; waits where there is nothing. */
  read(into: Uint8Array): number;
  write(bytes: Uint8Array): void;
  /** How many bytes could be read without waiting. */
  left(): number;
}

/** What the engine throws where PostgreSQL's own code would jump back to its main loop. */
const longJump = 100;

export function engine(pglite: PGlite, { read, write, left }: Stream): Engine {
  const module = pglite.Module as unknown as Module;
  const memory = (pointer: number, length: number) => new Uint8Array(module.wasmMemory.buffer, pointer, length);
  module._pgl_set_rw_cbs(
    module.addFunction((pointer, length) => read(memory(pointer, length)), "ipi"),
    module.addFunction((pointer, length) => {
      write(memory(pointer, length));
      return length;
    }, "ipi"),
  );
  trustVector(module);

  return {
    run() {
      while (left() > 0 || module._pq_buffer_remaining_data() > 0) recovering(module._PostgresMainLoopOnce);
      recovering(module._PostgresSendReadyForQueryIfNecessary);
      recovering(module._pgl_pq_flush);
    },
    cancel() {
      const variables = new DataView(module.wasmMemory.buffer);
      variables.setInt32(module._QueryCancelPending, 1, true);
      variables.setInt32(module._InterruptPending, 1, true);
    },
  };

  function recovering(step: () => void): void {
    const stack = module.stackSave();
    try {
      step();
    } catch (error) {
      if ((error as { status?: number }).status !== longJump) throw error;
      module.stackRestore(stack);
      module._PostgresMainLongJmp();
    }
  }
}

/** RDS lets its master user create this extension; PostgreSQL lets a superuser, unless the extension is a trusted one. */
function trustVector({ FS }: Module): void {
  const control = "/pglite/share/postgresql/extension/vector.control";
  FS.writeFile(control, `${FS.readFile(control, { encoding: "utf8" })}\ntrusted = true\n`);
}
