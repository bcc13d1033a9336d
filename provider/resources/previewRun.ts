import { type Carrier, taskCarrier } from "../core/backend/carrier";
import { diffRun } from "../core/diff/jobRun";
import { owedWork } from "../core/diff/owedWork";
import { defined } from "../core/kube/defined";
import { purposeOf } from "../core/kube/neededRights";
import type { ConfigMap, ObjectMeta } from "../core/kube/types";
import { shapeKeys } from "../core/spec/jobRun";
import { outputNames } from "../core/spec/schema";
import type { JobRunInputs, JobTemplate, RunSpec } from "../core/spec/types";
import type { Backend } from "../core/spec/types.generated";
import { hasUnknown, isUnknown, onlyKnown, UNKNOWN } from "../core/spec/unknown";
import type { RunStatus } from "../core/status/types";
import type { Clusters, Place } from "./clusters";
import { specOf } from "./composeRun";
import type { HookContext, HookLog, Outputs, State } from "./contract";
import { liveDefinition } from "./liveDefinition";
import type { PlannedJobs } from "./planned";
import { requireRights } from "./rights";
import { wishes } from "./runState";
import { shownRun } from "./shownRun";
import { type StoredRun, storedRun } from "./storedRun";
import { inTrial } from "./trial";
import { tryNewRun, tryRevision } from "./tryRun";

/** What a preview works with. */
interface Around {
  readonly clusters: Clusters;
  readonly planned: PlannedJobs;
  readonly context: HookContext;
}

/** As much of a run as can be told before it is made. */
interface Plan {
  readonly namespace?: string;
  /** Undefined while something that shapes the run is unknown. */
  readonly spec?: RunSpec | undefined;
  readonly carrier?: Carrier;
}

/** What the creation of a run would come to. */
export async function previewRunCreate(around: Around, inputs: JobRunInputs): Promise<Outputs> {
  const { namespace = inputs.namespace ?? UNKNOWN, spec, carrier = openCarrier } = await planned(around, inputs);
  const made = { namespace, uid: UNKNOWN, creationTimestamp: UNKNOWN };
  return outputsOf(inputs, { spec, carrier, made });
}

interface Prospect {
  readonly spec: RunSpec | undefined;
  readonly carrier: Carrier;
  /** What the cluster says of the record. */
  readonly made: Pick<ObjectMeta, "namespace" | "uid" | "creationTimestamp">;
}

function outputsOf(inputs: JobRunInputs, { spec, carrier, made }: Prospect): Outputs {
  if (spec === undefined) {
    const { creationTimestamp: createdAt, ...place } = made;
    return { ...openOutputs(inputs), ...place, createdAt, ...laterLogs(inputs) };
  }
  const record: ConfigMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: spec.name, ...made } };
  return {
    ...shownRun({ spec, record, carrier, status: openStatus }),
    ...wishes(inputs, spec),
    ...laterLogs(inputs),
  };
}

/** Logs that are captured stay while they are wanted and nothing runs again. */
function laterLogs({ logs }: JobRunInputs, captured: unknown = UNKNOWN): Outputs {
  return { capturedLogs: hasUnknown(logs) || logs?.capture === true ? captured : undefined };
}

/** What stands for values that the deployment will tell is no value of their types. */
const openCarrier = { backend: UNKNOWN, fidelity: UNKNOWN, fidelityReason: UNKNOWN } as unknown as Carrier;
const openStatus = { status: UNKNOWN, statusDetails: UNKNOWN } as unknown as RunStatus;

/** What is given and known; all else the deployment will tell. */
function openOutputs(inputs: JobRunInputs): Outputs {
  const open = Object.fromEntries(outputNames("jobrun:index:JobRun").map((name) => [name, UNKNOWN]));
  const { env: _env, ...known } = defined(onlyKnown(inputs));
  return { ...open, ...known };
}

