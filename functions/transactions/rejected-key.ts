// rejected-key: where in rejected-feeds lies what was wrong with a feed.

import type { Seller } from "../../schemas/seller";

export interface Rejected {
  /** Missing where the feed's key names none. */
  readonly seller?: Seller | undefined;
  readonly errorId: string;
  /** Whether it could not be read as a whole. */
  readonly failed: boolean;
  readonly file: string;
}

/** Of a CSV of rows, or of the feed whole: no longer than S3 takes, whatever a feed that was put there by hand is called. */
export const rejectedKey = ({ seller = "-", errorId, failed, file }: Rejected): string =>
  failed ? `files/${seller}/${errorId}/${[...file].slice(-200).join("")}` : `rows/${seller}/${errorId}.csv`;
