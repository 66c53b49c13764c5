// subscriber: who may subscribe, by which protocol.

import { invalid, notImitated } from "./form";
import { type Protocol, protocols } from "./subscriptions";

export function protocolOf(name: string): Protocol {
  const protocol = protocols.find((each) => each === name);
  if (protocol !== undefined) return protocol;
  if (["http", "https", "sms", "application", "firehose"].includes(name)) throw notImitated(`The protocol ${name}`);
  throw invalid(`Amazon SNS does not support this protocol string: ${name}`);
}

const address = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z\d-]+(\.[a-z\d-]+)+$/i;

const endpoints: Readonly<Record<Protocol, { readonly is: RegExp; readonly called: string }>> = {
  sqs: { is: /^arn:aws:sqs:[^:]+:\d+:[^:]+$/, called: "SQS endpoint ARN" },
  lambda: { is: /^arn:aws:lambda:[^:]+:\d+:function:[^:]+$/, called: "Lambda endpoint ARN" },
  email: { is: address, called: "Email address" },
  "email-json": { is: address, called: "Email address" },
};

export function endpointOf(protocol: Protocol, endpoint: string): string {
  const { is, called } = endpoints[protocol];
  if (is.test(endpoint) && endpoint.length <= 320) return endpoint;
  throw invalid(called);
}
