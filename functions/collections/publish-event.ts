// publish-event: one event onto a bus of EventBridge, or an error.

import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";

export interface EventKind {
  readonly source: string;
  readonly detailType: string;
}

/** The request succeeds also where its entry does not: that is thrown, too. */
export async function publishEvent(
  events: EventBridgeClient,
  bus: string,
  { source, detailType }: EventKind,
  detail: object,
): Promise<void> {
  const entry = { EventBusName: bus, Source: source, DetailType: detailType, Detail: JSON.stringify(detail) };
  const { Entries = [] } = await events.send(new PutEventsCommand({ Entries: [entry] }));
  const { ErrorCode, ErrorMessage } = Entries[0] ?? { ErrorCode: "NoEntry", ErrorMessage: "nothing was answered" };
  if (ErrorCode === undefined) return;
  const message = `Cannot publish "${detailType}" on the bus "${bus}": ${ErrorCode}, ${ErrorMessage}`;
  throw Object.assign(new Error(message), { name: "NotPublished", code: "NotPublished" });
}
