import { expect } from "@jest/globals";
import { annotation, label } from "../../provider/core/kube/labels";
import type { KubeJob, KubeObject, Pod } from "../../provider/core/kube/types";
import { printIndexSet, readIndexSet } from "../../provider/core/kube/indexSet";
import { title } from "../rig/exchange";
import { leaks } from "../support/leaks";
import type { Ended } from "./engine";
import { CANARY } from "./shapes";
import type { Stack } from "./world";

/** The end of a program, without what is another's in every run of it: two programs of one shape end alike. */
export interface End {
  readonly objects: readonly string[];
  readonly status: unknown;
  readonly succeeded: unknown;
  readonly failed: unknown;
  /** Of all attempts: more than of the undisturbed program means that something was run twice. */
  readonly pods: number;
  readonly restarts: number;
}

/** What a program has come to in the state and in the cluster, once nothing of it is ending any more. */
export async function endOf(stack: Stack): Promise<End> {
  const { status, statusDetails } = stack.engine.stored("JobRun")?.outputs ?? {};
  const { succeededIndices, failedIndices } = (statusDetails ?? {}) as Record<string, unknown>;
  const kinds = ["ConfigMap", "Secret", "Job", "Deployment"] as const;
  const found = await Promise.all(
    kinds.map(async (kind) => (await stack.objects(kind)).map((o) => `${kind} ${o.metadata.name}`)),
  );
  const pods = await standingPods(stack);
  return {
    objects: found
      .flat()
      .map((each) => each.replace(stack.name, "*").replace(/(?<=^Secret .*[.-])[0-9a-f]{6,}$/, "#"))
      .toSorted(),
    ...{ status, succeeded: succeededIndices, failed: failedIndices },
    pods: pods.length,
    restarts: pods.reduce(
      (sum, { status }) => sum + (status?.containerStatuses ?? []).reduce((n, c) => n + c.restartCount, 0),
      0,
    ),
  };
}

