// token-bucket: how API Gateway throttles - `burst` requests at once, and `rate` more in every second.

import type { Clock } from "../../clock";
import type { Throttle } from "./api-config";

/** Gives what tells of each request whether it may pass. */
export function tokenBucket({ rate, burst }: Throttle, clock: Clock): () => boolean {
  let tokens = burst;
  let filledAt = clock.now();

  return () => {
    const now = clock.now();
    tokens = Math.min(burst, tokens + (Math.max(0, now - filledAt) * rate) / 1_000);
    filledAt = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
