// numbers: quantities and money as sellers' feeds write them: digits, with a point before the decimals. They stay texts,
// and so exact. What could be read in two ways - 1.234 may be a thousand and more - is not read at all.

import type { Unreadable } from "./unreadable";

/** What numeric(19, 4) holds before its point. */
const mostDigits = 15;

/** Without leading zeros. */
export function readWhole(text: string, { negative }: { readonly negative: boolean }): string | Unreadable {
  const [, minus = "", digits] = /^(-?)0*(\d+)$/.exec(text) ?? [];
  if (digits === undefined) return { reason: howToWrite(text, "whole") };
  if (minus !== "" && !negative) return { reason: "must not be negative" };
  if (digits.length > mostDigits) return { reason: `must have at most ${mostDigits} digits` };
  return digits === "0" ? digits : `${minus}${digits}`;
}

/** A price or a discount; how many decimals its currency allows is for schemas/feed.ts. */
export function readMoney(text: string): string | Unreadable {
  const [, whole, decimals = ""] = /^0*(\d+)(\.\d+)?$/.exec(text) ?? [];
  if (whole === undefined) return { reason: howToWrite(text, "money") };
  if (whole.length > mostDigits) return { reason: `must have at most ${mostDigits} digits before the point` };
  return `${whole}${decimals}`;
}

/** Whether `discount` is more than `quantity` times `price`; all three as they were read. */
export function exceeds(discount: string, quantity: string, price: string): boolean {
  if (discount === "0" || /^[0.]+$/.test(discount)) return false;
  const pieces = BigInt(quantity);
  return scaled(discount) > (pieces < 0n ? -pieces : pieces) * scaled(price);
}

/** In ten-thousandths: no currency has more than four decimals. */
function scaled(money: string): bigint {
  const [whole = "", decimals = ""] = money.split(".");
  return BigInt(whole + decimals.padEnd(4, "0"));
}

type Kind = "whole" | "money";

function howToWrite(text: string, kind: Kind): string {
  const example = kind === "whole" ? "a whole number such as 3" : "a number such as 1234.56";
  if (/^[+-]?(nan|inf(inity)?)$/i.test(text)) return `must be ${example}`;
  if (/^[+-]?[\d.]+e[+-]?\d+$/i.test(text)) return `must be ${example}, written out without an exponent`;
  if (/[\p{Sc}\p{L}]/u.test(text)) return `must be ${example}, without letters or signs of a currency`;
  if (kind === "whole") return `must be ${example}, without points or commas`;
  if (/^-\d+(\.\d+)?$/.test(text)) return "must not be negative";
  const plain = plainReading(text);
  return plain === undefined
    ? `must be ${example}, with nothing in it but digits and a point before the decimals`
    : `must have a point before its decimals and nothing between thousands: write ${plain}`;
}

/** What was meant, where that is certain; else both readings. */
function plainReading(text: string): string | undefined {
  const bare = text.replaceAll(/[ \u00a0\u202f'’]/g, "");
  if (/^-?\d{1,3}(\.\d{3})+,\d+$/.test(bare) || /^-?\d{1,3}(\.\d{3}){2,}$/.test(bare)) {
    return bare.replaceAll(".", "").replace(",", ".");
  }
  if (/^-?\d{1,3}(,\d{3})+\.\d+$/.test(bare) || /^-?\d{1,3}(,\d{3}){2,}$/.test(bare)) return bare.replaceAll(",", "");
  if (/^-?\d{1,3},\d{3}$/.test(bare)) return `${bare.replace(",", "")} or ${bare.replace(",", ".")}`;
  if (/^-?\d+,\d+$/.test(bare)) return bare.replace(",", ".");
  return /^-?\d+(\.\d+)?$/.test(bare) ? bare : undefined;
}
