// digits: how many digits a constant has as a number, with its exponent written out; 0 for what is no number.
//
// PostgreSQL makes a number of any text that stands where it needs one, and an array of numbers of `{1,2}`
// (https://www.postgresql.org/docs/17/sql-syntax-lexical.html, "Numeric Constants"; numeric takes the same as a text).

/** The most that a constant may have: that of any money or quantity, squared. */
export const mostDigitsWritten = 40;

export const digitsOf = (text: string): number =>
  Math.max(
    ...text
      .replaceAll(/["\\\s]/g, "")
      .split(/[{},]/)
      .map(digitsOfOne),
  );

function digitsOfOne(text: string): number {
  if (/^[+-]?0[box][\da-f_]+$/i.test(text)) return text.length;
  const [, written, exponent = "0"] = /^[+-]?([\d_.]+)(?:e([+-]?[\d_]+))?$/i.exec(text) ?? [];
  if (written === undefined) return 0;
  return written.replaceAll(/[_.]/g, "").length + Math.abs(Number(exponent.replaceAll("_", "")));
}
