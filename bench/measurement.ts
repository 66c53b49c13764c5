// measurement: one line of the bench's table.

export interface Measurement {
  readonly what: string;
  readonly measured: number;
  readonly unit: string;
  /** What it is held against, measured in the same run, in the same unit. */
  readonly baseline?: number;
  /** How many times the baseline it took; beyond one is slower, or more. */
  readonly ratio?: number;
  readonly goal?: string;
  readonly met?: boolean;
  /** What else was seen. */
  readonly note?: string;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) throw new Error("Cannot take the median of nothing");
  return (low + high) / 2;
}
