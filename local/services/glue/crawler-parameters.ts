// crawler-parameters: what a crawler notes in the parameters of its tables and partitions.

import type { CrawledFile } from "./crawled-files";

/** By which a crawler knows its tables again. */
export const madeBy = "UPDATED_BY_CRAWLER";
/** When it found no more files. */
export const deprecated = "DEPRECATED_BY_CRAWLER";

/** What changes with every file. */
export const counts = ["averageRecordSize", "objectCount", "recordCount", "sizeKey"];

/** What a crawler counts, and what it says of every Parquet table. */
export function counted(files: readonly CrawledFile[]): Record<string, string> {
  const [bytes, rows] = [sum(files.map(({ size }) => size)), sum(files.map((file) => file.rows))];
  return {
    averageRecordSize: String(rows === 0 ? 0 : Math.round(bytes / rows)),
    classification: "parquet",
    compressionType: "none",
    objectCount: String(files.length),
    recordCount: String(rows),
    sizeKey: String(bytes),
    typeOfData: "file",
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
