import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { forecastPicture } from "./forecast-picture";
import type { Panel } from "./forecast-picture/panel";

const day = (index: number) => new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10);

const empty: Panel = {
  title: "All",
  currency: "EUR",
  history: [],
  forecast: [],
  method: "Theta",
  metrics: { mase: 0.8, benchmarkMase: 1, coverage80: 0.79, coverage95: 0.96 },
};

/** `past` days of history, and `ahead` days of forecast and benchmark after them. */
function panel(past: number, ahead: number, value: (index: number) => number): Panel {
  const days = Array.from({ length: ahead }, (_, index) => past + index);
  return {
    ...empty,
    history: Array.from({ length: past }, (_, index) => ({ day: day(index), value: value(index) })),
    forecast: days.map((index) => {
      const mean = value(index);
      const off = Math.abs(mean) / 10;
      const [lower80, upper80, lower95, upper95] = [mean - off, mean + off, mean - 2 * off, mean + 2 * off];
      return { day: day(index), mean, lower80, upper80, lower95, upper95 };
    }),
    benchmark: days.map((index) => ({ day: day(index), value: value(index) * 1.1 })),
  };
}

interface Shape {
  readonly class: string;
  readonly at: readonly (readonly [x: number, y: number])[];
}

/** The picture of the panels, which must be well formed, with its shapes and words. */
function drawn(panels: readonly Panel[], title = "Sales", subtitle = "of a shop") {
  const svg = forecastPicture({ title, subtitle, panels });
  assert.equal(XMLValidator.validate(svg), true);
  const shapes = [...svg.matchAll(/<poly(?:line|gon) class="(\w+)" points="([^"]*)"/g)].map(
    ([, name = "", list = ""]): Shape => ({
      class: name,
      at: list.split(" ").map((pair) => {
        const [x = Number.NaN, y = Number.NaN] = pair.split(",").map(Number);
        return [x, y];
      }),
    }),
  );
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "", alwaysCreateTextNode: true });
  return {
    svg,
    shapes,
    root: parser.parse(svg).svg,
    of: (name: string) => shapes.filter((shape) => shape.class === name),
  };
}

function insideTheView(svg: string): void {
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)?.map(Number) ?? [];
  assert.ok(width && height);
  const numbers = (pattern: RegExp) => [...svg.matchAll(pattern)].map(([, value]) => Number(value));
  const pairs = [...svg.matchAll(/ points="([^"]*)"/g)].flatMap(([, list = ""]) => list.split(/[ ,]/).map(Number));
  for (const x of [...numbers(/ (?:x|x1|x2|cx)="([^"]*)"/g), ...pairs.filter((_, index) => index % 2 === 0)]) {
    assert.ok(x >= 0 && x <= width, `x ${x}`);
  }
  // The bars of the legend stand above the place to which they are moved.
  for (const y of [...numbers(/ (?:y|y1|y2|cy)="([^"]*)"/g), ...pairs.filter((_, index) => index % 2 === 1)]) {
    assert.ok(y >= -6 && y <= height, `y ${y}`);
  }
}

test("the picture has a point for each day of the data, and two for each day of a band", () => {
  const { svg, of } = drawn([panel(180, 28, (index) => 1_000 + 300 * Math.sin(index))]);
  for (const [name, count] of [
    ["history", 180],
    ["forecast", 28],
    ["benchmark", 28],
    ["band80", 56],
    ["band95", 56],
  ] as const) {
    assert.deepEqual(
      of(name).map(({ at }) => at.length),
      [count],
      name,
    );
  }
  insideTheView(svg);
});

test("days go from left to right in even steps, whatever their order, and larger values lie higher", () => {
  const rising = panel(30, 5, (index) => index);
  const { of } = drawn([rising]);
  const at = [...(of("history")[0]?.at ?? []), ...(of("forecast")[0]?.at ?? [])];
  for (const [index, [x, y]] of at.entries()) {
    const [beforeX, beforeY] = at[index - 1] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    assert.ok(x > beforeX && y < beforeY);
  }
  const steps = at.slice(1).map(([x], index) => x - (at[index]?.[0] ?? 0));
  assert.ok(Math.max(...steps) - Math.min(...steps) < 0.05);
  assert.equal(drawn([{ ...rising, history: rising.history.toReversed() }]).svg, drawn([rising]).svg);
});

