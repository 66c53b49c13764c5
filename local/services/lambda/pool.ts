// pool: the instances of all functions. As many work at once as the machine has processors, and some more are kept warm.
//
// An invocation takes a warm instance of its function, else a new one, else the place of the one that has been idle
// longest, else it waits its turn. A function that has asked another one for something only waits: what it asked for has no
// turn to wait for, or the two would wait for each other.

import type { FunctionConfig } from "./function-config";
import type { Instance, Outcome } from "./instance";

export interface Pool {
  /** `awaited`: by another function's invocation, which does nothing until then. */
  run(config: FunctionConfig, requestId: string, payload: string, awaited?: boolean): Promise<Outcome>;
  /** Ends the instances of a function that has been replaced: the idle ones now, the busy ones after their invocation. */
  retire(name: string): void;
  /** Ends every process; what was running rejects with the code `Ended`. */
  end(): Promise<void>;
}

export interface PoolOptions {
  /** How many work at once. */
  readonly maximum: number;
  /** How many more processes there may be, which are idle. */
  readonly kept: number;
  readonly start: (config: FunctionConfig) => Instance;
}

interface Slot {
  readonly instance: Instance;
  state: "busy" | "idle" | "leaving";
  awaited: boolean;
  retired: boolean;
}

interface Waiting {
  readonly config: FunctionConfig;
  readonly awaited: boolean;
  readonly take: (slot: Slot) => void;
  readonly fail: (reason: unknown) => void;
}

export function pool({ maximum, kept, start }: PoolOptions): Pool {
  /** In the order in which they became idle. */
  const slots = new Set<Slot>();
  let waiting: Waiting[] = [];
  let ended = false;

  process.on("exit", killAtOnce);

  return {
    async run(config, requestId, payload, awaited = false) {
      const slot = await slotFor(config, awaited);
      try {
        return await slot.instance.invoke(requestId, payload);
      } finally {
        release(slot);
      }
    },
    retire(name) {
      for (const slot of slots) {
        if (slot.instance.config.name !== name) continue;
        slot.retired = true;
        if (slot.state === "idle") leave(slot);
      }
    },
    async end() {
      ended = true;
      for (const { fail } of waiting) fail(endedError());
      waiting = [];
      await Promise.all([...slots].map(({ instance }) => instance.kill()));
      process.off("exit", killAtOnce);
    },
  };

  function slotFor(config: FunctionConfig, awaited: boolean): Promise<Slot> {
    return new Promise((take, fail) => {
      if (ended) return fail(endedError());
      waiting.push({ config, awaited, take, fail });
      return serve();
    });
  }

  function serve(): void {
    let unserved = 0;
    waiting = waiting.filter((one) => {
      if (ended || (!one.awaited && working() >= maximum)) return true;
      try {
        const slot = warm(one) ?? cold(one);
        if (slot === undefined) unserved += 1;
        else one.take(slot);
        return slot === undefined;
      } catch (error) {
        one.fail(error);
        return false;
      }
    });
    makeRoom(unserved);
  }

  /** Of two that wait for each other one works. */
  function working(): number {
    const busy = [...slots].filter(({ state }) => state === "busy");
    return busy.length - busy.filter(({ awaited }) => awaited).length;
  }

  function warm({ config, awaited }: Waiting): Slot | undefined {
    const slot = [...slots].find(({ state, instance }) => state === "idle" && instance.config === config);
    return slot && Object.assign(slot, { state: "busy", awaited });
  }

  function cold({ config, awaited }: Waiting): Slot | undefined {
    const isFull = slots.size >= maximum + kept;
    const hasRoomSoon = [...slots].some(({ state }) => state !== "busy");
    if (isFull && (hasRoomSoon || !awaited)) return undefined;
    const slot: Slot = { instance: start(config), state: "busy", awaited, retired: false };
    slots.add(slot);
    return slot;
  }

  function makeRoom(places: number): void {
    let needed = places - [...slots].filter(({ state }) => state === "leaving").length;
    for (const slot of slots) {
      if (needed <= 0) return;
      if (slot.state !== "idle") continue;
      leave(slot);
      needed -= 1;
    }
  }

  function release(slot: Slot): void {
    slots.delete(slot);
    slots.add(slot);
    slot.state = "idle";
    if (slot.retired || slot.instance.ended()) leave(slot);
    else serve();
  }

  function leave(slot: Slot): void {
    slot.state = "leaving";
    void slot.instance.kill().then(() => {
      slots.delete(slot);
      serve();
    });
  }

  /** For an end of the runner that nobody announced. */
  function killAtOnce(): void {
    for (const { instance } of slots) {
      try {
        if (instance.pid !== undefined) process.kill(-instance.pid, "SIGKILL");
      } catch {
        // It has ended already.
      }
    }
  }
}

const endedError = () => Object.assign(new Error("The runner has ended"), { code: "Ended" });
