import { eachIndex, readIndexSet } from "../../provider/core/kube/indexSet";
import { label } from "../../provider/core/kube/labels";
import type { Pod } from "../../provider/core/kube/types";
import type { State } from "../../provider/resources/contract";

/** What has really run in a world, and what of it must not have. */
export class History {
  /** What went wrong, in words; a command that leaves any has failed. */
  readonly faults: string[] = [];
  /** Beginnings of the names of runs that somebody has asked for, in whatever way, to run again. */
  readonly asked = new Set<string>();
  /** Indices that have succeeded, by the run's name. */
  readonly #done = new Map<string, Set<number>>();
  /** Indices that have succeeded, by the UID of the run's record. */
  readonly #ever = new Map<string, Set<number>>();

  /** A program begins. */
  started(pod: Pod, index: number, others: readonly Pod[]): void {
    const name = labelOf(pod, label.run);
    if (others.some((other) => labelOf(other, label.run) === name))
      this.faults.push(`index ${index.toString()} of run ${name} runs twice at a time`);
    if ([...this.asked].some((prefix) => name.startsWith(prefix))) this.#done.delete(name);
    if (labelOf(pod, label.mode) === "task" && this.#done.get(name)?.has(index) === true)
      this.faults.push(`index ${index.toString()} of run ${name} runs again, though it has succeeded`);
  }

  /** A program has succeeded. */
  succeeded(pod: Pod, index: number): void {
    add(this.#done, labelOf(pod, label.run), index);
    add(this.#ever, labelOf(pod, label.runUid), index);
  }

  /** The engine keeps the state of a run. */
  kept({ outputs, hidden }: State<unknown>, before: State<unknown> | undefined): void {
    const { name, status, mode, arrayIndices } = outputs;
    // A record that somebody has removed is written anew.
    if (before?.outputs["name"] === name && before?.outputs["createdAt"] !== undefined)
      for (const index of this.#ever.get(before.hidden.uid) ?? []) add(this.#ever, hidden.uid, index);
    if (status !== "completed" || mode !== "task") return;
    const done = this.#ever.get(hidden.uid);
    const missing = [...eachIndex(readIndexSet(String(arrayIndices)))].filter((index) => done?.has(index) !== true);
    if (missing.length > 0)
      this.faults.push(`run ${String(name)} is kept as completed, and indices ${missing.join(",")} have not succeeded`);
  }
}

function add(map: Map<string, Set<number>>, key: string, index: number): void {
  map.set(key, (map.get(key) ?? new Set()).add(index));
}

const labelOf = ({ metadata }: Pod, key: string): string => metadata.labels?.[key] ?? "";
