// currencies: the currencies of ISO 4217 and how many decimals their money has.
//
// Which there are Intl knows. How many decimals it does not know: it says how people write money, 0 for HUF and IDR,
// where ISO 4217 says 2 (ECMA-402, CurrencyDigits, leaves it to the implementation; V8 takes it from CLDR).

/** Those that ISO 4217 gives another minor unit than two digits (ISO 4217, list one). */
const minorUnits = {
  0: ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"],
  3: ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"],
} as const;

/** Begin with X, as what no country issues, but are money: the others are metals, units of account and codes for tests. */
const sharedMoney = ["XAF", "XCD", "XCG", "XOF", "XPF"];

/** By code, how many decimals. */
export function currencies(): Map<string, number> {
  const money = Intl.supportedValuesOf("currency").filter(
    (code) => !code.startsWith("X") || sharedMoney.includes(code),
  );
  const decimals = new Map(money.map((code) => [code, 2]));
  for (const [digits, codes] of Object.entries(minorUnits)) for (const code of codes) decimals.set(code, +digits);
  return decimals;
}
