// bus-event: an event as it lies on a bus.

import { randomUUID } from "node:crypto";

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html */
export type BusEvent = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly source: string;
  readonly "detail-type": string;
};

export interface EventOf {
  readonly source: string;
  readonly detailType: string;
  readonly account: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly time: Date;
  readonly detail: unknown;
}

export const busEvent = ({ source, detailType, account, region, resources, time, detail }: EventOf): BusEvent => ({
  version: "0",
  id: randomUUID(),
  "detail-type": detailType,
  source,
  account,
  time: `${time.toISOString().slice(0, 19)}Z`,
  region,
  resources,
  detail,
});