/** What a change of a run would come to. */
export async function previewRunUpdate(
  around: Around,
  state: State<JobRunInputs>,
  news: JobRunInputs,
): Promise<Outputs> {
  const { hidden, outputs } = state;
  const stored = storedRun(state);
  const { inPlace } = diffRun(hidden.inputs, news, stored);
  if (inPlace) return revised(around, news, stored);
  const owed = owedWork({ ...stored, ...hidden }, news);
  const attempt = stored.attempt + (owed?.resume === true ? 1 : 0);
  const told = owed === undefined ? laterLogs(news, stored.capturedLogs) : { ...openStatus, ...laterLogs(news) };
  return { ...outputs, ...wishes(news, stored), attempt, ...told };
}

/** What the run is from now on; what carries it stays. */
async function revised(around: Around, news: JobRunInputs, stored: StoredRun): Promise<Outputs> {
  const { backend, fidelity, fidelityReason, namespace, uid, createdAt } = stored;
  const { spec } = await planned(around, news, backend);
  const made = { namespace, uid, creationTimestamp: createdAt };
  return outputsOf(news, { spec, carrier: { backend, fidelity, fidelityReason }, made });
}

/** Composes the run and lets the cluster try it; one that is there already has its backend. */
async function planned(around: Around, inputs: JobRunInputs, backend?: Backend): Promise<Plan> {
  const { clusters, context } = around;
  const spec = await specBefore(around, inputs);
  const found = await inTrial<Plan>(clusters, { inputs, log: context.log }, async (place) => {
    const { namespace } = place;
    const whole = spec ?? (await specFromCluster(place, inputs, context.log));
    if (whole === undefined) {
      await requireRightsFor(place, inputs, context.log);
      return { namespace };
    }
    if (backend !== undefined) await tryRevision(place, context, { spec: whole, backend });
    else return { namespace, spec: whole, carrier: await tryNewRun(place, context, { spec: whole, inputs }) };
    return { namespace, spec: whole };
  });
  return { spec, ...(spec?.mode === "task" && { carrier: taskCarrier }), ...found };
}

/** The spec as far as the cluster need not be asked for it: of a stand-alone run, or of a job that is in this very stack. */
async function specBefore(
  { clusters, planned: jobs, context }: Around,
  inputs: JobRunInputs,
): Promise<RunSpec | undefined> {
  const open = shapeKeys.filter((key) => hasUnknown(inputs[key]));
  const definition = jobs.find(inputs) ?? inputs.jobDefinition;
  if (open.length > 0 || hasUnknown(definition)) {
    const what = open.length > 0 ? open.join(", ") : "what its job says";
    context.log.info(`not tried in the cluster yet: ${what} will be known during the deployment only`);
    return undefined;
  }
  return isComplete(inputs, definition) ? specOf(await clusters.settings(), inputs, definition) : undefined;
}

const isComplete = ({ job }: JobRunInputs, definition: JobTemplate | undefined): boolean =>
  job === undefined || definition !== undefined;

/** A job that only the cluster knows. One that is not there yet may be made before this run, by another stack. */
async function specFromCluster(place: Place, inputs: JobRunInputs, log: HookLog): Promise<RunSpec | undefined> {
  const { job } = inputs;
  if (job === undefined || shapeKeys.some((key) => hasUnknown(inputs[key]))) return undefined;
  const definition = await liveDefinition(place, job);
  if (definition !== undefined) return specOf(place.settings, inputs, definition);
  log.warn(
    `not tried in the cluster yet: there is no job ${JSON.stringify(job)} in namespace ${place.namespace} so far`,
  );
  return undefined;
}

/** Of a run whose mode its job decides, the rights can be asked about when that is known. */
async function requireRightsFor(place: Place, { mode, job, backend }: JobRunInputs, log: HookLog): Promise<void> {
  if (isUnknown(mode) || isUnknown(backend) || (mode === undefined && job !== undefined)) return;
  await requireRights(place, log, purposeOf(mode ?? "task", backend));
}
