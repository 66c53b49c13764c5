// value-axis: round numbers that hold a set of values and 0, and their labels in one unit for all.

export interface ValueAxis {
  /** All values lie between, with a little room where there is no tick at the end. */
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

const units = [
  { unit: 1e12, sign: "tn" },
  { unit: 1e9, sign: "bn" },
  { unit: 1e6, sign: "M" },
  { unit: 1e3, sign: "k" },
] as const;

/** About `count` ticks. 0 is one of them: on an axis that does not begin there, every movement looks large. */
export function valueAxis(values: readonly number[], count: number): ValueAxis {
  let [least, most] = [0, 0];
  for (const value of values) [least, most] = [Math.min(least, value), Math.max(most, value)];
  if (least === most) most = 1;
  const step = roundStep(most / count - least / count);
  const [first, last] = [Math.ceil(least / step - 1e-9), Math.floor(most / step + 1e-9)];
  const places = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const label = labelsFor(step, Math.max(-first, last) * step);
  const ticks = places.map((place) => ({ value: place * step, label: label(place * step) }));
  const room = most / 50 - least / 50;
  return {
    from: least < first * step ? least - room : first * step,
    to: most > last * step ? most + room : last * step,
    ticks,
  };
}

/** The smallest of 1, 2, 2.5, 5 and 10 times a power of ten that is not below `least`. */
function roundStep(least: number): number {
  const exponent = Math.floor(Math.log10(least));
  // 10 ** -1 times 3 is not 0.3: as text, a power of ten is exact.
  const steps = [1, 2, 2.5, 5, 10].map((factor) => Number(`${factor}e${exponent}`));
  return steps.find((step) => step >= least * (1 - 1e-9)) ?? Number(`1e${exponent + 1}`);
}

function labelsFor(step: number, largest: number): (value: number) => string {
  if (largest >= 1e15 || largest < 1e-4) return (value) => (value === 0 ? "0" : signed(value, exponential(value)));
  const { unit, sign } = units.find((one) => step >= one.unit || largest >= 5 * one.unit) ?? { unit: 1, sign: "" };
  const digits = [0, 1, 2, 3, 4, 5, 6].find((places) => isWhole((step / unit) * 10 ** places)) ?? 7;
  return (value) => (value === 0 ? "0" : signed(value, `${(Math.abs(value) / unit).toFixed(digits)}${sign}`));
}

const exponential = (value: number) =>
  String(Number(Math.abs(value).toPrecision(3)).toExponential()).replace("e+", "e");
const signed = (value: number, size: string) => (value < 0 ? `\u2212${size}` : size);
const isWhole = (value: number) => Math.abs(value - Math.round(value)) < 1e-6;
