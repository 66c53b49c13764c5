// binary-copy: rows as COPY reads them in its binary format. As text, a hundred thousand vectors would be two gigabytes of
// decimals.
//
// https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4. A field is what the receive function of its type takes;
// that of `vector` is in https://github.com/pgvector/pgvector/blob/master/src/vector.c (vector_recv).

const header = Buffer.concat([Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"), Buffer.alloc(8)]);
const trailer = Buffer.from([0xff, 0xff]);

const rowsAtOnce = 200;

/** The whole stream of `count` rows; `at` hears how many have been asked for. */
export function* rows(
  count: number,
  fields: (row: number) => readonly Buffer[],
  at: (row: number) => void,
): Generator<Buffer> {
  yield header;
  for (let first = 0; first < count; first += rowsAtOnce) {
    const numbers = Array.from({ length: Math.min(rowsAtOnce, count - first) }, (_, next) => first + next);
    yield Buffer.concat(numbers.flatMap((number) => row(fields(number))));
    at(first + numbers.length);
  }
  yield trailer;
}

function row(fields: readonly Buffer[]): Buffer[] {
  const count = Buffer.alloc(2);
  count.writeInt16BE(fields.length);
  return [count, ...fields.flatMap((field) => [integer(field.length), field])];
}

export const text = (value: string): Buffer => Buffer.from(value);

export const uuid = (value: string): Buffer => Buffer.from(value.replaceAll("-", ""), "hex");

/** The first byte is the format's version. */
export const jsonb = (value: object): Buffer => Buffer.from(`\x01${JSON.stringify(value)}`);

export function integer(value: number): Buffer {
  const buffer = Buffer.allocUnsafe(4);
  buffer.writeInt32BE(value);
  return buffer;
}

/** In microseconds since the year 2000. */
export function timestamp(value: Date): Buffer {
  const buffer = Buffer.allocUnsafe(8);
  buffer.writeBigInt64BE(BigInt(value.getTime() - Date.UTC(2000, 0, 1)) * 1_000n);
  return buffer;
}

export function vector(values: Float32Array): Buffer {
  const buffer = Buffer.allocUnsafe(4 + 4 * values.length);
  buffer.writeInt16BE(values.length, 0);
  buffer.writeInt16BE(0, 2);
  values.forEach((value, index) => void buffer.writeFloatBE(value, 4 + 4 * index));
  return buffer;
}
