// limits: how much a feed may hold. Each is checked while reading, so that no feed takes more memory than a few
// records.

const mebibyte = 1_024 * 1_024;

export const limits = {
  /** In bytes, uncompressed. */
  feed: 1_024 * mebibyte,
  /** How much more gzip may hold than it has, once it has held more than `bombFrom` bytes. */
  ratio: 200,
  bombFrom: 16 * mebibyte,
  /** In bytes: a line, or a row of CSV or an object of JSON with the blanks before it. */
  record: mebibyte,
  /** In bytes: in which a header must end. */
  header: 256 * 1_024,
  columns: 200,
  /** Of a cell. */
  characters: 1_000,
  /** In bytes: what is looked at at once. */
  piece: 64 * 1_024,
} as const;
