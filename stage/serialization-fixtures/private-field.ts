// Of a captured class only constructor and methods are serialized, not its private fields.

import type { S3Event } from "aws-lambda";
import { factory as healthy } from "./healthy";

class Counter {
  #events = 0;

  count(): number {
    this.#events += 1;
    return this.#events;
  }
}

export const factory = () => {
  const next = healthy();
  const counter = new Counter();
  return async (event: S3Event) => {
    counter.count();
    return await next(event);
  };
};
