// endpoints: all that the HTTP API can be asked. The OpenAPI document is made of this list, and what is not on it has no route.

import type { Endpoint } from "./endpoint";
import { askTransactions } from "./endpoints/ask-transactions";
import { listErrors } from "./endpoints/list-errors";
import { listTransactions } from "./endpoints/list-transactions";
import { openapi } from "./endpoints/openapi";
import { presignFeed } from "./endpoints/presign-feed";
import { reprocessError } from "./endpoints/reprocess-error";
import { showError } from "./endpoints/show-error";
import { showUpload } from "./endpoints/show-upload";
import { summarizeTransactions } from "./endpoints/summarize-transactions";
import { uploadTransactions } from "./endpoints/upload-transactions";

/** By the name of the function that serves it. */
export const endpoints: Readonly<Record<string, Endpoint>> = {
  openapi,
  "ask-transactions": askTransactions,
  "list-errors": listErrors,
  "list-transactions": listTransactions,
  "presign-feed": presignFeed,
  "reprocess-error": reprocessError,
  "show-error": showError,
  "show-upload": showUpload,
  "summarize-transactions": summarizeTransactions,
  "upload-transactions": uploadTransactions,
};
