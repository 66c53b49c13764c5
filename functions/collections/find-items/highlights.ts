// highlights: where the words of a search stand in what was said of an item, as pieces of text. They are no HTML, and what
// is in a picture may say what it wants.

import type { Row } from "postgres";
import type { FoundItems } from "../../../schemas/found-items";

type Highlights = FoundItems["items"][number]["highlights"];
type Segments = NonNullable<Highlights["summary"]>;

/** Around each match. No text has them in it: they are taken out first. */
const [opening, closing] = ["\u0001", "\u0002"] as const;

/** What is shown of each field: all of it, or the parts around the matches where it may be long. */
const whole = "HighlightAll=true";
const parts = 'MaxFragments=3, MaxWords=24, MinWords=8, FragmentDelimiter=" … "';

const listed = (field: string): string =>
  `array_to_string(array(select jsonb_array_elements_text(coalesce(analysis.raw_response -> '${field}', '[]'))), ', ')`;

const fields = {
  summary: { text: "analysis.summary", shown: whole },
  objects: { text: listed("objects"), shown: whole },
  colours: { text: listed("colours"), shown: whole },
  mood: { text: "coalesce(analysis.raw_response ->> 'mood', '')", shown: whole },
  // The beginning: PostgreSQL takes a tenth of a second for a text of 10,000 characters in which all is found.
  text: { text: "left(coalesce(analysis.raw_response ->> 'text', ''), 1000)", shown: parts },
} as const;

const names = Object.keys(fields) as (keyof typeof fields)[];

/** SQL, a column for each field, of `analysis` and `asked.query`. */
export const headlines = names
  .map((name) => {
    const { text, shown } = fields[name];
    const clean = `translate(${text}, chr(1) || chr(2), '')`;
    const markers = `'StartSel="' || chr(1) || '", StopSel="' || chr(2) || '", ${shown}'`;
    return `ts_headline('english', ${clean}, asked.query, ${markers}) as marked_${name}`;
  })
  .join(", ");

/** Of the fields in which something matches. */
export const highlightsOf = (row: Row): Highlights =>
  Object.fromEntries(
    names
      .map((name) => [name, segmentsOf(row[`marked_${name}`])] as const)
      .filter(([, segments]) => segments.some(({ match }) => match)),
  );

function segmentsOf(marked: string): Segments {
  const [before = "", ...pieces] = marked.split(opening);
  const segments = pieces.flatMap((piece) => {
    const [text = "", after = ""] = piece.split(closing);
    return [
      { text, match: true },
      { text: after, match: false },
    ];
  });
  return [{ text: before, match: false }, ...segments].filter(({ text }) => text !== "");
}
