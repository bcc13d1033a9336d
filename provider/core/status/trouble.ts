import { eachIndex, indexSetOf, printIndexSet, readIndexSet } from "../kube/indexSet";
import { attemptOf } from "../spec/attempt";
import type { RunSpec } from "../spec/types";
import { causeOf, type TroubleClass } from "./causes";
import { isOlder } from "./indexStatus";
import { podTroubles, retryTrouble } from "./podTroubles";
import type { RunView } from "./runStatus";
import type { EventView, IndexTrouble, PodView, RunStatus } from "./types";
import { heldBack, refusedPods } from "./workloadTroubles";

/** What keeps one or several indices from going on, told by the first of them. */
export interface Trouble extends Omit<IndexTrouble, "index"> {
  readonly indices: string;
  readonly class: TroubleClass;
  /** What the user can do. */
  readonly help: string;
}

/** A run as it is seen at one moment. */
export type Seen = RunView & RunStatus & { readonly troubles: readonly Trouble[] };

/** Adds to what is seen of a run what stands in its way. */
export function withTroubles(seen: RunView & RunStatus, spec: RunSpec, events: readonly EventView[] = []): Seen {
  // What the run was attempted with before is over.
  const isCurrent = ({ runAttempt }: { readonly runAttempt: number }): boolean => runAttempt === attemptOf(spec);
  const current = { ...seen, jobs: seen.jobs.filter(isCurrent), pods: seen.pods.filter(isCurrent) };
  return { ...seen, troubles: troublesOf(current, spec, events) };
}

/** What stands in the way, the most important first. */
function troublesOf(seen: RunView & RunStatus, spec: RunSpec, events: readonly EventView[]): Trouble[] {
  const over = new Set(eachIndex(readIndexSet(seen.statusDetails.failedIndices)));
  const pods = seen.pods.filter(({ index, deleting }) => !over.has(index) && !deleting).toSorted(byUid);
  const byObject = Map.groupBy(events, ({ objectUid }) => objectUid);
  const found = [
    ...heldBack(seen, spec),
    ...refusedPods(seen, byObject),
    ...pods.flatMap((pod) => podTroubles(pod, byObject)),
  ];
  const told = new Set(found.map(({ index }) => index));
  const retries = latestPods(pods).filter(({ index }) => !told.has(index));
  const retrying = retries.flatMap((pod) => retryTrouble(pod, spec) ?? []);
  return [...grouped(found), ...grouped(retrying, { class: "retrying", help: "" })].toSorted(byImportance);
}

/** The latest pod of each index. After an eviction it has the same number of attempts as the one before. */
function latestPods(pods: readonly PodView[]): PodView[] {
  const latest = new Map<number, PodView>();
  for (const pod of pods) {
    const other = latest.get(pod.index);
    if (other === undefined || isOlder(other, pod)) latest.set(pod.index, pod);
  }
  return [...latest.values()];
}

/** Pods come in any order; what is told of them must not depend on it. */
const byUid = (a: PodView, b: PodView): number => (a.uid < b.uid ? -1 : a.uid > b.uid ? 1 : 0);

/** What only a person can mend comes first, what is a matter of time last. */
const importance: readonly TroubleClass[] = ["refused", "configuration", "retrying", "capacity", "queued"];

function byImportance(a: Trouble, b: Trouble): number {
  return importance.indexOf(a.class) - importance.indexOf(b.class);
}

/** An image that does not come is told of by turns in two ways. */
const phaseless = (kind: string): string => (kind === "ErrImagePull" ? "ImagePullBackOff" : kind);

/** Instances of a run are alike: the same trouble of several is told once. */
function grouped(found: readonly IndexTrouble[], known?: Pick<Trouble, "class" | "help">): Trouble[] {
  const byIndex = found.toSorted((a, b) => a.index - b.index);
  const groups = Map.groupBy(byIndex, ({ kind, note = "" }) => `${phaseless(kind)} ${note}`);
  return [...groups.values()].map((group) => {
    const [{ index: _index, ...told }] = group as [IndexTrouble];
    const indices = printIndexSet(indexSetOf(group.map(({ index }) => index)));
    return { ...told, ...(known ?? causeOf(told.kind, told.message)), indices };
  });
}
