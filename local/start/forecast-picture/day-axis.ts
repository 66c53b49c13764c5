// day-axis: which days of a span get a label: weeks of a short one, months of a longer, years of a long one.

export interface DayAxis {
  /** Days since 1970. */
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly { readonly day: number; readonly label: string }[];
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const monthSteps = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 2_400, 6_000, 12_000, 24_000, 60_000];
const msPerDay = 86_400_000;

/** Days since 1970 of a day as YYYY-MM-DD; undefined for what is none. */
export function dayNumber(day: string): number | undefined {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(day) : Number.NaN;
  // What has no 30th of February rolls over into March.
  return Number.isNaN(time) || !new Date(time).toISOString().startsWith(day) ? undefined : time / msPerDay;
}

/** At most `most` ticks; of no days, none. */
export function dayAxis(days: readonly number[], most: number): DayAxis {
  if (days.length === 0) return { from: 0, to: 1, ticks: [] };
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const day of days) [from, to] = [Math.min(from, day), Math.max(to, day)];
  // A single day, or two, stand in the middle of a week.
  if (to - from < 6) [from, to] = [from - 3, to + 3];
  return { from, to, ticks: to - from < 50 ? weekTicks(from, to, most) : monthTicks(from, to, most) };
}

function weekTicks(from: number, to: number, most: number): DayAxis["ticks"] {
  const step = to - from < 7 * most ? 7 : 14;
  // Day 4 since 1970 was a Monday.
  const first = from + ((((4 - from) % 7) + 7) % 7);
  return Array.from({ length: Math.floor((to - first) / step) + 1 }, (_, index) => {
    const day = first + index * step;
    const date = new Date(day * msPerDay);
    return { day, label: `${date.getUTCDate()} ${months[date.getUTCMonth()]}` };
  });
}

function monthTicks(from: number, to: number, most: number): DayAxis["ticks"] {
  const [first, last] = [monthOf(from - 1) + 1, monthOf(to)];
  const apart = (last - first) / Math.max(1, most);
  const step = monthSteps.find((length) => length >= apart) ?? 120_000;
  const start = Math.ceil(first / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((last - start) / step) + 1) }, (_, index) => {
    const month = start + index * step;
    const year = String(Math.floor(month / 12)).padStart(4, "0");
    const day = Date.parse(`${year}-${String((month % 12) + 1).padStart(2, "0")}-01`) / msPerDay;
    const name = months[month % 12];
    return { day, label: step % 12 === 0 ? year : index === 0 || month % 12 === 0 ? `${name} ${year}` : `${name}` };
  });
}

/** Months since the year 0. */
function monthOf(day: number): number {
  const date = new Date(day * msPerDay);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}
