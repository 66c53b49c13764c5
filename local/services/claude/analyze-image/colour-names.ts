// colour-names: what people call a colour. English has eleven basic words for colours (Berlin and Kay, Basic Color Terms, 1969);
// beige and turquoise are told besides. Where one ends and the next begins was drawn by eye, in the hue, the chroma and the
// lightness of OKLab.

export const colourNames = [
  "black",
  "grey",
  "white",
  "red",
  "pink",
  "orange",
  "brown",
  "beige",
  "yellow",
  "green",
  "turquoise",
  "blue",
  "purple",
] as const;

export type ColourName = (typeof colourNames)[number];

export function colourName(lightness: number, a: number, b: number): ColourName {
  const chroma = Math.sqrt(a * a + b * b);
  if (lightness < 0.2) return "black";
  if (chroma < 0.025 + 0.015 * lightness) return grey(lightness);
  const hue = ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360;
  if (hue < 15 || hue >= 345) return lightness > 0.65 ? "pink" : "red";
  if (hue < 40) return reddish(lightness, chroma);
  if (hue < 82) return earthen(lightness, chroma);
  if (hue < 115) return yellowish(lightness, chroma, hue);
  if (hue < 168) return "green";
  if (hue < 213) return "turquoise";
  if (hue < 287) return "blue";
  return hue >= 318 && lightness > 0.68 ? "pink" : "purple";
}

const grey = (lightness: number): ColourName => (lightness < 0.25 ? "black" : lightness > 0.92 ? "white" : "grey");

function reddish(lightness: number, chroma: number): ColourName {
  if (lightness > 0.74) return "pink";
  return chroma < 0.11 ? "brown" : "red";
}

function earthen(lightness: number, chroma: number): ColourName {
  if (lightness > 0.74 && chroma < 0.1) return "beige";
  return lightness > 0.62 && chroma >= 0.1 ? "orange" : "brown";
}

function yellowish(lightness: number, chroma: number, hue: number): ColourName {
  if (lightness > 0.7) return chroma < 0.08 ? "beige" : "yellow";
  return hue < 98 ? "brown" : "green";
}
