// look-ahead: the first bytes of a stream, before it is decided how to read it, and all of it again.

export interface Ahead {
  /** At least as many bytes as were asked for, or all there are. */
  readonly head: Buffer;
  /** Whether there is nothing behind the head. */
  readonly whole: boolean;
  /** Everything, the head as well; to be read once. */
  readonly all: AsyncIterable<Buffer>;
  /** To be called when no more of it is wanted, whether it was read or not. */
  end(): Promise<void>;
}

export async function lookAhead(bytes: AsyncIterable<Uint8Array>, count: number): Promise<Ahead> {
  const iterator = bytes[Symbol.asyncIterator]();
  const chunks: Buffer[] = [];
  let length = 0;
  let whole = false;
  while (length < count) {
    const { value, done } = await iterator.next();
    if (done === true) {
      whole = true;
      break;
    }
    const chunk = asBuffer(value);
    chunks.push(chunk);
    length += chunk.length;
  }
  const head = Buffer.concat(chunks, length);

  async function* all(): AsyncGenerator<Buffer> {
    yield head;
    while (!whole) {
      const { value, done } = await iterator.next();
      if (done === true) return;
      yield asBuffer(value);
    }
  }
  return {
    head,
    whole,
    all: all(),
    end: async () => {
      await iterator.return?.();
    },
  };
}

/** The same bytes, not a copy. */
const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
