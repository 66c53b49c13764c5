// forecast-picture: what was sold, what is expected, and how sure that is, as one SVG.
//
//   title                                   ── history  ── forecast  ▒ 80 %  ░ 95 %  - - benchmark
//   ┌──────────────────────────────────────────────────────┐
//   │ the first panel, large                               │
//   └──────────────────────────────────────────────────────┘
//   ┌───────────────┐ ┌───────────────┐ ┌───────────────┐
//   │ up to six     │ │ more, small   │ │               │
//   └───────────────┘ └───────────────┘ └───────────────┘
//
// A function of its input: no clock, no fonts of its own, no script. Any text may come from data.

import { caption } from "./forecast-picture/caption";
import { colours, fitting, fonts } from "./forecast-picture/look";
import { type Box, drawPanel, type Panel } from "./forecast-picture/panel";
import { element, words } from "./forecast-picture/svg";

export interface ForecastPicture {
  readonly title: string;
  readonly subtitle: string;
  readonly panels: readonly Panel[];
}

const [width, margin, gap, header, footer] = [1_200, 40, 32, 112, 44];
const [largeHeight, smallHeight] = [380, 236];
const mostSmall = 6;

/** The text of an SVG file. Of more than seven panels the first seven are drawn, and the picture says so. */
export function forecastPicture({ title, subtitle, panels }: ForecastPicture): string {
  const boxes = boxesFor(Math.min(panels.length, 1 + mostSmall));
  const height = Math.max(header, ...boxes.map((box) => box.y + box.height)) + footer;
  const drawn = boxes.flatMap((box, index) => {
    const panel = panels[index];
    return panel === undefined ? [] : [drawPanel(panel, box, index === 0 ? "large" : "small")];
  });
  const described = panels.slice(0, boxes.length).map((panel) => `${panel.title}: ${caption(panel)}.`);
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "img",
      "aria-labelledby": "picture-title picture-description",
      "font-family": fonts,
    },
    element("title", { id: "picture-title" }, words(title)),
    element("desc", { id: "picture-description" }, words([`${subtitle}.`, ...described].join(" "))),
    // Of its own colour, so that it reads the same on a dark page.
    element("rect", { width, height, fill: colours.paper }),
    text(title, { x: margin, y: 46, "font-size": 25, "font-weight": 700, fill: colours.ink }),
    text(subtitle, { x: margin, y: 71, "font-size": 14, fill: colours.grey }),
    legend(panels),
    ...drawn,
    text(footnote(panels.length), { x: margin, y: height - 18, "font-size": 11, fill: colours.grey }),
  );
}

/** The first is as wide as the picture, the others share rows below it. */
function boxesFor(count: number): Box[] {
  const small = count - 1;
  const columns = small === 2 || small === 4 ? 2 : Math.min(3, Math.max(1, small));
  const smallWidth = (width - 2 * margin - (columns - 1) * gap) / columns;
  return Array.from({ length: count }, (_, index) => {
    if (index === 0) return { x: margin, y: header, width: width - 2 * margin, height: largeHeight };
    const [row, column] = [Math.floor((index - 1) / columns), (index - 1) % columns];
    return {
      x: margin + column * (smallWidth + gap),
      y: header + largeHeight + 24 + row * (smallHeight + 20),
      width: smallWidth,
      height: smallHeight,
    };
  });
}

/** Only what is in the picture. */
function legend(panels: readonly Panel[]): string {
  const has = (test: (panel: Panel) => boolean) => panels.some(test);
  const entries = [
    has(({ history }) => history.length > 0) && { name: "history", mark: stroke(colours.history, 1.8), wide: 86 },
    has(({ forecast }) => forecast.length > 0) && { name: "forecast", mark: stroke(colours.forecast, 2.6), wide: 92 },
    has(({ forecast }) => forecast.some(({ lower80, upper80 }) => lower80 !== null && upper80 !== null)) && {
      name: "80 % band",
      mark: area(colours.band80),
      wide: 104,
    },
    has(({ forecast }) => forecast.some(({ lower95, upper95 }) => lower95 !== null && upper95 !== null)) && {
      name: "95 % band",
      mark: area(colours.band95),
      wide: 104,
    },
    has(({ benchmark }) => benchmark !== undefined && benchmark.length > 0) && {
      name: "benchmark (seasonal naive)",
      mark: stroke(colours.benchmark, 1.4, "5 3"),
      wide: 204,
    },
  ].filter((entry) => entry !== false);
  let x = margin;
  return entries
    .map(({ name, mark, wide }) => {
      const at = `translate(${x} 92)`;
      x += wide;
      return element(
        "g",
        { transform: at },
        mark,
        element("text", { x: 30, y: 4, "font-size": 12, fill: colours.grey }, words(name)),
      );
    })
    .join("");
}

const stroke = (colour: string, thick: number, dashes?: string) =>
  element("line", { x1: 0, x2: 24, y1: 0, y2: 0, stroke: colour, "stroke-width": thick, "stroke-dasharray": dashes });

const area = (colour: string) => element("rect", { x: 0, y: -6, width: 24, height: 12, rx: 2, fill: colour });

function footnote(panels: number): string {
  const more = panels - 1 - mostSmall;
  return [
    "MASE: mean absolute error of the backtest, as a multiple of what the seasonal naive forecast errs within the history.",
    ...(panels > 1 ? ["Each panel has a scale of its own."] : []),
    ...(more > 0 ? [`${more} more series are not drawn.`] : []),
  ].join(" ");
}

const text = (
  of: string,
  { x, ...rest }: { x: number; y: number; "font-size": number; fill: string; "font-weight"?: number },
) =>
  element(
    "text",
    { x, ...rest },
    words(fitting(of, width - 2 * margin, rest["font-size"], rest["font-weight"] === undefined ? "regular" : "bold")),
  );
