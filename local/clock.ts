// clock: time as the embedded AWS sees it. Retries, delays and visibility timeouts ask it and never the system, so
// that a test can advance it by hand and `npm start` can let a minute of waiting pass in a second.

export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Runs `action` once, `ms` of this clock from now; returns the way to call it off. */
  after(ms: number, action: () => void): () => void;
}

/** The system's clock; waits (and only waits) pass `speed` times as fast. */
export const systemClock = (speed = 1): Clock => ({
  now: () => Date.now(),
  after(ms, action) {
    const timer = setTimeout(action, ms / speed);
    return () => clearTimeout(timer);
  },
});

/** A clock that stands still until it is advanced. */
export function handClock(start = Date.UTC(2026, 0, 1)): Clock & { advance(ms: number): void } {
  let time = start;
  const waiting = new Set<{ at: number; action: () => void }>();

  return {
    now: () => time,
    after(ms, action) {
      const timer = { at: time + ms, action };
      waiting.add(timer);
      return () => waiting.delete(timer);
    },
    advance(ms) {
      const end = time + ms;
      for (;;) {
        const due = [...waiting].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) break;
        waiting.delete(due);
        time = due.at;
        due.action();
      }
      time = end;
    },
  };
}
