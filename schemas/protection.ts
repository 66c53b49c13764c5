// protection: what becomes of a sensitive column, as DuckDB macros.
//
//   card_number  4111 1111 1111 1111      ->  card_last4 1111, card_token 9f86d0... (HMAC-SHA256 of the bare digits)
//   card_cvv     123                      ->  nothing
//   ssn          078-05-1120              ->  ssn_last4 1120
//   email        jane.doe@example.com     ->  j***@example.com
//   notes        "my card 4111-1111-..."  ->  "my card ************1111"
//
// In free text a card number is 13 to 19 digits, single spaces or hyphens between them, no digit on either side, that pass
// Luhn's check (ISO/IEC 7812-1, annex B). Brand is not asked, since brand lists miss real cards; but 13 digits must begin
// with 4, because one in ten timestamps in milliseconds passes Luhn, and one digit repeated is no card. Digits run into
// their neighbours in free text ("4111 1111 1111 1111 2024"), so every sequence of whole groups is tried, longest first.

import { createHash } from "node:crypto";
import { quoted } from "./sql-text";
import type { Column, Table } from "./tables";

/** A run of digits long enough to hold a card number, with what may stand between them. */
const digitRun = "[0-9](?:[ -]?[0-9]){12,}";
const ssnLike = "\\b[0-9]{3}-[0-9]{2}-[0-9]{4}\\b";

/** Searching more would let one hostile text hold up a whole file; of more, every digit is masked. */
const searchedRun = 128; // characters
const searchedDigits = 200; // of a text

/**
 * Statements that define the macros below in a DuckDB connection; `key` is the secret behind the card tokens.
 * A macro's argument is pasted in wherever it is named, so what is dear is bound to a lambda's parameter instead.
 */
export const protectionMacros = (key: string): string[] => [
  ...hmacKey(key),
  "CREATE TEMP MACRO digits_of(t) AS regexp_replace(t, '[^0-9]', '', 'g')",
  `CREATE TEMP MACRO card_token(t) AS sha256(getvariable('hmac_outer') ||
     unhex(sha256(getvariable('hmac_inner') || encode(digits_of(t)))))`,
  "CREATE TEMP MACRO last4(t) AS right(digits_of(t), 4)",
  "CREATE TEMP MACRO masked_card(t) AS repeat('*', length(digits_of(t)) - 4) || last4(t)",

  `CREATE TEMP MACRO passes_luhn(d) AS list_sum(list_transform(string_split(reverse(d), ''), lambda c, place:
     CASE WHEN place % 2 = 1 THEN ord(c) - 48
          WHEN c > '4' THEN (ord(c) - 48) * 2 - 9
          ELSE (ord(c) - 48) * 2 END)) % 10 = 0`,
  `CREATE TEMP MACRO is_card(t) AS list_any_value(list_transform([digits_of(t)], lambda d:
     length(d) BETWEEN 13 AND 19 AND (length(d) > 13 OR d[1] = '4') AND d <> repeat(d[1], length(d)) AND passes_luhn(d)))`,

  `CREATE TEMP MACRO digit_runs(t) AS regexp_extract_all(t, '${digitRun}')`,
  `CREATE TEMP MACRO long_runs(t) AS list_filter(digit_runs(t), lambda run: length(run) > ${searchedRun})`,
  `CREATE TEMP MACRO grouped_runs(t) AS list_transform(
     list_filter(digit_runs(t), lambda run: length(run) <= ${searchedRun}),
     lambda run: regexp_extract_all(run, '[0-9]+[ -]?'))`,
  `CREATE TEMP MACRO sequences(groups) AS flatten(list_transform(range(1, len(groups) + 1), lambda i:
     list_transform(range(i, least(i + 19, len(groups) + 1)), lambda j: rtrim(array_to_string(groups[i:j], ''), ' -'))))`,
  `CREATE TEMP MACRO cards_in(t) AS list_transform(list_sort(list_transform(
       list_filter(flatten(list_transform(grouped_runs(t), lambda groups: sequences(groups))), lambda card: is_card(card)),
       lambda card: {'length': length(card), 'card': card}), 'DESC'),
     lambda found: found.card)`,
  `CREATE TEMP MACRO ssns_in(t) AS list_filter(regexp_extract_all(t, '${ssnLike}'), lambda s:
     s[1:3] NOT IN ('000', '666') AND s[1] <> '9' AND s[5:6] <> '00' AND s[8:11] <> '0000')`,

  `CREATE TEMP MACRO masked_text(t) AS CASE
     WHEN NOT regexp_matches(t, '${digitRun}|${ssnLike}') THEN t
     WHEN length(digits_of(t)) > ${searchedDigits} THEN regexp_replace(t, '[0-9]', '*', 'g')
     ELSE list_reduce(ssns_in(t), lambda text, s: replace(text, s, '***-**-' || s[8:11]),
            list_reduce(cards_in(t), lambda text, card: replace(text, card, masked_card(card)),
              list_reduce(long_runs(t), lambda text, run: replace(text, run, masked_card(run)), t)))
     END`,
  "CREATE TEMP MACRO masked_email(t) AS left(t, 1) || '***' || masked_text(regexp_extract(t, '@[^@]*$'))",
];

/** HMAC (RFC 2104) needs the key twice, padded to SHA-256's block of 64 bytes and mixed with two constants. */
function hmacKey(key: string): string[] {
  const block = Buffer.alloc(64);
  const bytes = Buffer.from(key);
  (bytes.length > 64 ? createHash("sha256").update(bytes).digest() : bytes).copy(block);
  const mixed = (constant: number) => block.map((byte) => byte ^ constant);
  const base64 = (constant: number) => Buffer.from(mixed(constant)).toString("base64");
  return [
    `SET VARIABLE hmac_outer = from_base64('${base64(0x5c)}')`,
    `SET VARIABLE hmac_inner = from_base64('${base64(0x36)}')`,
  ];
}

/** The columns that leave the raw bucket: their types, and the DuckDB expression that makes each from the raw row. */
export function protectedColumns(table: Table): { name: string; type: Column["type"]; sql: string }[] {
  return Object.entries(table.columns).flatMap(([name, { type, protect }]) => {
    const value = quoted(name);
    switch (protect?.kind) {
      case "card":
        return [
          { name: `${protect.as}_last4`, type, sql: `last4(${value})` },
          { name: `${protect.as}_token`, type, sql: `card_token(${value})` },
        ];
      case "ssn":
        return [{ name: `${protect.as}_last4`, type, sql: `last4(${value})` }];
      case "drop":
        return [];
      case "email":
        return [{ name, type, sql: `masked_email(${value})` }];
      case "text":
        return [{ name, type, sql: `masked_text(${value})` }];
      default:
        return [{ name, type, sql: value }];
    }
  });
}
