import { setTimeout as delay } from "node:timers/promises";
import type { ObjectRef } from "../cluster/kinds";
import type { ClusterClient } from "../cluster/port";
import { type Remain, remainLine } from "../core/kube/remains";
import type { HookContext } from "./contract";

/** Seconds that a removal may take when `customTimeouts` says nothing. */
const DELETE_SECONDS = 600;
const LOOK_MS = 1_000;
/** More of them hide the first ones. */
const LINES = 5;

export interface Removal {
  /** How messages call it: `job run "nightly"`. */
  readonly what: string;
  readonly context: HookContext;
  /** Is aborted when the removal has taken its time, or the user interrupts. */
  readonly over: AbortSignal;
}

/** The removal begins now. */
export function beginRemoval(what: string, context: HookContext): Removal {
  const { signal, timeouts } = context;
  const time = AbortSignal.timeout((timeouts.delete ?? DELETE_SECONDS) * 1_000);
  return { what, context, over: AbortSignal.any([signal, time]) };
}

/**
 * Waits until nothing is left of what was deleted: a grace period, a node that is down, or a finalizer of somebody else's may hold it.
 * @throws when the time is over, with what is left, where, since when and why. The next removal goes on with it.
 */
export async function untilGone(removal: Removal, look: () => Promise<readonly Remain[]>): Promise<void> {
  const { over, context } = removal;
  let shown = "";
  for (;;) {
    const left = await look();
    const [first] = left;
    if (first === undefined) return;
    if (over.aborted) throw new Error(stillThere(removal, left));
    const line = remainLine(first, new Date());
    if (line !== shown) context.log.status(line);
    shown = line;
    // An end of the pause before its time shows in `over`.
    await delay(LOOK_MS, undefined, { signal: over }).catch(() => undefined);
  }
}

/** That object as what is left, while it is there. */
export async function lookFor(client: ClusterClient, ref: ObjectRef, uid: string): Promise<Remain[]> {
  const object = await client.get(ref);
  return object?.metadata.uid === uid ? [{ kind: ref.kind, object }] : [];
}

function stillThere({ what, context }: Removal, left: readonly Remain[]): string {
  const lines = left.slice(0, LINES).map((remain) => remainLine(remain, new Date()));
  const more = left.length > LINES ? [`and ${(left.length - LINES).toString()} more`] : [];
  return [
    `${what} is not removed yet: ${context.signal.aborted ? "the wait was interrupted" : "the time is over"}, and there is still`,
    ...[...lines, ...more].map((line) => `  ${line}`),
    "Run the command again when the cause is mended: it goes on from here.",
  ].join("\n");
}
