// invoice: what a shop with umlauts in its name asks for.

import { integer, pick } from "../../draw";
import type { Random } from "../../xoshiro128";
import { fill } from "../raster/fill";
import { rectangle } from "../raster/outline";
import { faces, grey, ink, page, paragraph, rule, toTheRight } from "./page";
import { some } from "./some";

const goods = [
  ["Gläser, mundgeblasen", 1_290],
  ["Kaffeekanne, weiß", 3_450],
  ["Tischdecke, Leinen", 4_890],
  ["Schüssel, groß", 2_190],
  ["Messer, geschärft", 1_750],
  ["Körbe aus Weide", 2_640],
  ["Kerzen, 12 Stück", 980],
] as const;

export async function invoice(random: Random) {
  const { small, text, heading } = await faces(20, 24, 46);
  const sheet = page(900, 1_200, 90, 0xffffffff);
  const { picture, margin } = sheet;
  const accent = pick(random, [0x1f6f8bff, 0x8b3a3aff, 0x3f6b3fff]);
  fill(picture, rectangle(0, 0, picture.width, 22), accent);
  paragraph(sheet, heading, "Müller + Söhne", { colour: accent, bold: true });
  paragraph(sheet, small, "Haushaltswaren · Königstraße 7 · 70173 Stuttgart", { colour: grey });
  sheet.y += 60;
  const number = integer(random, 1_000, 9_999);
  toTheRight(sheet, text, `${integer(random, 1, 28)}. März 2026`);
  paragraph(sheet, text, `Rechnung Nr. ${number}`, { bold: true });
  sheet.y += 40;

  const columns = { count: margin + 18, name: margin + 110, price: picture.width - margin - 18 };
  const row = (count: string, name: string, price: string, bold: "regular" | "bold" = "regular") => {
    const baseline = sheet.y + 36;
    text.write(picture, count, columns.count, baseline, ink, bold);
    text.write(picture, name, columns.name, baseline, ink, bold);
    text.write(picture, price, columns.price - text.widthOf(price), baseline, ink, bold);
    sheet.y += 54;
  };
  fill(picture, rectangle(margin, sheet.y, picture.width - 2 * margin, 54), 0xeef1f4ff);
  row("Anz.", "Artikel", "Betrag", "bold");
  let cents = 0;
  for (const [name, price] of some(random, goods, 5)) {
    const count = integer(random, 1, 6);
    cents += count * price;
    row(String(count), name, euros(count * price));
    rule(sheet, 1, 0xd5dae0ff);
  }
  sheet.y += 14;
  row("", "Summe, einschließlich 19 % MwSt.", euros(cents), "bold");
  rule(sheet, 3, accent);
  sheet.y += 70;
  paragraph(sheet, text, "Zahlbar innerhalb von 14 Tagen ohne Abzug. Vielen Dank für Ihren Einkauf!", { leading: 1.5 });
  sheet.y = picture.height - margin - 20;
  paragraph(sheet, small, "Für Rückfragen: 0711 / 555 01 20 · gruesse@mueller-soehne.example", { colour: grey });
  return picture;
}

const euros = (cents: number) =>
  `${(cents / 100)
    .toFixed(2)
    .replace(".", ",")
    .replace(/\B(?=(\d{3})+,)/, ".")} €`;
