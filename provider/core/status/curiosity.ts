import type { RunSpec } from "../spec/types";
import type { EventKind } from "./events";
import { isOnItsWay, lacksImage } from "./podTroubles";
import type { RunView } from "./runStatus";
import type { RunStatus } from "./types";
import { awaitingIndices, isAlive } from "./workloadTroubles";

/** A pod is there, and prepared, long before when all is well. */
const SILENCE_SECONDS = 2;

/** Whose events may say more than the objects do. */
export interface Curiosity {
  readonly kinds: readonly EventKind[];
  /** When the next kind may be wanted if nothing changes. */
  readonly recheckSeconds?: number;
}

/** Decides at every look whose events are worth a request: none while a run is well. `now` is a monotonic clock in seconds. */
export function curious(spec: RunSpec, now: () => number): (seen: RunView & RunStatus) => Curiosity {
  const silences = [jobSilence(now), podSilence(spec, now)];
  return (seen) => {
    const waits = silences.flatMap((silence) => silence(seen) ?? []);
    const kinds = waits.filter(({ seconds }) => seconds >= SILENCE_SECONDS).map(({ kind }) => kind);
    const rest = waits.filter(({ seconds }) => seconds < SILENCE_SECONDS);
    const soonest = Math.min(...rest.map(({ seconds }) => SILENCE_SECONDS - seconds));
    return rest.length === 0 ? { kinds } : { kinds, recheckSeconds: soonest };
  };
}

/** How long nothing has been heard of an object that is waited for. */
type Silence = (seen: RunView & RunStatus) => { readonly kind: EventKind; readonly seconds: number } | undefined;

/** Indices wait for their pods, and the number of pods no longer grows. */
function jobSilence(now: () => number): Silence {
  let most = { pods: -1, at: 0 };
  return (seen) => {
    const alive = seen.pods.filter(isAlive).length;
    const waits = seen.jobs.some(({ suspended, verdict }) => suspended !== true && verdict === undefined);
    if (alive > most.pods || !waits) most = { pods: waits ? alive : -1, at: now() };
    return waits && awaitingIndices(seen).length > 0 ? { kind: "Job", seconds: now() - most.at } : undefined;
  };
}

/** A pod has its node, and its container does not start; or its image does not come, for which a pull secret may be the reason. */
function podSilence({ imagePullSecrets = [] }: RunSpec, now: () => number): Silence {
  let since = new Map<string, number>();
  return ({ pods }) => {
    const preparing = pods.filter((pod) => isOnItsWay(pod) || (imagePullSecrets.length > 0 && lacksImage(pod)));
    since = new Map(preparing.map(({ uid }) => [uid, since.get(uid) ?? now()]));
    const first = Math.min(...since.values());
    return since.size === 0 ? undefined : { kind: "Pod", seconds: now() - first };
  };
}