/** Pods that are being deleted have been replaced on purpose, or are going. */
async function standingPods(stack: Stack): Promise<Pod[]> {
  const pods = (await stack.objects("Pod")) as Pod[];
  return pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

/** What a scenario allows besides what always holds. */
interface Allowed {
  /** Names that were created once more in the same run, since somebody had deleted them. */
  readonly again?: readonly string[];
  /** How many runs there were: every replacement is one more. */
  readonly runs?: number;
}

/** Judges what a stack has done, by the proxy's history, the cluster and the state. `ended` are its commands, in order. */
export async function judge(
  stack: Stack,
  ended: readonly Ended[],
  { again = [], runs = 1 }: Allowed = {},
): Promise<void> {
  expect([stack.name, createdTwice(stack, again)]).toEqual([stack.name, []]);
  expect([stack.name, recordsMade(stack)]).toEqual([stack.name, runs]);
  expect([stack.name, await truthOf(stack)]).toEqual([stack.name, toldOf(stack)]);
  for (const { told, stderr } of ended) {
    expect([stack.name, stderr]).toEqual([stack.name, ""]);
    expect([stack.name, stepsBack(told)]).toEqual([stack.name, []]);
  }
  expect(spilt(stack, ended)).toEqual([]);
}

/** I1: objects that were created twice for the same run. */
function createdTwice(stack: Stack, again: readonly string[]): string[] {
  const seen = new Set<string>();
  return created(stack).flatMap(({ sent, resource, name }) => {
    const { metadata } = JSON.parse(sent) as KubeObject;
    const key = `${resource} ${name} of ${metadata.labels?.[label.runUid] ?? "itself"}`;
    const isSecond = seen.has(key) && !again.includes(name) && metadata.labels?.[label.runUid] !== undefined;
    seen.add(key);
    return isSecond ? [key] : [];
  });
}

const created = (stack: Stack) => stack.writes().filter(({ verb, status }) => verb === "create" && status === 201);

/** How many records of runs were made. */
function recordsMade(stack: Stack): number {
  return created(stack).filter(({ resource, name }) => resource === "configmaps" && name.endsWith(".jobrun")).length;
}

/** I5: what the cluster itself knows of the indices. */
async function truthOf(stack: Stack): Promise<unknown> {
  if (stack.shape.title === "daemon") {
    const running = (await standingPods(stack)).filter(({ status }) => status?.phase === "Running");
    return { running: running.length };
  }
  const jobs = (await stack.objects("Job")) as KubeJob[];
  const sets = jobs.map(({ metadata, status }) => {
    const index = metadata.labels?.[label.index];
    const has = (...types: string[]): boolean =>
      status?.conditions?.some(({ type, status: is }) => types.includes(type) && is === "True") ?? false;
    if (index !== undefined)
      return {
        succeeded: has("Complete", "SuccessCriteriaMet") ? index : "",
        failed: has("Failed", "FailureTarget") ? index : "",
      };
    return { succeeded: status?.completedIndexes ?? "", failed: status?.failedIndexes ?? "" };
  });
  const joined = (key: "succeeded" | "failed"): string =>
    sets
      .map((set) => set[key])
      .filter(Boolean)
      .join(",");
  return { succeeded: normal(joined("succeeded")), failed: normal(joined("failed")) };
}

/** The same as the state tells it. */
function toldOf(stack: Stack): unknown {
  const { statusDetails } = stack.engine.stored("JobRun")?.outputs ?? {};
  const { running, succeededIndices, failedIndices } = statusDetails as Record<string, unknown>;
  if (stack.shape.title === "daemon") return { running };
  return { succeeded: normal(String(succeededIndices)), failed: normal(String(failedIndices)) };
}

const normal = (indices: string): string => (indices === "" ? "" : printIndexSet(readIndexSet(indices)));

/** I6: rows that show fewer successes than the row before. */
function stepsBack(told: Ended["told"]): string[] {
  let most = 0;
  return told.flatMap(({ message, ephemeral }) => {
    const count = Number(/(\d+)(?:[/]\d+)? succeeded/.exec(message)?.[1] ?? NaN);
    if (!ephemeral || Number.isNaN(count)) return [];
    const isBack = count < most;
    most = Math.max(most, count);
    return isBack ? [message] : [];
  });
}

/** I7: places where the secret value stands that are none. */
function spilt(stack: Stack, ended: readonly Ended[]): string[] {
  const sent = stack.writes().filter(({ resource }) => resource !== "secrets");
  const texts = {
    ...Object.fromEntries(sent.map((exchange) => [`${exchange.number} ${title(exchange)}`, exchange.sent])),
    messages: JSON.stringify(ended),
    outputs: JSON.stringify(stack.engine.stored("JobRun")?.outputs["statusDetails"] ?? null),
  };
  return leaks(texts, [CANARY]);
}

/** I4: another `up` finds nothing to do, and I3: a destroy leaves nothing. */
export async function settleAndLeave(stack: Stack, program: Parameters<Stack["engine"]["up"]>[0]): Promise<void> {
  const before = stack.writes().length;
  const uid = stack.engine.stored("JobRun")?.outputs["uid"];
  const again = await stack.engine.up(program);
  expect([stack.name, again.error, stack.engine.stored("JobRun")?.outputs["uid"]]).toEqual([
    stack.name,
    undefined,
    uid,
  ]);
  expect([stack.name, stack.writes().slice(before).map(title)]).toEqual([stack.name, []]);
  await leave(stack);
}

/** I3: a destroy leaves nothing. */
export async function leave(stack: Stack): Promise<void> {
  const { error } = await stack.engine.destroy();
  expect([stack.name, error]).toEqual([stack.name, undefined]);
  expect([stack.name, await remains(stack)]).toEqual([stack.name, []]);
}

async function remains(stack: Stack): Promise<string[]> {
  const kinds = ["ConfigMap", "Secret", "Job", "Deployment", "ReplicaSet", "Pod"] as const;
  const found = await Promise.all(
    kinds.map(async (kind) => (await stack.objects(kind)).map((o) => `${kind} ${o.metadata.name}`)),
  );
  return found.flat();
}

/** Whether the cluster's record of the run says that the engine knows of it. */
export async function isAcknowledged(stack: Stack): Promise<boolean> {
  const records = await stack.objects("ConfigMap");
  const [record] = records.filter(({ metadata }) => metadata.name.endsWith(".jobrun"));
  return record?.metadata.annotations?.[annotation.acknowledged] !== undefined;
}
