// bytes: reads a stream up to a mark or up to a length, whatever the pieces are that it comes in.

export interface Bytes {
  /** All up to `mark`, which is read too and not given; nothing when the stream ends or `max` bytes pass before it. */
  line(mark: string, max: number): Promise<Buffer | undefined>;
  /** The next `count` bytes, piece by piece; ends early only with the stream. */
  take(count: number): AsyncGenerator<Buffer>;
  /** The bytes before `mark`, piece by piece; returns whether the mark came. */
  until(mark: string): AsyncGenerator<Buffer, boolean>;
}

export function bytes(source: AsyncIterable<Buffer>): Bytes {
  const pieces = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);

  return { line, take, until };

  async function more(): Promise<boolean> {
    const { done, value } = await pieces.next();
    if (done) return false;
    held = held.length === 0 ? value : Buffer.concat([held, value]);
    return true;
  }

  async function line(mark: string, max: number): Promise<Buffer | undefined> {
    for (;;) {
      const at = held.indexOf(mark);
      if (at > max || (at < 0 && held.length > max + mark.length)) return undefined;
      if (at >= 0) return cut(at, mark.length);
      if (!(await more())) return undefined;
    }
  }

  async function* take(count: number) {
    for (let left = count; left > 0; ) {
      if (held.length === 0 && !(await more())) return;
      const piece = cut(Math.min(left, held.length), 0);
      left -= piece.length;
      yield piece;
    }
  }

  async function* until(mark: string) {
    for (;;) {
      const at = held.indexOf(mark);
      if (at >= 0) {
        yield cut(at, mark.length);
        return true;
      }
      // The mark may begin in what is held and end in what is yet to come.
      const safe = held.length - mark.length + 1;
      if (safe > 0) yield cut(safe, 0);
      if (!(await more())) return false;
    }
  }

  function cut(length: number, skip: number): Buffer {
    const piece = held.subarray(0, length);
    held = held.subarray(length + skip);
    return piece;
  }
}
