// endpoints: all that the HTTP API can be asked. The OpenAPI document is made of this list, and what is not on it has no route.

import type { Endpoint } from "./endpoint";
import { analyzeAgain } from "./endpoints/analyze-again";
import { askTransactions } from "./endpoints/ask-transactions";
import { deleteItem } from "./endpoints/delete-item";
import { listErrors } from "./endpoints/list-errors";
import { listItems } from "./endpoints/list-items";
import { listTransactions } from "./endpoints/list-transactions";
import { openapi } from "./endpoints/openapi";
import { presignFeed } from "./endpoints/presign-feed";
import { presignImage } from "./endpoints/presign-image";
import { reprocessError } from "./endpoints/reprocess-error";
import { searchItems } from "./endpoints/search-items";
import { showError } from "./endpoints/show-error";
import { showItem } from "./endpoints/show-item";
import { showUpload } from "./endpoints/show-upload";
import { similarItems } from "./endpoints/similar-items";
import { summarizeTransactions } from "./endpoints/summarize-transactions";
import { uploadTransactions } from "./endpoints/upload-transactions";

/** By the name of the function that serves it. */
export const endpoints: Readonly<Record<string, Endpoint>> = {
  openapi,
  "analyze-again": analyzeAgain,
  "ask-transactions": askTransactions,
  "delete-item": deleteItem,
  "list-errors": listErrors,
  "list-items": listItems,
  "list-transactions": listTransactions,
  "presign-feed": presignFeed,
  "presign-image": presignImage,
  "reprocess-error": reprocessError,
  "search-items": searchItems,
  "show-error": showError,
  "show-item": showItem,
  "show-upload": showUpload,
  "similar-items": similarItems,
  "summarize-transactions": summarizeTransactions,
  "upload-transactions": uploadTransactions,
};
