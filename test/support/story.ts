import { type Ended, plain } from "./stack";

interface Told {
  /** Seconds since the engine began with the resource. */
  readonly at: number;
  readonly text: string;
}

/** What a command of the CLI told of one resource, and when. */
export interface Story {
  /** The last one says how the resource failed, if it did. */
  readonly told: readonly Told[];
  /** Seconds since the engine began with the resource; NaN when it did not fail. */
  readonly failedAt: number;
  /** The same moment in milliseconds since 1970. */
  readonly failedAtTime: number;
}

/** The story of the resource with that logical name. */
export function storyOf({ events }: Ended, name: string): Story {
  const isOurs = (urn = ""): boolean => urn.endsWith(`::${name}`);
  const start = events.find(({ resourcePreEvent }) => isOurs(resourcePreEvent?.metadata.urn))?.seenAt ?? NaN;
  const since = (seenAt: number): number => (seenAt - start) / 1_000;
  const told = events.flatMap(({ diagnosticEvent, seenAt }) =>
    diagnosticEvent !== undefined && isOurs(diagnosticEvent.urn)
      ? [{ at: since(seenAt), text: plain(diagnosticEvent.message) }]
      : [],
  );
  const failure = events.find(({ resOpFailedEvent }) => isOurs(resOpFailedEvent?.metadata.urn));
  const failedAtTime = failure?.seenAt ?? NaN;
  return { told, failedAt: since(failedAtTime), failedAtTime };
}

const ENDS = /\(fails in (\d+) s\)/;

/** Seconds from the end of a trouble's time to the failure; `words` are the row's. */
export function secondsOverTime({ told, failedAt }: Story, words: RegExp, graceSeconds: number): number {
  const rows = told.filter(({ text }) => words.test(text));
  // While an instance is still being prepared, the time does not run; and a short time may be over before the row says it.
  const counting = rows.find(({ text }) => ENDS.test(text));
  const left = Number(ENDS.exec(counting?.text ?? "")?.[1] ?? graceSeconds);
  return failedAt - ((counting ?? rows[0])?.at ?? NaN) - left;
}
