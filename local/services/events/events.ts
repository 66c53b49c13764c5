// events: EventBridge - buses, the rules on them, and PutEvents for the unmodified SDK.
//
//   S3, PutEvents --> bus --> every rule whose pattern matches --> its targets (deliveries.ts)
//
// The program makes buses and rules, so the operations that make or change them are refused by name.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { atLeastOnce } from "../../at-least-once";
import type { Clock } from "../../clock";
import type { Journal } from "../../door/journal";
import type { PolicyDocument } from "../../door/policy";
import type { Incoming, Need, Operation, Service } from "../../door/service";
import { inputOf, jsonAnswer, jsonRefusal, targetOf } from "../json-protocol";
import { type BusEvent, busEvent } from "./bus-event";
import { deliveries, type Route } from "./deliveries";
import { readPattern } from "./pattern";
import { type Entry, entriesOf, entryOf, type Failure, invalid, notImitated } from "./put-events";

export interface EventsOptions {
  /** Holds what waits to be delivered again. */
  readonly directory: string;
  readonly clock: Clock;
  /** By which what could not be delivered waits. */
  readonly retryClock: Clock;
  readonly journal: Journal;
  readonly account: string;
  readonly region: string;
}

export interface EventRule {
  readonly arn: string;
  /** The name of its bus. */
  readonly bus: string;
  /** JSON. */
  readonly pattern: string;
  readonly targets: readonly Route[];
}

export interface Events extends Service {
  /** Makes the bus. There is always one called `default`. */
  createBus(name: string, policy: PolicyDocument | undefined): void;
  /** Throws what EventBridge does not understand of the pattern; takes up what an earlier start left for the targets. */
  putRule(rule: EventRule): void;
  /** An event of an AWS service, which lies on the default bus. */
  accept(event: BusEvent): void;
  /** How many deliveries have not come to their end. */
  busy(): number;
  end(): void;
}

export function events({ directory, clock, retryClock, journal, account, region }: EventsOptions): Events {
  mkdirSync(directory, { recursive: true });
  const out = deliveries({ file: join(directory, "waiting.sqlite"), clock: retryClock, journal, service: "events" });
  const buses = new Map<string, Bus>([["default", { rules: [], policy: undefined }]]);
  const nowAndThenTwice = atLeastOnce();

  return {
    name: "events",
    refusal: jsonRefusal,
    operation,
    createBus(name, policy) {
      buses.set(name, { rules: buses.get(name)?.rules ?? [], policy });
    },
    putRule({ arn, bus: name, pattern, targets }) {
      const bus = buses.get(name);
      if (bus === undefined) throw new Error(`Cannot put the rule "${arn}": there is no bus "${name}"`);
      bus.rules.push({ arn, targets, matches: readPattern(pattern) });
      for (const target of targets) out.takeUp(target);
    },
    accept: (event) => accept("default", event),
    busy: () => out.waiting(),
    end: () => out.end(),
  };

  function accept(busName: string, event: BusEvent): void {
    const rules = (buses.get(busName)?.rules ?? []).filter(({ matches }) => matches(event));
    note(busName, event, rules);
    for (const { arn, targets } of rules) {
      for (const target of targets) {
        const from = { RULE_ARN: arn, TARGET_ARN: target.targetArn };
        nowAndThenTwice(() => out.deliver(target, JSON.stringify(event), from));
      }
    }
  }

  function note(bus: string, event: BusEvent, rules: readonly { readonly arn: string }[]): void {
    journal.add({
      service: "events",
      operation: "Event",
      principal: event.source,
      resource: event["detail-type"],
      outcome: "ok",
      ms: 0,
      detail: { id: event.id, bus, rules: rules.map(({ arn }) => arn) },
    });
  }

  async function operation(request: Incoming): Promise<Operation> {
    const name = targetOf(request);
    if (name !== "PutEvents") throw notImitated(name);
    const entries = entriesOf(await inputOf(request)).map(entryOf);
    const good = entries.filter((entry): entry is Entry => !isFailure(entry));
    return {
      name,
      resource: [...new Set(good.map(({ bus }) => bus))].join(", ") || "default",
      needs: good.map(needOf),
      run: async () => jsonAnswer(put(entries)),
    };
  }

  function needOf({ bus, source, detailType }: Entry): Need {
    const policy = buses.get(bus)?.policy;
    return {
      action: "events:PutEvents",
      resource: `arn:aws:events:${region}:${account}:event-bus/${bus}`,
      context: { "events:source": source, "events:detail-type": detailType },
      ...(policy === undefined ? {} : { resourcePolicy: policy }),
    };
  }

  function put(entries: readonly (Entry | Failure)[]) {
    const Entries = entries.map((entry) => (isFailure(entry) ? entry : putOne(entry)));
    return { FailedEntryCount: Entries.filter(isFailure).length, Entries };
  }

  function putOne(entry: Entry): Failure | { EventId: string } {
    // AWS takes an event for a bus that is not there, and nobody hears of it again.
    if (!buses.has(entry.bus)) return invalid("EventBusName", `Event bus ${entry.bus} does not exist.`);
    const time = new Date(entry.time ?? clock.now());
    const event = busEvent({ ...entry, account, region, time });
    accept(entry.bus, event);
    return { EventId: event.id };
  }
}

interface Bus {
  readonly rules: { arn: string; targets: readonly Route[]; matches: (event: BusEvent) => boolean }[];
  readonly policy: PolicyDocument | undefined;
}

const isFailure = (entry: object): entry is Failure => "ErrorCode" in entry;
