// layout: where the cards of a sheet lie.
//
//   ┌─ margin ───────────────────────────┐
//   │ heading, as high as it must be     │
//   │ ┌───────┐ gap ┌───────┐ ┌───────┐  │
//   │ │ card  │     │       │ │       │  │
//   │ └───────┘     └───────┘ └───────┘  │
//   └────────────────────────────────────┘

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const margin = 40;
export const card = { width: 260, height: 296 };
const gap = 18;

/** About as many columns as rows; three at least, so that a heading has room, and eight at most. */
export const columnsFor = (cards: number): number => Math.min(8, Math.max(3, Math.ceil(Math.sqrt(cards))));

export const sheetWidth = (cards: number): number => {
  const columns = columnsFor(cards);
  return 2 * margin + columns * card.width + (columns - 1) * gap;
};

export function layout(
  cards: number,
  headingHeight: number,
): { readonly height: number; readonly boxes: readonly Box[] } {
  const columns = columnsFor(cards);
  const top = margin + headingHeight;
  const boxes = Array.from({ length: cards }, (_, index) => ({
    x: margin + (index % columns) * (card.width + gap),
    y: top + Math.floor(index / columns) * (card.height + gap),
    ...card,
  }));
  return { height: Math.max(top, ...boxes.map(({ y, height }) => y + height)) + margin, boxes };
}

/** The largest box of the picture's proportions within another, in its middle: whole pixels, one at least. */
export function fitted(picture: { readonly width: number; readonly height: number }, box: Box): Box {
  const scale = Math.min(box.width / picture.width, box.height / picture.height);
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  return {
    x: box.x + Math.floor((box.width - width) / 2),
    y: box.y + Math.floor((box.height - height) / 2),
    width,
    height,
  };
}
