// api-error: an error in the words of the API. https://platform.claude.com/docs/en/api/errors

export type ApiErrorType =
  | "authentication_error"
  | "invalid_request_error"
  | "not_found_error"
  | "request_too_large"
  | "api_error";

export type ApiError = Error & { readonly status: number; readonly type: ApiErrorType };

export const apiError = (status: number, type: ApiErrorType, message: string): ApiError =>
  Object.assign(new Error(message), { name: "ApiError", status, type });

export const isApiError = (error: unknown): error is ApiError => error instanceof Error && error.name === "ApiError";
