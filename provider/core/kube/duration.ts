const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

const pair = (large: number, [unit, small]: readonly [string, string], rest: number): string =>
  `${large.toString()}${unit}${rest === 0 ? "" : `${rest.toString()}${small}`}`;

/** A span of time as Kubernetes prints ages: the larger it is, the coarser. */
export function printDuration(exactSeconds: number): string {
  const seconds = Math.trunc(exactSeconds);
  // Clocks of two machines differ by a little.
  if (seconds < -1) return "<invalid>";
  if (seconds < 120) return `${Math.max(0, seconds).toString()}s`;
  const minutes = Math.floor(seconds / SECONDS.m);
  if (minutes < 10) return pair(minutes, ["m", "s"], seconds % 60);
  if (minutes < 180) return `${minutes.toString()}m`;
  const hours = Math.floor(seconds / SECONDS.h);
  if (hours < 8) return pair(hours, ["h", "m"], minutes % 60);
  if (hours < 48) return `${hours.toString()}h`;
  return printDays(hours);
}

function printDays(hours: number): string {
  const days = Math.floor(hours / 24);
  if (days < 8) return pair(days, ["d", "h"], hours % 24);
  if (days < 2 * 365) return `${days.toString()}d`;
  const years = Math.floor(days / 365);
  return years < 8 ? pair(years, ["y", "d"], days % 365) : `${years.toString()}y`;
}

/** The time since a moment of the cluster, in milliseconds since 1970 `now`; `<unknown>` when the cluster does not tell the moment. */
export function ageOf(time: string | undefined, now: number): string {
  const moment = Date.parse(time ?? "");
  return Number.isNaN(moment) ? "<unknown>" : printDuration((now - moment) / 1_000);
}

/** Seconds of a span such as `90s`, `5m` or `1h30m`; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  if (!/^([0-9]+[smhd])+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/([0-9]+)([smhd])/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * SECONDS[unit as keyof typeof SECONDS], 0);
}
