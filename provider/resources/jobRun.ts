import { diffRun, type RunDiff } from "../core/diff/jobRun";
import { type OwedWork, owedWork } from "../core/diff/owedWork";
import { stableJson } from "../core/kube/hash";
import { recordName } from "../core/kube/names";
import type { ConfigMap } from "../core/kube/types";
import { secretOutputsOf } from "../core/manifest/logs";
import { checkRun } from "../core/spec/check";
import { runName } from "../core/spec/jobRun";
import type { JobRunInputs } from "../core/spec/types";
import { findAbandoned, ownerFrom } from "./claim";
import { type Clusters, movesTo, openKept, openPlace, orForget, strictness } from "./clusters";
import { adoptRun } from "./adoptRun";
import type { Created, DiffResult, Hidden, HookContext, ResourceHooks, Seen, State } from "./contract";
import { plannedJobs } from "./planned";
import { previewRunCreate, previewRunUpdate } from "./previewRun";
import { finishRun } from "./finishRun";
import { readRun } from "./readRun";
import { recordReader } from "./recordReader";
import { removeAbandoned } from "./removeAbandoned";
import { removeRun, runRefOf } from "./removeRun";
import { claimRun } from "./startRun";
import { storedRun } from "./storedRun";
import { updateRun } from "./updateRun";

/** The hooks of `JobRun`: one run, from its record to its verdict. */
export function jobRunHooks(clusters: Clusters, planned = plannedJobs()): ResourceHooks<JobRunInputs> {
  // A refresh calls `read` and then `diff` to show drift; an `up` calls `check` before `diff`. The note tells them apart.
  const refreshed = new Map<string, readonly string[]>();
  const findRecord = recordReader();
  return {
    check: async (context, olds, news) => {
      refreshed.delete(context.identity.urn);
      return checkRun(olds, news, { ...context, ...(await strictness(clusters)) });
    },
    diff: (context, state, news) =>
      diff({ clusters, context, drift: refreshed.get(context.identity.urn) }, state, news),
    create: (context, inputs) => create(clusters, context, inputs),
    previewCreate: (context, inputs) => previewRunCreate({ clusters, planned, context }, inputs),
    read: async (context, state) => {
      const kept = await openKept(clusters, state.hidden);
      const found = await readRun({ ...kept, findRecord }, state, context);
      refreshed.set(context.identity.urn, found === undefined ? ["status"] : newlyAmiss(state.hidden, found.hidden));
      return found && withHealth(found);
    },
    adopt: async (context, id) => {
      const found = await adoptRun(clusters, context, id);
      return found && withHealth(found);
    },
    update: (context, state, news) => updateRun({ clusters, context }, state, news),
    previewUpdate: (context, state, news) => previewRunUpdate({ clusters, planned, context }, state, news),
    delete: (context, state) => orForget(remove(clusters, context, state)),
  };
}

/** A run that failed is no healthy one, whatever comes next. */
function withHealth(state: State<JobRunInputs>): Seen<JobRunInputs> {
  const { name, status, statusDetails } = storedRun(state);
  if (status !== "failed" || state.hidden.reached === true) return state;
  const { failed, failedIndices } = statusDetails;
  const which = failed === 0 ? "" : `: ${failed === 1 ? "index" : "indices"} ${failedIndices}`;
  return { ...state, unhealthy: `job run "${name}" failed${which}` };
}

/** The inputs whose values in the cluster are not those that the engine knows; of objects that are missing now, the status. */
function newlyAmiss(before: Hidden<JobRunInputs>, now: Hidden<JobRunInputs>): readonly string[] {
  const { live: known = {} } = before;
  const { live = {} } = now;
  const keys = [...new Set([...Object.keys(known), ...Object.keys(live)])];
  const edited = keys.filter((key) => stableJson(known[key]) !== stableJson(live[key]));
  return before.started === true && now.started !== true ? ["status", ...edited] : edited;
}

interface DiffContext {
  readonly clusters: Clusters;
  readonly context: HookContext;
  /** What a refresh has just found to differ; undefined outside a refresh. */
  readonly drift: readonly string[] | undefined;
}

async function diff(
  { clusters, context, drift }: DiffContext,
  state: State<JobRunInputs>,
  news: JobRunInputs,
): Promise<DiffResult> {
  if (drift !== undefined) return { changes: drift.length > 0, replaces: [], deleteBeforeReplace: false };
  const { hidden } = state;
  const difference = diffRun(hidden.inputs, news, storedRun(state));
  const moves = await movesTo(clusters, hidden, news);
  const owed = owedWork({ ...storedRun(state), ...hidden }, news);
  explain(context, difference, owed);
  const again = owed?.again === true && !difference.inPlace ? ["onFailure"] : [];
  const replaces = [...difference.replaces, ...moves, ...again];
  return {
    changes: replaces.length > 0 || difference.inPlace || difference.touched || owed !== undefined,
    replaces,
    deleteBeforeReplace: moves.length === 0 && nextName(context, hidden, news) === hidden.inputs.name,
  };
}

/** One line on the resource's row: the engine does not show reasons of its own. */
function explain({ log }: HookContext, { why, inPlace }: RunDiff, owed: OwedWork | undefined): void {
  if (why.length > 0) log.info(`${inPlace ? "will be updated" : "will run again"}: ${why.join(", ")}`);
  else if (owed !== undefined) log.info(owed.reason);
}

async function create(clusters: Clusters, context: HookContext, inputs: JobRunInputs): Promise<Created<JobRunInputs>> {
  const place = await openPlace(clusters, inputs);
  await removeAbandoned({ ...place, name: inputs.name }, context);
  const claimed = await claimRun(place, context, inputs);
  const autonamed = automaticName(context, inputs) === inputs.name;
  const facts = { ...claimed, inputs, server: place.client.server, started: false, reached: false, autonamed };
  const secretOutputs = secretOutputsOf(claimed.spec, context.secretPaths);
  return finishRun({
    ...{ place, context, waitSeconds: context.timeouts.create },
    facts: { ...facts, secretOutputs, capturedLogs: undefined },
  });
}

async function remove(
  clusters: Clusters,
  context: HookContext,
  { hidden, outputs }: State<JobRunInputs>,
): Promise<void> {
  const { client } = await openKept(clusters, hidden);
  const { namespace, uid } = hidden;
  const name = String(outputs["name"]);
  await removeRun(client, { namespace, name, uid }, context);
  const record = { kind: "ConfigMap", namespace, name: recordName(name) } as const;
  const abandoned = await findAbandoned<ConfigMap>(client, record, ownerFrom(context));
  if (abandoned !== undefined) await removeRun(client, runRefOf(abandoned), context);
  await removeAbandoned({ client, namespace }, context);
}

/** The name that a run of these inputs gets when the user gives none; of inputs that hold a name already, too. */
function automaticName({ identity }: HookContext, { name: _name, ...inputs }: JobRunInputs): string | undefined {
  return runName(inputs, {}, identity);
}

/** The name of the run that takes this one's place: an automatic name is made anew, from what shapes the new one. */
function nextName(
  context: HookContext,
  { autonamed = false }: Hidden<JobRunInputs>,
  news: JobRunInputs,
): string | undefined {
  return autonamed ? automaticName(context, news) : news.name;
}
