// until: asking again and again, as a program does that was told where to look.

import { promises as timers } from "node:timers";

const tries = 600;
const pauseMs = 100;

/** The first answer that is `done`; on giving up, the last one. */
export async function until<T>(ask: () => Promise<T>, done: (answer: T) => boolean): Promise<T> {
  for (let count = 0; count < tries; count++) {
    const answer = await ask();
    if (done(answer)) return answer;
    await timers.setTimeout(pauseMs);
  }
  return ask();
}