test("the bands lie around the forecast, the one of 95 % around the one of 80 %", () => {
  const { of } = drawn([panel(10, 10, () => 100)]);
  const reach = (name: string) => {
    const ys = of(name).flatMap(({ at }) => at.map(([, y]) => y));
    return { top: Math.min(...ys), bottom: Math.max(...ys) };
  };
  const [line, band80, band95] = [reach("forecast"), reach("band80"), reach("band95")];
  assert.ok(band95.top < band80.top && band80.top < line.top);
  assert.ok(line.bottom < band80.bottom && band80.bottom < band95.bottom);
  // There along the upper edge, and back along the lower.
  const [{ at } = { at: [] }] = of("band80");
  for (const [index, [x]] of at.entries()) assert.equal(x, at[at.length - 1 - index]?.[0]);
});

test("a forecast without a history takes the whole panel and nothing beside it", () => {
  const { svg } = drawn([panel(0, 14, () => 100)]);
  const [, left] = /<line x1="([^"]*)"[^>]* stroke="#e5e7eb"/.exec(svg) ?? [];
  const [, from] = /<rect x="([^"]*)"[^>]* fill="#f6f8fb"/.exec(svg) ?? [];
  assert.ok(left);
  assert.equal(from, left);
});

test("what has no interval has no band, and a missing day parts it", () => {
  const whole = panel(10, 9, () => 100);
  const without = (from: number, to: number): Panel => ({
    ...whole,
    forecast: whole.forecast.map((one, index) => (index >= from && index < to ? { ...one, lower80: null } : one)),
  });
  assert.deepEqual(drawn([without(0, 9)]).of("band80"), []);
  assert.deepEqual(
    drawn([without(4, 5)])
      .of("band80")
      .map(({ at }) => at.length),
    [8, 8],
  );
  // A day that stands alone is a bar.
  assert.deepEqual(
    drawn([without(1, 9)])
      .of("band80")
      .map(({ at }) => at.length),
    [4],
  );
  assert.equal(drawn([without(0, 9)]).svg.includes("80 % band</text>"), false);
});

test("what is no number or no day is left out, and the rest is drawn", () => {
  const values = [5, Number.NaN, null, Number.POSITIVE_INFINITY, 1e301, 7];
  const history = [
    ...values.map((value, index) => ({ day: day(index), value })),
    { day: "soon", value: 6 },
    { day: "2026-02-30", value: 6 },
  ];
  const { of, svg } = drawn([{ ...empty, history }]);
  assert.equal(of("history")[0]?.at.length, 2);
  assert.doesNotMatch(svg, /NaN|Infinity|undefined|null/);
});

test("any text comes through as itself, and none as markup", () => {
  const evil = `<script>alert("x")</script> & 'y' ]]> --> \u0000\u{D800}\u{FFFF} Ä 売`;
  const kept = `<script>alert("x")</script> & 'y' ]]> --> \uFFFD\uFFFD\uFFFD Ä 売`;
  const { svg, root } = drawn([{ ...empty, title: evil, method: evil, currency: evil }], evil, evil);
  assert.doesNotMatch(svg, /<script/);
  assert.equal(root.title["#text"], kept);
  assert.ok(root.desc["#text"].startsWith(`${kept}. ${kept}: ${kept} \u00b7 MASE`));
  for (const title of ['" onload="alert(1)', "<!--", "<![CDATA[", "&#x0;"]) {
    assert.equal(drawn([empty], title).root.title["#text"], title);
  }
});

