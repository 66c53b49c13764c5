// other-pictures: what is often sent under the name of a JPEG or a PNG. A telephone's HEIC is the most frequent.

const beginnings: readonly { readonly at: number; readonly texts: readonly string[]; readonly is: string }[] = [
  { at: 0, texts: ["GIF8"], is: "GIF" },
  { at: 8, texts: ["WEBP"], is: "WebP" },
  { at: 4, texts: ["ftyphei", "ftyphev", "ftypmif1", "ftypmsf1"], is: "HEIC" },
  { at: 4, texts: ["ftypavi"], is: "AVIF" },
  { at: 4, texts: ["JXL "], is: "JPEG XL" },
  { at: 0, texts: ["II*", "MM\0*"], is: "TIFF" },
  { at: 0, texts: ["8BPS"], is: "Photoshop document" },
  { at: 0, texts: ["%PDF-"], is: "PDF" },
];

/** What it is called; nothing where it is none of them. */
export function otherPicture(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 16)).toString("latin1");
  return beginnings.find(({ at, texts }) => texts.some((text) => start.startsWith(text, at)))?.is;
}
