// png-filters: a row of a PNG as it was before its encoder wrote down differences (PNG, third edition, 9.2).

/**
 * Both rows begin with the byte that names their filter; `row` is changed in place. `distance` is how many bytes before a byte
 * the same byte of the pixel to the left stands. False where there is no such filter.
 */
export function unfilter(row: Uint8Array, above: Uint8Array, distance: number): boolean {
  const undo = filters[row[0] ?? 0];
  undo?.(row, above, distance);
  return undo !== undefined;
}

const filters = [() => {}, undoSub, undoUp, undoAverage, undoPaeth] as const;

function undoSub(row: Uint8Array, _above: Uint8Array, distance: number): void {
  for (let at = 1 + distance; at < row.length; at++) row[at] = (row[at] ?? 0) + (row[at - distance] ?? 0);
}

function undoUp(row: Uint8Array, above: Uint8Array): void {
  for (let at = 1; at < row.length; at++) row[at] = (row[at] ?? 0) + (above[at] ?? 0);
}

function undoAverage(row: Uint8Array, above: Uint8Array, distance: number): void {
  for (let at = 1; at < row.length; at++) {
    const left = at > distance ? (row[at - distance] ?? 0) : 0;
    row[at] = (row[at] ?? 0) + ((left + (above[at] ?? 0)) >> 1);
  }
}

function undoPaeth(row: Uint8Array, above: Uint8Array, distance: number): void {
  const start = Math.min(1 + distance, row.length);
  for (let at = 1; at < start; at++) row[at] = (row[at] ?? 0) + (above[at] ?? 0);
  for (let at = start; at < row.length; at++) {
    const left = row[at - distance] ?? 0;
    const up = above[at] ?? 0;
    const corner = above[at - distance] ?? 0;
    // How far left + up - corner is from each of the three.
    const toLeft = Math.abs(up - corner);
    const toUp = Math.abs(left - corner);
    const toCorner = Math.abs(left + up - 2 * corner);
    const nearest = toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    row[at] = (row[at] ?? 0) + nearest;
  }
}
