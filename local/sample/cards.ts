// cards: payment cards whose numbers pass Luhn's check and belong to nobody.
//
// The first digits are those of numbers that the brands and processors publish for tests (4111 11, 5555 55, 3782 82, ...),
// so a number may look real in every way and still never have been issued.

import { digits, weighted } from "./draw";
import type { Random } from "./xoshiro128";

export interface Card {
  readonly brand: string;
  readonly number: string;
  readonly cvv: string;
}

const brands = [
  { brand: "visa", share: 40, length: 16, cvv: 3, starts: ["411111", "424242", "400000"] },
  { brand: "mastercard", share: 34, length: 16, cvv: 3, starts: ["555555", "510510", "222300"] },
  { brand: "amex", share: 9, length: 15, cvv: 4, starts: ["378282", "371449"] },
  { brand: "visa-13", share: 3, length: 13, cvv: 3, starts: ["422222"] },
  { brand: "unionpay", share: 4, length: 19, cvv: 3, starts: ["620000"] },
  { brand: "discover", share: 4, length: 16, cvv: 3, starts: ["601111"] },
  { brand: "jcb", share: 3, length: 16, cvv: 3, starts: ["353011"] },
  { brand: "diners", share: 3, length: 14, cvv: 3, starts: ["305693", "385200"] },
] as const;

const someBrand = weighted(brands, ({ share }) => share);

export function cardOf(random: Random): Card {
  const { brand, length, cvv, starts } = someBrand(random);
  const start = starts[Math.floor(random() * starts.length)] ?? starts[0];
  const body = start + digits(random, length - start.length - 1);
  return { brand, number: body + checkDigit(body), cvv: digits(random, cvv) };
}

/** A card number as people write it: `4111 1111 1111 1111`, `3782-822463-10005`. */
export function spelled({ number, brand }: Card, separator: " " | "-"): string {
  const groups = brand === "amex" || brand === "diners" ? /^(\d{4})(\d{6})(\d+)$/ : /(\d{4})(?=\d)/g;
  return number.replace(
    groups,
    brand === "amex" || brand === "diners" ? `$1${separator}$2${separator}$3` : `$1${separator}`,
  );
}

/** Luhn's check, ISO/IEC 7812-1 annex B. */
export const passesLuhn = (number: string) => checkDigit(number.slice(0, -1)) === number.slice(-1);

function checkDigit(body: string): string {
  let sum = 0;
  for (let i = 0; i < body.length; i++) {
    const digit = body.charCodeAt(body.length - 1 - i) - 48;
    const doubled = i % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return String((10 - (sum % 10)) % 10);
}
