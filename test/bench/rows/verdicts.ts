import type { Api, KubeStatus } from "../api";
import { type Door, type DoorArm, openDoor } from "../doors";
import type { Bench, Row, Take } from "../row";
import { numbers, type Work } from "../works";

/** The seconds that P is given, and what it has by default. */
const GIVEN = 30;
const DEFAULT = 600;

interface Cause {
  readonly title: string;
  readonly work: Work;
  /** Words that tell of it. */
  readonly said: RegExp;
  /** Whether the peer does not know it, and waits for all of its time. */
  readonly isUnknownToPeer: boolean;
}

const cause = (title: string, said: RegExp, work: Partial<Work>, isUnknownToPeer = false): Cause => ({
  title,
  said,
  isUnknownToPeer,
  work: {
    name: title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"),
    indices: [0],
    command: ["true"],
    waits: true,
    ...work,
  },
});

const missing = [{ name: "WORD", valueFrom: { secretKeyRef: { name: "not-there", key: "word" } } }];
const CAUSES: readonly Cause[] = [
  cause("bad image", /ImagePull/, { image: "docker.io/library/not-there:1" }, true),
  cause("missing Secret", /CreateContainerConfigError|not-there/, { env: missing }, true),
  cause("no node", /[Uu]nschedulable|node affinity/, { placement: { nodeSelector: { bench: "nowhere" } } }, true),
  cause("FailedIndexes", /FailedIndexes|ExitCode1|exit/, { indices: numbers(2), command: sh("exit $JOB_INDEX") }, true),
  cause("deadline", /DeadlineExceeded|MaxExecutionTimeExceeded/, { command: sh("sleep 60"), maxExecutionTime: 5 }),
  cause("out of memory", /OOMKilled|BackoffLimitExceeded/, {
    command: sh("tail /dev/zero"),
    memory: "30M",
    plain: true,
  }),
  cause("exit 3", /ExitCode3|BackoffLimitExceeded/, { command: sh("exit 3"), plain: true }),
];

function sh(text: string): readonly string[] {
  return ["sh", "-c", text];
}

/** When the cluster first shows that something is wrong with each Job, beside those that are measured. */
async function watchSigns(api: Api, namespace: string): Promise<{ at: ReadonlyMap<string, number>; stop: () => void }> {
  const seen = new Map<string, number>();
  const on = (job: string, object: KubeStatus, at: number): void => {
    if (isSign(object) && !seen.has(job)) seen.set(job, at);
  };
  const stops = await Promise.all([
    api.watch(`/api/v1/namespaces/${namespace}/pods`, ({ object, at }) =>
      on(object.metadata.labels?.["batch.kubernetes.io/job-name"] ?? "", object, at),
    ),
    api.watch(`/apis/batch/v1/namespaces/${namespace}/jobs`, ({ object, at }) => on(object.metadata.name, object, at)),
  ]);
  return { at: seen, stop: () => stops.forEach((stop) => stop()) };
}

const BAD = /ImagePull|ConfigError|OOMKilled|^Error$/;

function isSign({ status = {} }: KubeStatus): boolean {
  const states = (status.containerStatuses ?? []).flatMap(({ state, lastState }) => [state, lastState]);
  const reasons = states.flatMap((state) => [state?.waiting?.reason ?? "", state?.terminated?.reason ?? ""]);
  const conditions = (status.conditions ?? []).map(({ type, status, reason = "" }) => `${type} ${status} ${reason}`);
  return (
    reasons.some((reason) => BAD.test(reason)) ||
    conditions.some((text) => /^(Failed|FailureTarget) True|Unschedulable/.test(text))
  );
}

const finalError = (title: string, isUnknownToPeer: boolean): string =>
  `final error, ${title}${isUnknownToPeer ? " (P: its default, not measured)" : ""}`;

/** All causes at once, in one process. */
async function measured({ api, namespace }: Bench, arm: DoorArm, take: Take): Promise<void> {
  const { namespace: name, direct, remove } = await namespace(`verdicts-${arm.toLowerCase()}`);
  const signs = await watchSigns(api, name);
  const door = await openDoor(arm, direct);
  await Promise.all(
    CAUSES.map(async ({ title, work, said, isUnknownToPeer }) => {
      const { ok, ms, at, message } = await door.create(work, await door.check(work), arm === "P" ? GIVEN : undefined);
      if (ok) throw new Error(`${title} must fail`);
      const waited = arm === "P" && isUnknownToPeer;
      if (waited && ms < GIVEN * 1_000) throw new Error(`the peer knows ${title} by now: ${message}`);
      if (waited) take(`given ${GIVEN} s, ${title}`, arm, ms / 1_000, "s");
      take(finalError(title, isUnknownToPeer), arm, waited ? DEFAULT : ms / 1_000, "s");
      const first = Math.min(firstLine(door, { work, said }), at);
      take(`first line, ${title}`, arm, Math.max(0, first - (signs.at.get(work.name) ?? NaN)) / 1_000, "s");
    }),
  );
  signs.stop();
  await door.close();
  await remove();
}

function firstLine({ told }: Door, { work, said }: Pick<Cause, "work" | "said">): number {
  const lines = told.filter(({ urn, message }) => urn.endsWith(`::${work.name}`) && said.test(message));
  return lines[0]?.at ?? Infinity;
}

const PATIENCE =
  "what keeps a run from starting may still come right, so ours waits 60 s for an image or a Secret and 120 s for room (`wait.unschedulableSeconds`), and says so on the row from the start.";

const NO_RETRY =
  "of an index without a further try the verdict is the first line, and from the end of the container to that Kubernetes itself takes two seconds.";

/** P12 */
export const verdicts: Row = {
  id: "P12",
  title: "time to the verdict",
  mostPairs: 1,
  work: "Runs that fail, one of each cause, at once, on a real kubelet.",
  targets: CAUSES.flatMap(({ title, isUnknownToPeer }) => [
    {
      figure: finalError(title, isUnknownToPeer),
      arms: ["O", "P"] as const,
      atMost: isUnknownToPeer ? 0.1 : 1,
      ...(isUnknownToPeer && { why: PATIENCE }),
    },
    { figure: `first line, ${title}`, arms: ["O"] as const, atMost: 2, why: NO_RETRY },
  ]),
  notes: [
    `The final error is counted from the call of Create. Where P knows no verdict, it waits until its time is over. Nobody has waited for that here: P's figure is then its default, ${DEFAULT} s, which is no measurement, and beside it stands what it took when it was given ${GIVEN} s. The first line is counted from the moment at which another watch sees the cause; 0 is earlier than that watch.`,
  ],
  measure: async (bench, take) => {
    for (let pair = 0; pair < bench.pairs; pair++)
      for (const arm of ["P", "O"] as const) await measured(bench, arm, take);
  },
};
