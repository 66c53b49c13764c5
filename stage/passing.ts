// passing: whether an error is of the moment - a service that cannot be reached, or has too much to do - so that the same
// again may succeed.

/** Of sockets and names, and of the postgres client. */
const lost = [
  ...["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "EAI_AGAIN", "ENOTFOUND"],
  ...["CONNECTION_CLOSED", "CONNECTION_DESTROYED", "CONNECTION_ENDED", "CONNECT_TIMEOUT"],
];

/** Of PostgreSQL: no more connections, shut down, starts up. https://www.postgresql.org/docs/17/errcodes-appendix.html */
const away = ["53300", "57P01", "57P02", "57P03"];

export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code = "", $metadata, $retryable } = error as Partial<AwsSdkError> & NodeJS.ErrnoException;
  // The SDK has tried again by itself before it says so.
  const awsIsBusy = $retryable !== undefined || ($metadata?.httpStatusCode ?? 0) >= 500;
  return [...lost, ...away].includes(code) || awsIsBusy;
}

/** https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/Package/-smithy-types/Interface/SmithyException/ */
interface AwsSdkError {
  readonly $metadata: { readonly httpStatusCode?: number };
  readonly $retryable: object;
}
