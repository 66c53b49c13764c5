// report-gallery: what the user saw of the pictures, for a person: what each shows, a search and its hits, more like one of them,
// and the events between the stages.

import type { Gallery, Hit } from "./gallery";
import type { PassedEvents } from "./passed-events";
import { table, title } from "./report";
import { styled } from "./styled";

/** Of a table on a terminal. */
const widest = 90;

const bearer = 'curl -s -H "Authorization: Bearer $PICTURES"';
const curls = [
  `${bearer} "$API/api/items/search?q=hills+under+a+blue+sky"`,
  `${bearer} "$API/api/items?category=landscape"`,
  `${bearer} -H "Content-Type: application/json" -d '{"contentType": "image/jpeg"}' "$API/api/items"   # its "curl" sends a picture.jpg`,
];

export function reportGallery(
  { items, search, similar, contactSheet, api }: Gallery,
  { stays }: { readonly stays: boolean },
): void {
  title(`Pictures, and what the model sees in them (${items.length})`);
  const rows = items.map(({ file, status, item, error }) =>
    item === undefined
      ? [file, styled("yellow", status), "", shortened(`${error?.code ?? ""}  ${error?.message ?? ""}`)]
      : [file, item.category, item.analysis.colours.slice(0, 3).join(", "), shortened(item.summary)],
  );
  console.log(table(["file", "category", "colours", "summary"], rows, ["left", "left", "left", "left"]));
  if (search !== undefined) {
    title(`"${search.query}" (GET /api/items/search)`);
    const hits = search.hits.map((hit) => [
      hit.file,
      hit.category,
      score(hit.similarity),
      score(hit.textRank),
      told(hit),
    ]);
    const head = ["file", "category", "by meaning", "by words", "where the words are"];
    console.log(table(head, hits, ["left", "left", "right", "right", "left"]));
  }
  if (similar !== undefined) {
    title(`More like "${similar.to}" (GET /api/items/{id}/similar)`);
    const hits = similar.hits.map(({ file, category, similarity }) => [file, category, score(similarity)]);
    console.log(table(["file", "category", "similarity"], hits, ["left", "left", "right"]));
  }
  if (contactSheet !== undefined) console.log(`\nAll of them on one sheet: ${contactSheet}`);
  title(
    stays ? "Ask for the pictures yourself" : "Ask for the pictures yourself, while it runs (npm start without --exit)",
  );
  console.log(`export API=${api.url} PICTURES=${api.token}`);
  for (const line of curls) console.log(line);
}

export function reportEvents(passed: readonly PassedEvents[]): void {
  if (passed.length === 0) return;
  title("Events on the bus");
  const rows = passed.map(({ detailType, source, ...counts }) => [
    detailType,
    source,
    ...[counts.events, counts.deliveries, counts.retries, counts.deadLetters].map(String),
  ]);
  const head = ["event", "from", "events", "delivered", "tried again", "undelivered"];
  console.log(table(head, rows, ["left", "left", "right", "right", "right", "right"]));
}

const score = (value: number | null): string => value?.toFixed(2) ?? "-";

/** The first of the highlights, the words that match in bold. */
function told({ highlights }: Hit): string {
  const [segments = []] = Object.values(highlights).filter((found) => found !== undefined);
  return segments.map(({ text, match }) => (match ? styled("bold", text) : text)).join("");
}

/** Cut behind a word. */
const shortened = (text: string): string =>
  text.length > widest ? `${text.slice(0, widest - 3).replace(/\s+\S*$/, "")}...` : text;