test("the picture says what it is to who cannot see it", () => {
  const { root } = drawn([empty, { ...empty, title: "Books" }]);
  assert.equal(root.role, "img");
  assert.equal(root["aria-labelledby"], `${root.title.id} ${root.desc.id}`);
  assert.equal(
    root.desc["#text"],
    "of a shop. All: Theta \u00b7 MASE 0.80, benchmark 1.00, 20 % less error \u00b7 80 % band held 79 % \u00b7 95 % band held 96 %. " +
      "Books: Theta \u00b7 MASE 0.80, benchmark 1.00, 20 % less error \u00b7 80 % band held 79 % \u00b7 95 % band held 96 %.",
  );
});

test("the caption says how the error compares with the benchmark's, or that nobody measured it", () => {
  for (const [mase, benchmarkMase, expected] of [
    [1.2, 1, "MASE 1.20, benchmark 1.00, 20 % more error"],
    [1, 1, "MASE 1.00, benchmark 1.00, as good"],
    [0.5, null, "MASE 0.50"],
    [0.5, 0, "MASE 0.50, benchmark 0.00"],
    [null, null, "error not measured"],
    [Number.NaN, Number.POSITIVE_INFINITY, "error not measured"],
  ] as const) {
    const metrics = { mase, benchmarkMase };
    assert.match(drawn([{ ...empty, metrics }]).svg, new RegExp(`>Theta \u00b7 ${expected}</text>`));
  }
});

test("a caption that has no room loses its coverage and the end of its method, and never its error", () => {
  const long = { ...empty, method: "A method with a name that nobody ever could say in one breath" };
  const { svg } = drawn([empty, ...Array<Panel>(3).fill(long)]);
  assert.match(svg, />A method [^<]*\u2026 \u00b7 MASE 0\.80, benchmark 1\.00<\/text>/);
  assert.match(svg, new RegExp(`>All, EUR: ${long.method} .* 95 % band held 96 %</title>`));
});

test("one panel to seven are drawn inside the view, and of more the picture says how many are missing", () => {
  const one = panel(60, 14, (index) => 50 + (index % 7) * 10);
  for (let count = 0; count <= 9; count++) {
    const { svg, of } = drawn(Array<Panel>(count).fill(one));
    assert.equal(of("history").length, Math.min(count, 7));
    assert.equal(svg.includes("more series are not drawn"), count > 7);
    insideTheView(svg);
  }
});

test("no data, one point, a flat, a negative and a huge series are drawn inside the view", () => {
  for (const one of [
    empty,
    panel(1, 0, () => 5),
    panel(0, 1, () => 5),
    panel(1, 1, () => 0),
    panel(20, 5, () => 0),
    panel(20, 5, (index) => -1_000 - index),
    panel(20, 5, (index) => (index % 2 === 0 ? 1 : -1) * 4e299),
    panel(20, 5, (index) => index * 1e-9),
    panel(4_000, 28, (index) => index),
  ]) {
    const { svg } = drawn([one, one]);
    insideTheView(svg);
    assert.doesNotMatch(svg, /NaN|Infinity/);
    assert.equal(svg.includes(">no data<"), one === empty);
  }
  assert.equal(drawn([panel(1, 0, () => 5)]).svg.match(/<circle class="history"/g)?.length, 1);
});

test("any numbers on any days give a well-formed picture inside the view", () => {
  const value = fc.option(fc.oneof(fc.double(), fc.integer()));
  const date = fc
    .date({ min: new Date("0001-01-01"), max: new Date("9998-12-31"), noInvalidDate: true })
    .map((of) => of.toISOString().slice(0, 10));
  const history = fc.array(fc.record({ day: date, value }), { maxLength: 12 });
  const forecast = fc.array(
    fc.record({ day: date, mean: value, lower80: value, upper80: value, lower95: value, upper95: value }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(history, forecast, fc.string({ unit: "binary" }), (past, ahead, title) => {
      const { svg } = drawn([{ ...empty, title, history: past, forecast: ahead, benchmark: past }]);
      insideTheView(svg);
    }),
    { numRuns: 40 },
  );
});
