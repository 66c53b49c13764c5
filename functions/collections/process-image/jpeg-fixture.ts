// jpeg-fixture: small JPEGs, made once with Pillow, and what may be done to one.
//
//   red   green      32 by 16 pixels, in four colours
//   blue  white

const texts = {
  /** Its colours have a quarter of the pixels, as in most photographs. */
  baseline: [
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGB",
    "YUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCAAQ",
    "ACADASIAAhEBAxEB/8QAFwABAQEBAAAAAAAAAAAAAAAAAAkHCP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAWAQEBAQAAAAAAAAAAAAAAAAAIBw",
    "n/xAAbEQABBQEBAAAAAAAAAAAAAAAAFxhko+Nl4v/aAAwDAQACEQMRAD8A50GBC4Nl7FGwjXDcq7IqGKMAPpnMr9mcaPT6tD//2Q==",
  ],
  /** In ten scans. */
  progressive: [
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGB",
    "YUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wgARCAAQ",
    "ACADASIAAhEBAxEB/8QAFwABAQEBAAAAAAAAAAAAAAAAAAgGB//EABYBAQEBAAAAAAAAAAAAAAAAAAcGCP/aAAwDAQACEAMQAAAB5ywK4RqhUY",
    "D84//EABQQAQAAAAAAAAAAAAAAAAAAADD/2gAIAQEAAQUCD//EABoRAAEFAQAAAAAAAAAAAAAAAAAWF2Oi4mT/2gAIAQMBAT8BcPlvkR89dH//",
    "xAAbEQABBAMAAAAAAAAAAAAAAAAAFhdjomTh4v/aAAgBAgEBPwFssynYmZq7P//EABQQAQAAAAAAAAAAAAAAAAAAADD/2gAIAQEABj8CD//EAB",
    "QQAQAAAAAAAAAAAAAAAAAAADD/2gAIAQEAAT8hD//aAAwDAQACAAMAAAAQx9//xAAUEQEAAAAAAAAAAAAAAAAAAAAQ/9oACAEDAQE/EBe//8QA",
    "FBEBAAAAAAAAAAAAAAAAAAAAEP/aAAgBAgEBPxAIf//EABQQAQAAAAAAAAAAAAAAAAAAADD/2gAIAQEAAT8QD//Z",
  ],
  grey: [
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGB",
    "YUGBIUFRT/wAALCAAQACABAREA/8QAFwABAQEBAAAAAAAAAAAAAAAAAAgJCv/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AnQWMMvB0",
    "tj//2Q==",
  ],
  /** As Adobe writes it: how much of each ink is missing. */
  cmyk: [
    "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEBETFBUVFQwPFxgWFB",
    "gSFBUU/8AAFAgAEAAgBEMRAE0RAFkRAEsRAP/EABYAAQEBAAAAAAAAAAAAAAAAAAAKCf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAOBEMATQBZ",
    "AEsAAD8A1TZVMqmqYAlXVUAACVdVQACqhVQAA//Z",
  ],
  /** A marker after each block from which a decoder can go on. */
  restarts: [
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGB",
    "YUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCAAQ",
    "ACADAREAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAACQYI/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/EABgBAAIDAAAAAAAAAAAAAAAAAAAJBg",
    "cI/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/dAAQAAf/aAAwDAQACEQMRAD8Azoow1N//0M6KMNTf/9G7YfLif//Su2Hy4n//0z3NTQd//9Q9zU0H",
    "f//VVMB//9ZUwH//2Q==",
  ],
} as const;

export type JpegKind = keyof typeof texts;

export const jpegKinds = Object.keys(texts) as readonly JpegKind[];

export const jpeg = (kind: JpegKind): Buffer => Buffer.from(texts[kind].join(""), "base64");

/** A segment behind the first two bytes. */
export function withSegment(bytes: Buffer, marker: number, data: Uint8Array): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([bytes.subarray(0, 2), head, data, bytes.subarray(2)]);
}

export function withoutSegment(bytes: Buffer, marker: number): Buffer {
  const at = bytes.indexOf(Buffer.from([0xff, marker]));
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 2 + bytes.readUInt16BE(at + 2))]);
}

/** The last scan of a progressive JPEG once more, so many times. */
export function withScans(bytes: Buffer, times: number): Buffer {
  const [start, end] = [bytes.lastIndexOf(Buffer.from([0xff, 0xda])), bytes.length - 2];
  const scan = bytes.subarray(start, end);
  return Buffer.concat([bytes.subarray(0, end), ...Array<Buffer>(times).fill(scan), bytes.subarray(end)]);
}
