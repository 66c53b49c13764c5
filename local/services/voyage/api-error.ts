// api-error: an error in the words of the API. https://docs.voyageai.com/docs/error-codes

export type ApiErrorCode = "InvalidRequest" | "Unauthorized" | "NotFound" | "MethodNotAllowed" | "RequestTooLarge";

export type ApiError = Error & { readonly status: number; readonly code: ApiErrorCode };

const statusOf: Readonly<Record<ApiErrorCode, number>> = {
  InvalidRequest: 400,
  Unauthorized: 401,
  NotFound: 404,
  MethodNotAllowed: 405,
  RequestTooLarge: 413,
};

export const apiError = (code: ApiErrorCode, detail: string): ApiError =>
  Object.assign(new Error(detail), { name: "VoyageError", code, status: statusOf[code] });

/** What is wrong with an argument, as the API introduces it. */
export const badArgument = (particular: string): ApiError =>
  apiError("InvalidRequest", `${introduction} In particular, ${particular}`);

const introduction = "The request body is not valid JSON, or some arguments were not specified properly.";

export const isApiError = (error: unknown): error is ApiError => error instanceof Error && error.name === "VoyageError";
