// panel: one series, drawn into a box: axes, bands, history, benchmark, forecast.

import { caption, fittingCaption, type Metrics } from "./caption";
import { type DayAxis, dayAxis } from "./day-axis";
import { colours, fitting, sizes } from "./look";
import { type Placed, placed, runs } from "./series";
import { element, points, words } from "./svg";
import { type ValueAxis, valueAxis } from "./value-axis";

export interface Panel {
  readonly title: string;
  readonly currency: string;
  readonly history: readonly DayValue[];
  readonly forecast: readonly DayForecast[];
  readonly benchmark?: readonly DayValue[] | undefined;
  readonly method: string;
  readonly metrics: Metrics;
}

/** `day` is YYYY-MM-DD. What is no day, or no number that can be drawn, is left out. */
export interface DayValue {
  readonly day: string;
  readonly value: number | null;
}

export interface DayForecast {
  readonly day: string;
  readonly mean: number | null;
  readonly lower80: number | null;
  readonly upper80: number | null;
  readonly lower95: number | null;
  readonly upper95: number | null;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function drawPanel(panel: Panel, box: Box, size: keyof typeof sizes): string {
  const look = sizes[size];
  const plot = { x: box.x + 50, y: box.y + 50, width: box.width - 60, height: box.height - 76 };
  const drawn = {
    history: placed(panel.history, ({ value }) => [value]),
    benchmark: placed(panel.benchmark ?? [], ({ value }) => [value]),
    forecast: placed(panel.forecast, ({ mean }) => [mean]),
    band80: placed(panel.forecast, ({ lower80, upper80 }) => [lower80, upper80]),
    band95: placed(panel.forecast, ({ lower95, upper95 }) => [lower95, upper95]),
  };
  const all = Object.values(drawn).flat();
  const days = dayAxis(
    all.map(({ day }) => day),
    Math.floor(plot.width / 68),
  );
  const values = valueAxis(
    all.flatMap((one) => one.values),
    5,
  );
  const scale: Scale = {
    x: (day) => plot.x + ((day - days.from) / (days.to - days.from)) * plot.width,
    y: (value) => plot.y + (plot.height * (values.to - value)) / (values.to - values.from),
  };
  const small = { "font-size": look.text, fill: colours.grey };
  const title = `${panel.title}, ${panel.currency}`;
  return element(
    "g",
    {},
    // Shown while the pointer rests on the panel: there, nothing is shortened.
    element("title", {}, words(`${title}: ${caption(panel)}`)),
    element(
      "text",
      { x: box.x, y: box.y + 16, "font-size": look.title, "font-weight": 600, fill: colours.ink },
      words(fitting(title, box.width, look.title, "bold")),
    ),
    element("text", { x: box.x, y: box.y + 34, ...small }, words(fittingCaption(panel, box.width, look.text))),
    ...(all.length === 0
      ? [noData(plot, small)]
      : [
          ahead(drawn, scale, plot),
          valueRules(values, scale, plot, look.text),
          dayMarks(days, scale, plot, look.text),
          ...band(drawn.band95, scale, "band95"),
          ...band(drawn.band80, scale, "band80"),
          line(drawn.history, scale, "history", { "stroke-width": look.line }),
          line(drawn.forecast, scale, "forecast", { "stroke-width": look.line + 0.8 }),
          line(drawn.benchmark, scale, "benchmark", look.dashes),
        ]),
  );
}

interface Scale {
  x(day: number): number;
  y(value: number): number;
}

/** From between the last day of the history and the first after it. */
function ahead({ forecast, benchmark }: Record<"forecast" | "benchmark", Placed[]>, { x }: Scale, plot: Box): string {
  const first = Math.min(forecast[0]?.day ?? Number.POSITIVE_INFINITY, benchmark[0]?.day ?? Number.POSITIVE_INFINITY);
  if (first === Number.POSITIVE_INFINITY) return "";
  const from = Math.max(plot.x, x(first - 0.5));
  const { y, height } = plot;
  return (
    element("rect", { x: from, y, width: plot.x + plot.width - from, height, fill: colours.ahead }) +
    element("line", { x1: from, x2: from, y1: y, y2: y + height, stroke: colours.axis, "stroke-dasharray": "2 3" })
  );
}

function valueRules({ ticks }: ValueAxis, { y }: Scale, plot: Box, size: number): string {
  return ticks
    .map(({ value, label }) => {
      const stroke = value === 0 ? colours.axis : colours.rule;
      const at = {
        x: plot.x - 8,
        y: y(value) + size * 0.35,
        "text-anchor": "end",
        "font-size": size,
        fill: colours.grey,
      };
      return (
        element("line", { x1: plot.x, x2: plot.x + plot.width, y1: y(value), y2: y(value), stroke }) +
        element("text", at, words(label))
      );
    })
    .join("");
}

function dayMarks({ ticks }: DayAxis, { x }: Scale, plot: Box, size: number): string {
  const bottom = plot.y + plot.height;
  return ticks
    .map(({ day, label }) => {
      const at = { x: x(day), y: bottom + 7 + size, "text-anchor": "middle", "font-size": size, fill: colours.grey };
      return (
        element("line", { x1: x(day), x2: x(day), y1: bottom, y2: bottom + 5, stroke: colours.axis }) +
        element("text", at, words(label))
      );
    })
    .join("");
}

/** A day that stands alone is as wide as half a day on either side; days that belong together reach from first to last. */
function band(of: readonly Placed[], { x, y }: Scale, name: "band80" | "band95"): string[] {
  return runs(of).map((run) => {
    const sides =
      run.length > 1
        ? run
        : run.flatMap(({ day, values }) => [-0.25, 0.25].map((half) => ({ day: day + half, values })));
    const at = (end: (...values: number[]) => number) =>
      sides.map(({ day, values }) => ({ x: x(day), y: y(end(...values)) }));
    const outline = [...at(Math.max), ...at(Math.min).toReversed()];
    return element("polygon", { class: name, points: points(outline), fill: colours[name] });
  });
}

function line(
  of: readonly Placed[],
  { x, y }: Scale,
  name: Line,
  stroke: Readonly<Record<string, string | number>>,
): string {
  const [first, ...more] = of.map(({ day, values: [value = 0] }) => ({ x: x(day), y: y(value) }));
  if (first === undefined) return "";
  if (more.length === 0) return element("circle", { class: name, cx: first.x, cy: first.y, r: 3, fill: colours[name] });
  const round = { "stroke-linejoin": "round", "stroke-linecap": "round" };
  const all = points([first, ...more]);
  return element("polyline", { class: name, points: all, fill: "none", stroke: colours[name], ...round, ...stroke });
}

type Line = "history" | "forecast" | "benchmark";

function noData(plot: Box, small: { "font-size": number; fill: string }): string {
  const middle = { x: plot.x + plot.width / 2, y: plot.y + plot.height / 2, "text-anchor": "middle" };
  return element("text", { ...middle, ...small }, "no data");
}
