// feed-types: the media types of feeds, and how large one may be by which way it comes.

/** Gzip of each is application/gzip, or one of the others with the content encoding gzip. */
export const feedTypes = ["text/csv", "application/json", "application/x-ndjson", "application/gzip"] as const;

/** Lambda takes 6 MB per request, and what is no text takes a third more of them as Base64 (AWS Lambda, "Lambda quotas"). */
export const maxFeedBytes = 4_500_000;

/** By a form, straight to S3. */
export const maxFormBytes = 1_024 * 1_024 * 1_024;
