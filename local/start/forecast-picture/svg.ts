// svg: elements as text. What comes from outside is escaped, and what XML 1.0 cannot hold is replaced.

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** The children are elements already, or come from `words`. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${typeof value === "number" ? decimal(value) : words(value)}"`],
  );
  const content = children.join("");
  return content === "" ? `<${name}${written.join("")}/>` : `<${name}${written.join("")}>${content}</${name}>`;
}

/** Text as the content of an element or of an attribute. */
export function words(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

export const points = (of: readonly Point[]) => of.map(({ x, y }) => `${decimal(x)},${decimal(y)}`).join(" ");

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A hundredth of a pixel is finer than anybody sees. */
const decimal = (value: number) => String(Math.round(value * 100) / 100 + 0);
