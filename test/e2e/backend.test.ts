import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { type Emulated, startEmulated } from "../cluster/emulated.ts";
import { objects, until } from "../support/kubectl";
import { changes, rowMessages } from "../support/stack";
import { stacksIn } from "../support/stacks";

jest.setTimeout(300_000);

const namespace = "e2e-backend";
const stacks = stacksIn(namespace);
let old: Emulated;

beforeAll(async () => {
  await stacks.open();
  old = await startEmulated("1.34");
});

afterAll(async () => {
  await stacks.close();
  await old.stop();
});

interface PodStatus {
  readonly containerStatuses?: { restartCount: number; state: Record<string, { exitCode?: number }> }[];
}

describe("[E] a daemon", () => {
  it("on an API server that drops the restart policy of a container is carried by a Job: exit 1 restarts, exit 0 ends it", async () => {
    const stack = stacks.make(
      "old-server",
      `new JobRun("run", { ...small, name: "old-server", mode: "daemon", arraySize: 2, settle: true, wait: { until: "completion" },
         command: sh("test -e /tmp/seen && exit 0; touch /tmp/seen; sleep 1; exit $JOB_INDEX"), mounts: [{ mountPath: "/tmp", emptyDir: {} }] });`,
    );
    await stack.configure("jobrun:kubeconfig", old.kubeconfig);
    await stack.configure("jobrun:context", old.context);
    const ended = await stack.up();
    expect(ended.output).toContain("A Deployment will not do: the API server does not keep the restart policy");
    expect(ended.ok).toBe(true);
    const { outputs } = await stack.stored("run");
    expect(outputs).toMatchObject({ backend: "job", fidelity: "stopsOnDrain", status: "completed" });
    expect(outputs["statusDetails"]).toMatchObject({ succeededIndices: "0-1", indices: { 1: { restarts: 1 } } });
    expect(await objects(namespace, "deployments")).toEqual([]);
    const [job, ...others] = await objects(namespace, "jobs", "pulumi-jobrun/run=old-server");
    expect(others).toEqual([]);
    expect(job?.spec).toMatchObject({
      backoffLimit: 2_147_483_647,
      template: { spec: { restartPolicy: "OnFailure" } },
    });
    expect(changes(await stack.preview({ expectNoChanges: true }))).toEqual({ same: 1 });
  });

  it("that is to be carried by a Job restarts in place after exit 1, and never again after exit 0", async () => {
    const stack = stacks.make(
      "wish",
      `new JobRun("run", { ...small, name: "wish", mode: "daemon", arrayIndices: "3,5", backend: "job",
         command: sh("test -e /tmp/seen && [ $JOB_INDEX = 3 ] && exit 0; test -e /tmp/seen && exec sleep 3600; touch /tmp/seen; exit 1"),
         mounts: [{ mountPath: "/tmp", emptyDir: {} }] });`,
    );
    const ended = await stack.up();
    expect(ended.ok).toBe(true);
    expect(rowMessages(ended, "run", false).join()).not.toContain("will not do");
    expect((await stack.stored("run")).outputs).toMatchObject({
      status: "running",
      statusDetails: { runningIndices: "5", succeededIndices: "3" },
    });
    const pods = await objects(namespace, "pods", "pulumi-jobrun/run=wish");
    expect(pods.map(({ status }) => (status as PodStatus).containerStatuses?.[0]?.restartCount)).toEqual([1, 1]);
    await until(async () => {
      const jobs = await objects(namespace, "jobs", "pulumi-jobrun/run=wish");
      return jobs.some(({ status }) => status["succeeded"] === 1);
    });
  });

  it("that insists on a Deployment is refused where that would start it again after exit 0: nothing is made", async () => {
    const stack = stacks.make(
      "insists",
      `new JobRun("run", { ...small, name: "insists", mode: "daemon", backend: "deployment", command: sh("sleep 3600") });`,
    );
    await stack.configure("jobrun:kubeconfig", old.kubeconfig);
    await stack.configure("jobrun:context", old.context);
    const ended = await stack.up();
    expect(ended.ok).toBe(false);
    expect(ended.output).toMatch(
      /backend must be `job` or `auto` here, got "deployment": the API server does not keep/,
    );
    expect(await objects(namespace, "configmaps,deployments", "pulumi-jobrun/run=insists")).toEqual([]);
  });
});
