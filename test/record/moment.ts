import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { repositoryRoot } from "../cluster/paths.ts";
import type { Deployment, KubeEvent, KubeJob, KubeObject, Pod } from "../../provider/core/kube/types";

/** What was in the cluster at one moment of a run. */
export interface Moment {
  readonly jobs: readonly KubeJob[];
  readonly deployments: readonly Deployment[];
  readonly pods: readonly Pod[];
  readonly events: readonly KubeEvent[];
}

/** The objects of one run among those of its namespace, and the events about them. */
export function momentOf(run: string, objects: readonly KubeObject[]): Moment {
  const own = objects.filter(({ metadata }) => metadata.labels?.["pulumi-jobrun/run"] === run);
  const uids = new Set(own.map(({ metadata }) => metadata.uid));
  const ofKind = <T extends KubeObject>(kind: string): T[] => own.filter((object) => object.kind === kind) as T[];
  const events = objects.filter((object) => object.kind === "Event") as KubeEvent[];
  return {
    jobs: ofKind("Job"),
    deployments: ofKind("Deployment"),
    pods: ofKind("Pod"),
    // Those of a Deployment are not asked for: it says itself what is wrong.
    events: events.filter(({ involvedObject: { kind, uid } }) => kind !== "Deployment" && uids.has(uid)),
  };
}

/** The moment without what is of no interest, and with the same UIDs, names and times at every recording. */
export function withoutNoise(moment: Moment): Moment {
  const reduced = {
    jobs: moment.jobs.map((job) => ({ ...bare(job), spec: { suspend: job.spec?.suspend } })),
    deployments: moment.deployments.map((object) => ({ ...bare(object), spec: { replicas: object.spec?.replicas } })),
    pods: moment.pods.map((pod) => ({ ...bare(pod), spec: { nodeName: pod.spec?.nodeName } })),
    events: moment.events.map(bareEvent),
  };
  return JSON.parse(withStableTimes(withStableNames(JSON.stringify(reduced)))) as Moment;
}

const dropped = new Set([
  "finalizers",
  "observedGeneration",
  "uncountedTerminatedPods",
  "lastProbeTime",
  "pod-template-hash",
  "managedFields",
  "resourceVersion",
  "generation",
  "generateName",
  "ownerReferences",
  "containerID",
  "imageID",
  "podIP",
  "podIPs",
  "hostIP",
  "hostIPs",
  "resources",
  "allocatedResources",
  "volumeMounts",
  "user",
]);

function bare<T extends KubeObject>(object: T): T {
  return JSON.parse(JSON.stringify(object, (key, value: unknown) => (dropped.has(key) ? undefined : value))) as T;
}

function bareEvent(event: KubeEvent): KubeEvent {
  const { metadata, ...rest } = bare(event);
  return { ...rest, metadata: { name: "event", creationTimestamp: metadata.creationTimestamp ?? "" } };
}

/** UIDs become `uid-1`, the random ends of pods' names `aaaaa`. */
function withStableNames(text: string): string {
  const uids = [...new Set(text.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g))];
  const named = uids.reduce((result, uid, i) => result.replaceAll(uid, `uid-${i + 1}`), text);
  // Kubernetes makes them of letters and digits that form no words.
  return named.replaceAll(
    /(?<=-\d+-)([bcdfghjklmnpqrstvwxz2456789]{8,10}-)?[bcdfghjklmnpqrstvwxz2456789]{5}\b/g,
    "aaaaa",
  );
}

/** The first time becomes noon, and the others keep their distance. */
function withStableTimes(text: string): string {
  const pattern = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;
  const start = Math.min(...[...text.matchAll(pattern)].map(([time]) => Date.parse(time)).filter((time) => time > 0));
  const noon = Date.UTC(2026, 0, 5, 12);
  return text.replaceAll(pattern, (time) =>
    Date.parse(time) === 0
      ? time
      : new Date(noon + Math.floor((Date.parse(time) - start) / 1_000) * 1_000).toISOString().replace(".000", ""),
  );
}

const pathOf = (cause: string): string => join(repositoryRoot(), "test/fixtures/failures", `${cause}.json`);

/** Keeps what was recorded of a cause. */
export function keepMoments(cause: string, moments: Readonly<Record<string, Moment>>): void {
  mkdirSync(dirname(pathOf(cause)), { recursive: true });
  writeFileSync(pathOf(cause), `${JSON.stringify(moments, null, 2)}\n`);
}

/** What was recorded of a cause. */
export function recorded(cause: string, workload: "job" | "deployment"): Moment {
  const moments = JSON.parse(readFileSync(pathOf(cause), "utf8")) as Record<string, Moment>;
  const moment = moments[workload];
  if (moment === undefined)
    throw new Error(`${cause} was not recorded for a ${workload}: \`npm run record\` does that`);
  return moment;
}
