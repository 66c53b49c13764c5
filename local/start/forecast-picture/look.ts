// look: the colours and sizes of the picture. Blue and orange stay apart for every kind of colour vision.

export const colours = {
  paper: "#ffffff",
  ink: "#111827",
  grey: "#5b6472",
  axis: "#9ca3af",
  rule: "#e5e7eb",
  ahead: "#f6f8fb",
  history: "#475569",
  forecast: "#1d4ed8",
  band80: "#a9c6fb",
  band95: "#dbe8fe",
  benchmark: "#c2410c",
} as const;

export const sizes = {
  large: { title: 17, text: 12.5, line: 1.6, dashes: { "stroke-width": 1.2, "stroke-dasharray": "5 3" } },
  small: { title: 14, text: 11, line: 1.2, dashes: { "stroke-width": 0.9, "stroke-dasharray": "3 3" } },
} as const;

export const fonts = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";

/** As much of a text as has room. */
export function fitting(text: string, width: number, size: number, weight: Weight = "regular"): string {
  if (widthOf(text, size, weight) <= width) return text;
  let kept = "";
  for (const { segment } of new Intl.Segmenter("en").segment(text)) {
    if (widthOf(`${kept}${segment}\u2026`, size, weight) > width) break;
    kept += segment;
  }
  return `${kept.trimEnd()}\u2026`;
}

/** An estimate, since nobody knows the fonts of the reader: by the mean width of letters in the wider of the usual fonts. */
export function widthOf(text: string, size: number, weight: Weight = "regular"): number {
  const letter = weight === "bold" ? 0.64 : 0.56;
  let ems = 0;
  for (const { segment } of new Intl.Segmenter("en").segment(text)) ems += segment < "\u1100" ? letter : 1.05;
  return ems * size;
}

type Weight = "regular" | "bold";
