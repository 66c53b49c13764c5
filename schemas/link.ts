// link: leave to read one object of a bucket for a while, for whoever holds it.

import { isoTimestamp, pipe, strictObject, string, url } from "valibot";

export const Link = strictObject({ url: pipe(string(), url()), expiresAt: pipe(string(), isoTimestamp()) });
