// read-ahead: an iteration whose next step is under way while the one before is being worked on: a feed is read while the
// database writes.

export async function* readAhead<T>(steps: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = steps[Symbol.asyncIterator]();
  try {
    let next = started(iterator);
    for (let step = await next; !step.done; step = await next) {
      next = started(iterator);
      yield step.value;
    }
  } finally {
    await iterator.return?.();
  }
}

/** Whoever does not wait for it any more does not hear that it failed. */
function started<T>(iterator: AsyncIterator<T>): Promise<IteratorResult<T>> {
  const step = iterator.next();
  step.catch(() => undefined);
  return step;
}
