// link: leave to read one object of a bucket for a while, for whoever holds it.

import { description, isoTimestamp, pipe, strictObject, string, url } from "valibot";

export const Link = strictObject({
  url: pipe(string(), url(), description("To be got without the token")),
  expiresAt: pipe(string(), isoTimestamp(), description("Until when it leads there")),
});
