// schedule-expression: the expressions of EventBridge Scheduler - rate(), cron() and at() - read and checked.
//
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html. AWS refuses a bad one at deployment, after a
// minute and with no more than "Invalid Schedule Expression"; here it is refused while the program is evaluated, with the field.

export type ScheduleExpression =
  | { readonly kind: "rate"; readonly milliseconds: number }
  /** Once; milliseconds since 1970. */
  | { readonly kind: "at"; readonly time: number }
  /** Minutes, hours, day of month, month, day of week (1 is Sunday), year. */
  | { readonly kind: "cron"; readonly fields: readonly string[] };

const units: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** What stands for numbers, from `least` on. */
  readonly names?: readonly string[];
  /** What is allowed beside lists, ranges and steps. */
  readonly also?: RegExp;
}

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const fieldsOfCron: readonly Field[] = [
  { name: "minutes", least: 0, most: 59 },
  { name: "hours", least: 0, most: 23 },
  { name: "day of month", least: 1, most: 31, also: /^(\?|L|([1-9]|[12]\d|3[01])W)$/ },
  { name: "month", least: 1, most: 12, names: months },
  { name: "day of week", least: 1, most: 7, names: weekdays, also: /^(\?|L|[1-7]L|[1-7]#[1-5])$/ },
  { name: "year", least: 1970, most: 2199 },
];

/** Throws what is wrong with `expression`. */
export function readScheduleExpression(expression: string): ScheduleExpression {
  const refuse = (found: string): never => {
    throw new Error(`Cannot schedule by "${expression}": ${found}`);
  };
  const [, kind, text = ""] = /^(rate|cron|at)\((.*)\)$/.exec(expression) ?? [];
  if (kind === "rate") return rate(text, refuse);
  if (kind === "at") return at(text, refuse);
  if (kind === "cron") return cron(text, refuse);
  return refuse("write rate(1 hour), cron(0 5 * * ? *) or at(2026-01-31T05:00:00)");
}

type Refuse = (found: string) => never;

function rate(text: string, refuse: Refuse): ScheduleExpression {
  const [, value, unit = ""] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(text) ?? [];
  return value === undefined
    ? refuse(`a rate is a positive whole number and minutes, hours or days, and this is "${text}"`)
    : { kind: "rate", milliseconds: Number(value) * (units[unit] ?? 0) };
}

function at(text: string, refuse: Refuse): ScheduleExpression {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  // Date.parse takes 30 February for 2 March.
  const exists = !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
  return exists ? { kind: "at", time } : refuse(`"${text}" is no time of the form 2026-01-31T05:00:00`);
}

function cron(text: string, refuse: Refuse): ScheduleExpression {
  const fields = text.split(/\s+/);
  if (fields.length !== fieldsOfCron.length) {
    refuse(`a cron has 6 fields (${fieldsOfCron.map(({ name }) => name).join(", ")}), and this has ${fields.length}`);
  }
  fieldsOfCron.forEach((field, index) => {
    const value = fields[index] ?? "";
    if (!field.also?.test(value) && !value.split(",").every((part) => isPart(part, field))) {
      refuse(`"${value}" is no ${field.name} (${field.least} to ${field.most}, ranges upwards)`);
    }
  });
  if ((fields[2] === "?") === (fields[4] === "?")) {
    refuse('of the day of the month and the day of the week exactly one is "?"');
  }
  return { kind: "cron", fields };
}

/** One element of a list: `*`, a value or a range, each with a step or without. */
function isPart(part: string, { least, most, names = [] }: Field): boolean {
  const [range = "", step, ...more] = part.split("/");
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d{0,3}$/.test(step))) return false;
  if (range === "*") return true;
  const [from, to, ...others] = range.split("-").map((value) => {
    const index = names.indexOf(value);
    return /^\d+$/.test(value) ? Number(value) : index < 0 ? Number.NaN : index + least;
  });
  const within = (value = Number.NaN) => value >= least && value <= most;
  return others.length === 0 && within(from) && (to === undefined || (within(to) && Number(from) <= to));
}
