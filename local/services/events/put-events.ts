// put-events: what PutEvents takes and what it answers, entry by entry.
//
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html: the request succeeds as a whole, and each
// entry succeeds or fails by itself, so that a caller who does not look at FailedEntryCount loses events.

import { awsError } from "../../door/service";

/** An entry that was found good; `bus` is a name. */
export interface Entry {
  readonly bus: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  readonly resources: readonly string[];
  /** Milliseconds since 1970. */
  readonly time?: number;
}

export interface Failure {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

type Input = Readonly<Record<string, unknown>>;

const mostEntries = 10;
const mostBytes = 1024 * 1024;

/** Throws what fails the whole request. */
export function entriesOf({ Entries, ...more }: Input): Input[] {
  const other = Object.keys(more).find((name) => more[name] !== undefined);
  if (other !== undefined) throw notImitated(`PutEvents with ${other}`);
  const entries = Array.isArray(Entries) ? (Entries as Input[]) : [];
  const bound =
    entries.length > mostEntries
      ? `less than or equal to ${mostEntries}`
      : entries.length === 0
        ? "greater than or equal to 1"
        : undefined;
  if (bound !== undefined) {
    const constraint = `failed to satisfy constraint: Member must have length ${bound}`;
    throw awsError("ValidationException", `1 validation error detected: Value at 'entries' ${constraint}`);
  }
  for (const entry of entries) {
    const strange = Object.keys(entry).find((name) => entry[name] !== undefined && !understood.includes(name));
    if (strange !== undefined) throw notImitated(`PutEvents with ${strange}`);
  }
  if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > mostBytes) {
    throw awsError("ValidationException", "Total size of the entries in the request is over the limit.");
  }
  return entries;
}

export const notImitated = (what: string): Error => awsError("NotImplemented", `${what} is not imitated`, 501);

const understood = ["Time", "Source", "Resources", "DetailType", "Detail", "EventBusName"];

/** One entry, or why it fails. */
export function entryOf(input: Input): Entry | Failure {
  const { Source, DetailType, Detail, EventBusName, Resources, Time } = input;
  const missing = ["Source", "DetailType", "Detail"].find((name) => typeof input[name] !== "string" || !input[name]);
  if (missing !== undefined) return invalid(missing, `${missing} is a required argument.`);
  if (String(Source).startsWith("aws.")) {
    return { ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source." };
  }
  if (String(DetailType).length > 128) return invalid("DetailType", "DetailType has more than 128 characters.");
  const detail = objectOf(String(Detail));
  if (detail === undefined) return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
  return {
    bus: busName(EventBusName),
    source: String(Source),
    detailType: String(DetailType),
    detail,
    resources: Array.isArray(Resources) ? Resources.map(String) : [],
    ...(typeof Time === "number" ? { time: Time * 1_000 } : {}),
  };
}

export const invalid = (name: string, reason: string): Failure => ({
  ErrorCode: "InvalidArgument",
  ErrorMessage: `Parameter ${name} is not valid. Reason: ${reason}`,
});

/** A bus is called by its name or by its ARN. */
const busName = (value: unknown): string =>
  typeof value === "string" ? value.replace(/^.*:event-bus\//, "") : "default";

function objectOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html, "Calculating PutEvents event entry size". */
const sizeOf = ({ Time, Source, DetailType, Detail, Resources }: Input): number =>
  (Time === undefined ? 0 : 14) +
  [Source, DetailType, Detail, ...(Array.isArray(Resources) ? Resources : [])].reduce<number>(
    (sum, text) => sum + Buffer.byteLength(String(text ?? "")),
    0,
  );
