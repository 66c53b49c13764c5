// letter: a page of running text about a journey, set in one of several ways.

import { integer, pick } from "../../draw";
import type { Random } from "../../xoshiro128";
import { faces, grey, page, paragraph, scanned, toTheRight } from "./page";
import { some } from "./some";

const openings = [
  "We came over the pass on the third day, and the whole valley lay before us in the morning sun.",
  "The train was late by an hour, which gave us time for coffee and a look at the harbour.",
  "It rained until noon, and then the clouds broke and the hills were green as far as one could see.",
];

const middles = [
  "The children counted sheep from the window until they fell asleep. At the inn they gave us soup, dark bread and a cheese that your father would have liked.",
  "There is a path along the lake that I would like to show you. In the evening the water is so still that the mountains stand in it upside down.",
  "On Saturday we went to the market. I bought apples, a basket of plums and a small picture of a sailing boat, which now hangs above the table.",
  "The house is old and the floor creaks, but the garden is full of roses, and from the upper room one sees the sea.",
];

const endings = [
  "Write soon and tell me how the new kitchen has turned out. We are back on the fourteenth.",
  "Thank you again for the books. I have read two of them already and keep the third for the way home.",
];

export async function letter(random: Random) {
  const { small, text, heading } = await faces(19, 23, 34);
  const sheet = page(760, 1_000, 84);
  toTheRight(
    sheet,
    small,
    `${integer(random, 2, 28)} ${pick(random, ["May", "June", "September", "October"])} 2026`,
    grey,
  );
  sheet.y += 74;
  paragraph(sheet, heading, `Dear ${pick(random, ["Anna", "Clara", "Jonas", "Peter"])},`);
  sheet.y += 18;
  for (const sentence of [pick(random, openings), ...some(random, middles, 3), pick(random, endings)]) {
    paragraph(sheet, text, sentence, { leading: 1.42 });
    sheet.y += 17;
  }
  sheet.y += 14;
  paragraph(sheet, text, "With love from all of us,");
  sheet.y += 12;
  paragraph(sheet, heading, pick(random, ["Martha", "Helene", "Tom & Ida"]));
  return scanned(sheet, random);
}
