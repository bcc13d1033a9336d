import type { Carrier } from "../../../provider/core/backend/carrier";
import { toDefinition, toDefinitionSecret } from "../../../provider/core/manifest/definition";
import { toRecord, toRunSecret } from "../../../provider/core/manifest/record";
import { DEFAULT_KEEP_ALIVE_IMAGE, toWorkloads } from "../../../provider/core/manifest/workloads";
import { runSpec as completeSpec } from "../../../provider/core/spec/jobRun";
import type { ConfigMap, KubeObject } from "../../../provider/core/kube/types";
import type { JobRunInputs, JobTemplate, RunSpec } from "../../../provider/core/spec/types";
import { carrierOf, owner, runSpec } from "./specs";

/** The object as it comes back from the API server. */
const created = (object: ConfigMap, uid: string): ConfigMap => ({
  ...object,
  metadata: { ...object.metadata, namespace: "jobs", uid },
});

interface Declared {
  readonly name?: string;
  readonly job?: { readonly name: string; readonly template: JobTemplate };
  readonly run?: JobRunInputs;
  readonly keepAliveImage?: string;
  /** Whether the cluster knows the restart policy of a single container; true where nothing is said. */
  readonly keepsContainerRestart?: boolean;
}

/** Every object of a run, and of its job where it has one, in the order in which they are made. */
export function allObjects({ name = "nightly", job, run = {}, ...cluster }: Declared): KubeObject[] {
  const { keepAliveImage, keepsContainerRestart } = cluster;
  const spec = completeSpec({ ...run, name, ...(job && { job: job.name, jobDefinition: job.template }) });
  const definition = job && created(toDefinition(job.name, job.template, owner), "definition-uid");
  return [
    ...(job && definition ? [definition, toDefinitionSecret(job.name, job.template, definition)] : []),
    ...runObjects(spec, {
      ...(definition && { definition }),
      ...(keepAliveImage !== undefined && { keepAliveImage }),
      carrier: carrierOf(spec, run.backend, keepsContainerRestart),
    }),
  ].filter((object) => object !== undefined);
}

interface Around {
  readonly definition?: ConfigMap;
  readonly carrier?: Carrier;
  readonly keepAliveImage?: string;
}

/** Every object of a run. */
export function runObjects(
  spec: RunSpec,
  { definition, keepAliveImage = DEFAULT_KEEP_ALIVE_IMAGE, carrier = carrierOf(spec) }: Around = {},
): KubeObject[] {
  const record = created(toRecord(spec, { owner, carrier, ...(definition && { definition }) }), "record-uid");
  const secret = toRunSecret(spec, record);
  return [
    record,
    ...(secret ? [secret] : []),
    ...toWorkloads(spec, { namespace: "jobs", record, carrier, keepAliveImage }),
  ];
}

interface Container {
  readonly name: string;
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
  readonly resources: { readonly requests: object; readonly limits: object };
}

/** A Job or Deployment, as far as tests look into it. */
export interface Workload extends KubeObject {
  readonly spec: {
    readonly selector?: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: { readonly containers: readonly [Container, ...Container[]] };
    };
  };
}

/** The Jobs or Deployments of a run. */
export const workloads = (said: Parameters<typeof runSpec>[0]): Workload[] =>
  runObjects(runSpec(said)).filter(({ kind }) => kind === "Job" || kind === "Deployment") as Workload[];

/** Their containers. */
export const containers = (said: Parameters<typeof runSpec>[0]): Container[] =>
  workloads(said).flatMap(({ spec }) => spec.template.spec.containers);
