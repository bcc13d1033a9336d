import { refOf } from "../cluster/kinds";
import type { ClusterClient } from "../cluster/port";
import { diffRun } from "../core/diff/jobRun";
import { owedWork } from "../core/diff/owedWork";
import { label } from "../core/kube/labels";
import { recordName } from "../core/kube/names";
import type { ConfigMap } from "../core/kube/types";
import { secretOutputsOf } from "../core/manifest/logs";
import { readRecord } from "../core/manifest/record";
import { type Owner, ownerHash, ownerOf, sameOwner, toOwnerMark } from "../core/manifest/owner";
import { attemptOf } from "../core/spec/attempt";
import type { JobRunInputs } from "../core/spec/types";
import { ownerFrom } from "./claim";
import { type Clusters, openPlace } from "./clusters";
import type { Hidden, HookContext, State } from "./contract";
import { finishRun } from "./finishRun";
import { removeRun, runRefOf } from "./removeRun";
import { isOver, restoreRecord, restoreResult } from "./restoreRecord";
import { resumeRun } from "./resumeRun";
import { reviseRun } from "./reviseRun";
import { type StoredRun, storedRun } from "./storedRun";

interface Around {
  readonly clusters: Clusters;
  readonly context: HookContext;
}

/** Goes on with a run: takes up what has changed, resumes what has failed, brings back what is missing, and waits on. */
export async function updateRun(
  { clusters, context }: Around,
  state: State<JobRunInputs>,
  news: JobRunInputs,
): Promise<State<JobRunInputs>> {
  const { hidden } = state;
  const { client, settings } = await openPlace(clusters, news);
  const place = { client, settings, namespace: hidden.namespace };
  const stored = storedRun(state);
  const kept = { inputs: news, stored, owner: ownerFrom(context) };
  const record = (await ownRecord({ client, context }, hidden, kept)) ?? (await restoreRecord(place, kept));
  const { inPlace } = diffRun(hidden.inputs, news, stored);
  const revised = await reviseRun(
    place,
    { record, inputs: news, inPlace, started: hidden.started === true && hidden.live === undefined },
    context.log,
  );
  const owed = inPlace ? undefined : owedWork({ ...stored, ...hidden }, news);
  const claimed = owed?.resume === true ? await resumeRun({ place, context }, revised, stored) : revised;
  const isAsBefore = !inPlace && hidden.live === undefined && attemptOf(claimed.spec) === stored.attempt;
  const facts = {
    ...{ ...claimed, inputs: news, server: client.server, ...progressOf(hidden, isAsBefore) },
    secretOutputs: secretOutputsOf(claimed.spec, context.secretPaths),
    capturedLogs: isAsBefore ? stillCaptured(stored, news) : undefined,
  };
  const waitSeconds = context.timeouts.update ?? context.timeouts.create;
  return (await finishRun({ place, context, facts, waitSeconds })).state;
}

/** What was captured stays for as long as it is wanted. */
function stillCaptured({ capturedLogs }: StoredRun, { logs }: JobRunInputs): StoredRun["capturedLogs"] {
  return logs?.capture === true ? capturedLogs : undefined;
}

/** What runs now need not be what was started and reached before. */
function progressOf(
  { started = false, reached = false, autonamed = false }: Hidden<JobRunInputs>,
  isAsBefore: boolean,
): { started: boolean; reached: boolean; autonamed: boolean } {
  return { started: started && isAsBefore, reached: reached && isAsBefore, autonamed };
}

interface Acting {
  readonly client: ClusterClient;
  readonly context: HookContext;
}

/** The run's record, marked with who declares the run now; undefined when it may be written anew. */
async function ownRecord(
  { client, context }: Acting,
  { namespace, uid }: Hidden<JobRunInputs>,
  { stored, owner }: { stored: StoredRun; owner: Owner },
): Promise<ConfigMap | undefined> {
  const { name } = stored;
  const record = await client.get<ConfigMap>({ kind: "ConfigMap", namespace, name: recordName(name) });
  if (record?.metadata.uid === uid) return markOwner(client, await restoreResult(client, record, stored), owner);
  if (!isOver(stored) || (record !== undefined && !sameOwner(ownerOf(record), owner)))
    throw new Error(`the record of job run "${name}" is gone: run \`pulumi refresh\`, then \`pulumi up\``);
  if (record === undefined || isRestored(record, stored)) return record;
  // Left by a replacement (`--replace`) that was interrupted: nobody knows of it.
  await removeRun(client, runRefOf(record), context);
  return undefined;
}

/** Written anew by an operation that was interrupted before the engine heard of it. */
function isRestored(record: ConfigMap, { attempt }: StoredRun): boolean {
  const { result, spec } = readRecord(record);
  return result !== undefined || attemptOf(spec) > attempt;
}

/** After an alias or another parent the run belongs to the same resource under another name. */
async function markOwner(client: ClusterClient, record: ConfigMap, owner: Owner): Promise<ConfigMap> {
  if (sameOwner(ownerOf(record), owner)) return record;
  const { namespace = "" } = record.metadata;
  return client.patch(refOf(namespace, record), {
    metadata: { labels: { [label.owner]: ownerHash(owner) }, annotations: toOwnerMark(owner) },
  });
}
