/** The outputs of a `JobRun`, as far as they are shown. */
export interface StoredRun {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly createdAt: string;
  readonly job?: string;
  readonly image: string;
  readonly cpu: string;
  readonly memory: string;
  readonly ephemeralStorage: string;
  readonly mode: string;
  readonly arrayIndices: string;
  readonly arraySize: number;
  readonly maxExecutionTime?: number;
  readonly retryLimit?: number;
  readonly status: string;
  readonly statusDetails: Readonly<Record<string, unknown>>;
}

type Kubectl = (...args: string[]) => Promise<string>;

/** A run and its logs, in the layout of Code Engine's `jobrun get` and `jobrun logs`. */
export async function showRun(run: StoredRun, kubectl: Kubectl): Promise<string> {
  const selector = ["--namespace", run.namespace, "--selector", `pulumi-jobrun/run=${run.name}`];
  const pods = await kubectl("get", "pods", ...selector);
  const names = (await kubectl("get", "pods", ...selector, "--output", "name")).trim().split("\n");
  const logs = await Promise.all(names.map((pod) => podLog(run, pod.replace("pod/", ""), kubectl)));
  return [...heading(run), ...status(run), "Instances:", indent(pods), "", ...logs].join("\n");
}

/** The container is named for the job, or for the run when that is stand-alone. */
async function podLog({ name, namespace, job = name }: StoredRun, pod: string, kubectl: Kubectl): Promise<string> {
  return `${pod}/${job}:\n${await kubectl("logs", "--namespace", namespace, pod)}`;
}

function heading(run: StoredRun): string[] {
  return [
    ...rows({ Name: run.name, ID: run.uid, Namespace: run.namespace, Created: run.createdAt }),
    "",
    ...rows({ ...(run.job !== undefined && { "Job Ref": run.job }), Image: run.image }),
    "Resource Allocation:",
    ...rows({ CPU: run.cpu, "Ephemeral Storage": run.ephemeralStorage, Memory: run.memory }, "  "),
    "",
    "Runtime:",
    ...rows({ Mode: run.mode, "Array Indices": run.arrayIndices, "Array Size": run.arraySize }, "  "),
    ...(run.mode === "task"
      ? rows({ "Max Execution Time": run.maxExecutionTime, "Retry Limit": run.retryLimit }, "  ")
      : []),
    "",
  ];
}

function status({ status: phase, statusDetails }: StoredRun): string[] {
  const counters = ["Pending", "Running", "Succeeded", "Failed"].filter(
    (name) => statusDetails[name.toLowerCase()] !== 0,
  );
  const instances = Object.fromEntries(counters.map((name) => [name, statusDetails[name.toLowerCase()]]));
  return [`Status: ${phase}`, "  Instance Statuses:", ...rows(instances, "    "), ""];
}

function rows(values: Readonly<Record<string, unknown>>, margin = ""): string[] {
  return Object.entries(values).map(([name, value]) => `${margin}${`${name}:`.padEnd(22)}${String(value)}`);
}

function indent(text: string): string {
  return text.trimEnd().replaceAll(/^/gm, "  ");
}
