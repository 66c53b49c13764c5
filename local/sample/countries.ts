// countries: where the shop sells, in which currency and at which rate. The first country is home to nearly half of it.

export interface Country {
  readonly code: string;
  readonly currency: "EUR" | "GBP" | "USD";
  readonly language: "de" | "fr" | "nl" | "it" | "es" | "en";
  readonly share: number;
  readonly regions: readonly Region[];
}

export interface Region {
  readonly name: string;
  readonly share: number;
  /** What becomes of the custom over the whole time that the shop is open: 0.3 keeps three in ten, 1 is steady. */
  readonly fate: number;
}

export const countries: readonly Country[] = [
  {
    code: "DE",
    currency: "EUR",
    language: "de",
    share: 46,
    regions: [
      region("North Rhine-Westphalia", 30),
      region("Bavaria", 24),
      region("Hesse", 13),
      region("Berlin", 13),
      region("Hamburg", 8),
      region("Saxony", 12, 0.05),
    ],
  },
  {
    code: "FR",
    currency: "EUR",
    language: "fr",
    share: 12,
    regions: [region("Île-de-France", 45), region("Occitanie", 20), region("Brittany", 20), region("Grand Est", 15)],
  },
  {
    code: "AT",
    currency: "EUR",
    language: "de",
    share: 8,
    regions: [region("Vienna", 50), region("Styria", 30), region("Tyrol", 20)],
  },
  {
    code: "NL",
    currency: "EUR",
    language: "nl",
    share: 8,
    regions: [region("North Holland", 45), region("South Holland", 35), region("Utrecht", 20)],
  },
  {
    code: "IT",
    currency: "EUR",
    language: "it",
    share: 6,
    regions: [region("Lombardy", 50), region("Lazio", 30), region("Veneto", 20)],
  },
  {
    code: "ES",
    currency: "EUR",
    language: "es",
    share: 5,
    regions: [region("Madrid", 45), region("Catalonia", 35), region("Andalusia", 20)],
  },
  {
    code: "BE",
    currency: "EUR",
    language: "nl",
    share: 4,
    regions: [region("Flanders", 60), region("Wallonia", 25), region("Brussels", 15)],
  },
  {
    code: "IE",
    currency: "EUR",
    language: "en",
    share: 2,
    regions: [region("Leinster", 65), region("Munster", 35)],
  },
  {
    code: "GB",
    currency: "GBP",
    language: "en",
    share: 5,
    regions: [region("England", 75), region("Scotland", 17), region("Wales", 8)],
  },
  {
    code: "US",
    currency: "USD",
    language: "en",
    share: 4,
    regions: [region("California", 40), region("New York", 35), region("Texas", 25)],
  },
];

/** Where the cards of fraudsters say they come from: nobody here is a customer. */
export const foreign: readonly string[] = ["BR", "ID", "NG", "RO", "UA", "VN"];

// The shop's price lists are in euros; the others are made from them at a rate fixed for the season.
const rates: Readonly<Record<Country["currency"], number>> = { EUR: 1, GBP: 0.86, USD: 1.1 };

/** A price in euro cents on the price list of a currency. */
export const listed = (cents: number, currency: Country["currency"]) => Math.round(cents * rates[currency]);

function region(name: string, share: number, fate = 1): Region {
  return { name, share, fate };
}
