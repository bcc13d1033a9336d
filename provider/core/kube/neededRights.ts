import type { Mode } from "../spec/types";
import type { RequestedBackend } from "../spec/types.generated";
import type { Right } from "./rights";

/** What is to be made: a job, or a run by its mode and what carries it. The rights for it suffice for its whole life. */
export type Purpose = "job" | "task" | "daemon" | "daemonOnJobs";

/** The purpose of a run, whose daemons are Deployments unless Jobs are asked for. */
export function purposeOf(mode: Mode, backend: RequestedBackend = "auto"): Purpose {
  if (mode === "task") return "task";
  return backend === "job" ? "daemonOnJobs" : "daemon";
}

/** Verbs by resource, which is written as kubectl writes it: `jobs.batch`. */
type Verbs = Readonly<Record<string, readonly string[]>>;

const run: Verbs = {
  configmaps: ["get", "create", "patch", "delete"],
  secrets: ["get", "create", "delete", "deletecollection"],
  // Whatever carries a run, it is removed by its mark from all kinds.
  "jobs.batch": ["list", "watch", "deletecollection"],
  "deployments.apps": ["deletecollection"],
  "replicasets.apps": ["deletecollection"],
  pods: ["deletecollection"],
};

const onJobs: Verbs = { "jobs.batch": ["get", "create", "patch", "delete"] };
const onDeployments: Verbs = { "deployments.apps": ["get", "create", "update", "patch", "delete"] };
const seenDeployments: Verbs = { "deployments.apps": ["list", "watch"] };
/** Only its pods say whether a daemon runs. */
const seenPods: Verbs = { pods: ["list", "watch"] };

const required: Readonly<Record<Purpose, readonly Verbs[]>> = {
  job: [
    {
      configmaps: ["get", "list", "create", "update", "patch", "delete"],
      secrets: ["get", "create", "update", "delete"],
    },
  ],
  task: [run, onJobs],
  daemon: [run, onDeployments, seenDeployments, seenPods],
  daemonOnJobs: [run, onJobs, seenDeployments, seenPods],
};

/** What a run can do without, and what is not told then. */
export interface Detail {
  readonly rights: readonly Right[];
  readonly lost: string;
}

interface DetailVerbs {
  readonly verbs: Verbs;
  readonly purposes: readonly Purpose[];
  readonly lost: string;
}

const runs: readonly Purpose[] = ["task", "daemon", "daemonOnJobs"];

const details: readonly DetailVerbs[] = [
  {
    verbs: seenPods,
    purposes: ["task"],
    lost: "what single indices do: who runs, exit codes, retries, and why one does not start",
  },
  { verbs: { "pods/log": ["get"] }, purposes: runs, lost: "the last log lines of a failed run, and captured logs" },
  { verbs: { events: ["list"] }, purposes: runs, lost: "why no pod can be created" },
  {
    verbs: { configmaps: ["list"] },
    purposes: runs,
    lost: "what a deployment that was killed had begun under another name: it is not found, and goes on beside the new run",
  },
];

/** The rights without which something fails in the life of a job or run. */
export function requiredRights(purpose: Purpose): Right[] {
  return required[purpose].flatMap(toRights);
}

/** The rights without which only details are missing. */
export function optionalRights(purpose: Purpose): Detail[] {
  return details
    .filter(({ purposes }) => purposes.includes(purpose))
    .map(({ verbs, lost }) => ({ rights: toRights(verbs), lost }));
}

function toRights(verbs: Verbs): Right[] {
  return Object.entries(verbs).flatMap(([name, ofResource]) => {
    const [resource = "", apiGroup = ""] = name.split(".");
    return ofResource.map((verb) => ({ verb, apiGroup, resource }));
  });
}
