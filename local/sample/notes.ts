// notes: what people write into free-text fields: harmless remarks, and here and there a card number that must not go
// further, or a number that only looks like one and must stay.

import { type Card, passesLuhn, spelled } from "./cards";
import { chance, digits, integer, pick } from "./draw";
import type { Random } from "./xoshiro128";

/** Remembers what was planted in free texts. */
export interface Planted {
  /** Notes a text that must be masked, and returns it. */
  secret(text: string): string;
  /** Notes a text that must be left alone, and returns it. */
  lookalike(text: string): string;
  readonly secrets: readonly string[];
  readonly lookalikes: readonly string[];
}

export function plantedTexts(): Planted {
  const secrets: string[] = [];
  const lookalikes: string[] = [];
  return {
    secret(text) {
      secrets.push(text);
      return text;
    },
    lookalike(text) {
      lookalikes.push(text);
      return text;
    },
    secrets,
    lookalikes,
  };
}

/**
 * A number that was printed in an advertisement of 1938, taken for their own by thousands and voided since:
 * https://www.ssa.gov/history/ssn/misused.html. Its form is that of a real one.
 */
const voidSsn = "078-05-1120";

const customerRemarks = [
  "Prefers to be called in the afternoon.",
  "Asked for an invoice on paper.",
  "Newsletter only in English, please.",
  "Met at the trade fair, interested in bulk prices.",
  "Deliver to the neighbour when not at home.",
  "Complained about a late parcel, voucher sent.",
];

const orderRemarks = [
  "Please leave the parcel at the back door.",
  "Gift, no invoice in the box please!",
  "Ring twice, the bell is weak.",
  "Deliver after 17:00.",
  "It's a present: could you wrap it?",
  "Second floor, no lift.",
  "Call before delivery.",
  "Bitte beim Nachbarn abgeben.",
  "Laisser chez la gardienne, merci.",
];

export function customerNote(random: Random, card: Card, planted: Planted): string | null {
  const r = random();
  if (r < 0.006) return `Phone order, card ${planted.secret(spelled(card, " "))}, wants a call back.`;
  if (r < 0.008) return `Identified on the phone by SSN ${planted.secret(voidSsn)}.`;
  if (r < 0.012) return `Imported from the old system as record ${planted.lookalike(epochMilliseconds(random))}.`;
  return r < 0.09 ? pick(random, customerRemarks) : null;
}

export function orderNote(random: Random, card: Card, orderId: number, planted: Planted): string | null {
  const r = random();
  if (r < 0.0012) return `Paid by phone with ${planted.secret(spelled(card, "-"))} exp ${expiry(random)}`;
  if (r < 0.0024) return `Please charge my other card ${planted.secret(spelled(card, " "))}. Thanks`;
  if (r < 0.003) return `card no.${planted.secret(card.number)}, cvc on request`;
  if (r < 0.0034) return `Gift receipt for ${planted.secret(voidSsn)}, see file.`;
  if (r < 0.006)
    return `Replacement for order ${planted.lookalike(String(orderId - integer(random, 1, 99)))}, free of charge.`;
  if (r < 0.009) return `Checkout ref ${planted.lookalike(epochMilliseconds(random))}`;
  if (r < 0.012) return `Tracking ${planted.lookalike(trackingNumber(random))}, held at the depot.`;
  return r < 0.08 ? pick(random, orderRemarks) : null;
}

const expiry = (random: Random) => `${String(integer(random, 1, 12)).padStart(2, "0")}/${integer(random, 27, 31)}`;

/** A moment of 2026 as a program writes it. 13 digits, and every tenth would pass for a card by Luhn's check alone: these do. */
function epochMilliseconds(random: Random): string {
  for (;;) {
    const text = `17${integer(random, 67, 92)}${digits(random, 9)}`;
    if (passesLuhn(text)) return text;
  }
}

/** 14 digits in three groups, with a check digit that is not Luhn's. */
function trackingNumber(random: Random): string {
  for (;;) {
    const text = digits(random, 14).replace(/^0/, "9");
    if (!passesLuhn(text)) return chance(random, 0.5) ? text : text.replace(/^(.{4})(.{5})/, "$1 $2 ");
  }
}
