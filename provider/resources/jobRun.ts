import { refOf } from "../cluster/kinds";
import type { ClusterClient } from "../cluster/port";
import { recordName } from "../core/kube/names";
import type { ConfigMap } from "../core/kube/types";
import { diffRun, type RunDiff, type Stored } from "../core/diff/jobRun";
import { type OwedWork, owedWork } from "../core/diff/owedWork";
import { type Owner, ownerOf, sameOwner, toOwnerMark } from "../core/manifest/owner";
import { attemptOf } from "../core/spec/attempt";
import { checkRun } from "../core/spec/check";
import { runName } from "../core/spec/jobRun";
import type { JobRunInputs } from "../core/spec/types";
import type { StatusDetails } from "../core/status/types";
import { ownerFrom } from "./claim";
import { type Clusters, movesTo, openKept, openPlace, orForget, strictness } from "./clusters";
import type { Created, DiffResult, Hidden, HookContext, ResourceHooks, State } from "./contract";
import { finishRun } from "./finishRun";
import { readRun } from "./readRun";
import { removeRun } from "./removeRun";
import { resumeRun } from "./resumeRun";
import { reviseRun } from "./reviseRun";
import { claimRun } from "./startRun";

/** The hooks of `JobRun`: one run, from its record to its verdict. */
export function jobRunHooks(clusters: Clusters): ResourceHooks<JobRunInputs> {
  // A refresh calls `read` and then `diff` to show drift; an `up` calls `check` before `diff`. The note tells them apart.
  const refreshed = new Map<string, readonly string[]>();
  return {
    check: async (context, olds, news) => {
      refreshed.delete(context.identity.urn);
      return checkRun(olds, news, { ...context, ...(await strictness(clusters)) });
    },
    diff: (context, state, news) =>
      diff({ clusters, context, drift: refreshed.get(context.identity.urn) }, state, news),
    create: (context, inputs) => create(clusters, context, inputs),
    read: async (context, state) => {
      const { client } = await openKept(clusters, state.hidden);
      const found = await readRun(client, state, context.log);
      refreshed.set(context.identity.urn, found === undefined ? ["status"] : []);
      return found;
    },
    update: (context, state, news) => update({ clusters, context }, state, news),
    delete: (context, state) => orForget(remove(clusters, context, state)),
  };
}

async function remove(
  clusters: Clusters,
  context: HookContext,
  { hidden, outputs }: State<JobRunInputs>,
): Promise<void> {
  const { client } = await openKept(clusters, hidden);
  await removeRun(client, { namespace: hidden.namespace, name: String(outputs["name"]), uid: hidden.uid }, context);
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
  const difference = diffRun(hidden.inputs, news, storedOf(state));
  const moves = await movesTo(clusters, hidden, news);
  const owed = owedWork({ ...state.outputs, status: state.outputs["status"], ...hidden }, news);
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

const storedOf = ({ outputs }: State<JobRunInputs>): Stored => ({
  status: outputs["status"],
  backend: outputs["backend"],
});

async function create(clusters: Clusters, context: HookContext, inputs: JobRunInputs): Promise<Created<JobRunInputs>> {
  const place = await openPlace(clusters, inputs);
  const claimed = await claimRun(place, context, inputs);
  const autonamed = automaticName(context, inputs) === inputs.name;
  const facts = { ...claimed, inputs, server: place.client.server, started: false, reached: false, autonamed };
  return finishRun({ place, context, facts, waitSeconds: context.timeouts.create });
}

async function update(
  { clusters, context }: { clusters: Clusters; context: HookContext },
  state: State<JobRunInputs>,
  news: JobRunInputs,
): Promise<State<JobRunInputs>> {
  const { hidden, outputs } = state;
  const { client, settings } = await openPlace(clusters, news);
  const { namespace, uid, started = false, reached = false, autonamed = false } = hidden;
  const name = String(outputs["name"]);
  const found = await client.get<ConfigMap>({ kind: "ConfigMap", namespace, name: recordName(name) });
  if (found?.metadata.uid !== uid)
    throw new Error(`the record of job run "${name}" is gone: run \`pulumi refresh\`, then \`pulumi up\``);
  const place = { client, namespace, settings };
  const record = await markOwner(client, found, ownerFrom(context));
  const { inPlace } = diffRun(hidden.inputs, news, storedOf(state));
  const revised = await reviseRun(place, { record, inputs: news, inPlace, started });
  const owed = inPlace ? undefined : owedWork({ ...outputs, status: outputs["status"], ...hidden }, news);
  const known = { attempt: Number(outputs["attempt"] ?? 1), details: outputs["statusDetails"] as StatusDetails };
  const claimed = owed?.resume === true ? await resumeRun({ place, context }, revised, known) : revised;
  const isWhole = started && !inPlace && attemptOf(claimed.spec) === known.attempt;
  const begun = { started: isWhole, reached: reached && !inPlace, autonamed };
  const facts = { ...claimed, inputs: news, server: client.server, ...begun };
  const waitSeconds = context.timeouts.update ?? context.timeouts.create;
  return (await finishRun({ place, context, facts, waitSeconds })).state;
}

/** After an alias or another parent the run belongs to the same resource under another name. */
async function markOwner(client: ClusterClient, record: ConfigMap, owner: Owner): Promise<ConfigMap> {
  if (sameOwner(ownerOf(record), owner)) return record;
  const { namespace = "" } = record.metadata;
  return client.patch(refOf(namespace, record), { metadata: { annotations: toOwnerMark(owner) } });
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
