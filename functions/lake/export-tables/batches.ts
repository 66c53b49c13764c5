// batches: rows of a stream, gathered to a megabyte at a time. The stream waits while a batch is being worked on.

import type { Records } from "./source";

export interface Batch {
  /** Whole lines. */
  readonly bytes: Buffer;
  readonly rows: number;
  readonly first: Buffer;
  readonly last: Buffer;
}

const batchBytes = 1_024 * 1_024;

/**
 * When the stream fails, what had arrived by then comes first, and the failure after it. When the time is up, what had arrived
 * is the end.
 */
export async function* batches({ stream, recordOf }: Records, timeIsUp: AbortSignal): AsyncGenerator<Batch> {
  let records: Buffer[] = [];
  let size = 0;
  let ended = timeIsUp.aborted;
  let failure: Error | undefined;
  let wake = () => {};
  stream.on("data", (chunk) => {
    const record = recordOf(chunk as never);
    records.push(record);
    size += record.length;
    if (size < batchBytes) return;
    stream.pause();
    wake();
  });
  stream.on("error", (error) => {
    failure = error;
    wake();
  });
  const end = () => {
    ended = true;
    wake();
  };
  stream.on("end", end);
  timeIsUp.addEventListener("abort", end);
  stream.on("close", () => {
    if (!ended) failure ??= new Error("Cannot read on: the source closed the connection");
    wake();
  });
  try {
    for (;;) {
      if (size < batchBytes && !ended && failure === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const [first, last] = [records[0], records.at(-1)];
      if (first !== undefined && last !== undefined) {
        const batch = { bytes: Buffer.concat(records), rows: records.length, first, last };
        records = [];
        size = 0;
        yield batch;
      }
      if (failure !== undefined) throw failure;
      if (ended) return;
      stream.resume();
    }
  } finally {
    timeIsUp.removeEventListener("abort", end);
    stream.destroy();
  }
}
