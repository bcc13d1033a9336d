import { type Carrier, taskCarrier } from "../core/backend/carrier";
import { purposeOf } from "../core/kube/neededRights";
import { toRecord, toRunSecret } from "../core/manifest/record";
import type { JobRunInputs, RunSpec } from "../core/spec/types";
import { chooseBackend, toProbe } from "./chooseBackend";
import { ownerFrom } from "./claim";
import type { Place } from "./clusters";
import type { HookContext } from "./contract";
import { requireRights } from "./rights";
import { warnOfSurprises } from "./startRun";
import { requireFree } from "./trial";
import { tryOut } from "./tryOut";

/** Lets the cluster try every kind of object that a new run is made of, and tells what is to be known of it. Returns what would carry it. */
export async function tryNewRun(
  place: Place,
  context: HookContext,
  { spec, inputs }: { spec: RunSpec; inputs: JobRunInputs },
): Promise<Carrier> {
  const { client, namespace } = place;
  await requireRights(place, context.log, purposeOf(spec.mode, inputs.backend));
  const owner = ownerFrom(context);
  const record = toRecord(spec, { owner, carrier: taskCarrier });
  await requireFree(place, { object: record, owner, what: `job run "${spec.name}"` });
  const carrier = await chooseBackend(place, spec, inputs);
  await requireRights(place, context.log, purposeOf(spec.mode, carrier.backend));
  await tryOut(client, namespace, record);
  await tryRevision(place, context, { spec, backend: carrier.backend });
  warnOfSurprises(context, { spec, carrier }, inputs);
  if (spec.mode === "daemon") context.log.info(`would run as ${names[carrier.backend]}: ${carrier.fidelityReason}`);
  return carrier;
}

const names: Readonly<Record<Carrier["backend"], string>> = { deployment: "Deployments", job: "Jobs" };

/** Lets the cluster try what a run would be from now on: its Secret, and the Job or Deployment of one index. */
export async function tryRevision(
  place: Place,
  { log }: HookContext,
  { spec, backend }: { spec: RunSpec; backend: Carrier["backend"] },
): Promise<void> {
  const { client, namespace } = place;
  const secret = toRunSecret(spec, { apiVersion: "v1", kind: "ConfigMap", metadata: { name: spec.name } });
  if (secret !== undefined) await tryOut(client, namespace, secret);
  const { warnings } = await tryOut(client, namespace, toProbe(spec, place, backend));
  for (const warning of warnings) log.warn(`the API server warns: ${warning}`);
}
