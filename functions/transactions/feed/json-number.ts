// json-number: a number of JSON, as text without an exponent. It is never a JavaScript number, so that every digit
// stays. Zeros that say nothing are left out, as writers of JSON put them there: 3.0 is 3, and 12.5000 is 12.50.

/** A text with more digits than any number that is taken is left as it is. */
const furthest = 40;

export function plainNumber(text: string): string {
  const [, minus = "", whole = "", fraction = "", exponent = "0"] = number.exec(text) ?? [];
  const shift = Number(exponent);
  if ((fraction === "" && exponent === "0") || Math.abs(shift) > furthest) return text;
  const digits = "0".repeat(Math.max(0, -shift - whole.length)) + whole + fraction;
  const point = Math.max(0, whole.length + shift);
  const before = digits
    .slice(0, point)
    .padEnd(point, "0")
    .replace(/^0+(?=\d)/, "");
  const after = digits.slice(point).replace(/0+$/, "");
  const decimals = after === "" ? "" : `.${digits.length - point === 1 ? after : after.padEnd(2, "0")}`;
  return `${minus}${before === "" ? "0" : before}${decimals}`;
}

const number = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
