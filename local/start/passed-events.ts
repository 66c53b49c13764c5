// passed-events: what has come onto the buses, what was done with it, and what of that went wrong, by the type of the events.

import type { Entry } from "../door/journal";

export interface PassedEvents {
  readonly detailType: string;
  readonly source: string;
  readonly events: number;
  /** To targets of rules: an event may have several, or none. */
  readonly deliveries: number;
  readonly retries: number;
  readonly deadLetters: number;
}

/** The most frequent last. What lies in the journal of this start. */
export function passedEvents(entries: readonly Entry[]): PassedEvents[] {
  const own = entries.filter(({ service }) => service === "events");
  const types = new Map<string, { readonly source: string; events: number; readonly rules: Set<string> }>();
  for (const { operation, principal, resource, detail } of own) {
    if (operation !== "Event") continue;
    const type = types.get(resource) ?? { source: principal, events: 0, rules: new Set<string>() };
    type.events++;
    for (const rule of (detail?.rules ?? []) as readonly string[]) type.rules.add(rule);
    types.set(resource, type);
  }
  const passed = [...types].map(([detailType, { source, events, rules }]) => {
    // A route is called by its rule and its target.
    const routed = own.filter(({ resource }) => rules.has(resource.split(" ")[0] ?? ""));
    const count = (operation: string) => routed.filter((entry) => entry.operation === operation).length;
    const [deliveries, retries, deadLetters] = [count("Deliver"), count("Retry"), count("DeadLetter")];
    return { detailType, source, events, deliveries, retries, deadLetters };
  });
  return passed.sort((a, b) => a.events - b.events || a.detailType.localeCompare(b.detailType));
}
