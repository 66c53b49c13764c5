// progress: what is going on, on stderr, so that stdout holds results only. A bar on a terminal, a line per step elsewhere.

import { SingleBar } from "cli-progress";
import { styled } from "./styled";

export interface Step {
  /** Tells how much is done. */
  at(done: number): void;
  /** The step is over; `what` says what came of it. */
  done(what?: string): void;
}

/** Begins a step; without `total` it is too short for a bar. */
export function step(title: string, total?: number): Step {
  const started = performance.now();
  const bar =
    total !== undefined && process.stderr.isTTY
      ? new SingleBar({
          stream: process.stderr,
          format: `  ${title.padEnd(34)} {bar} {value}/{total}`,
          barCompleteChar: "█",
          barIncompleteChar: "░",
          barsize: 30,
          hideCursor: true,
          clearOnComplete: true,
        })
      : undefined;
  bar?.start(total ?? 0, 0);

  return {
    at: (done) => bar?.update(done),
    done(what = "") {
      bar?.stop();
      const seconds = `${((performance.now() - started) / 1_000).toFixed(1)} s`;
      const tick = styled("green", "✔", process.stderr);
      process.stderr.write(`${tick} ${title.padEnd(34)} ${seconds.padStart(7)}  ${what}\n`);
    },
  };
}
