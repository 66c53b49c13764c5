// trace-id: the trace that a function's work belongs to, as X-Ray calls it.

/**
 * `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=...;Sampled=1`; nothing outside of Lambda.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export const traceId = (header = process.env._X_AMZN_TRACE_ID): string | null =>
  /(?:^|;)Root=([^;]+)/.exec(header ?? "")?.[1] ?? null;
