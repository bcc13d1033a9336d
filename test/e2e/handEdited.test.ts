import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { kubectl, objects, until } from "../support/kubectl";
import { changes, type Ended, plain, rowMessages, type TestStack } from "../support/stack";
import { stacksIn } from "../support/stacks";

jest.setTimeout(400_000);

const namespace = "e2e-hand-edited";
const stacks = stacksIn(namespace);

beforeAll(stacks.open);
afterAll(stacks.close);

const edit = (...args: string[]): Promise<string> => kubectl(...args, "--namespace", namespace);
const patch = (object: string, body: object, type = "strategic"): Promise<string> =>
  edit("patch", object, `--type=${type}`, "--patch", JSON.stringify(body));

async function upOk(stack: TestStack): Promise<Ended> {
  const ended = await stack.up();
  if (!ended.ok) throw new Error(ended.output);
  return ended;
}

/** What the command shows of a resource's fields, without marks and quotes of the lines around. */
const shown = ({ output }: Ended): string => plain(output).replaceAll(/ +/g, " ");

interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

/** The program's container in the Deployment of an index. */
async function containerOf(run: string, index: number): Promise<Container> {
  const [deployment] = await objects(
    namespace,
    "deployments",
    `pulumi-jobrun/run=${run},pulumi-jobrun/index=${index.toString()}`,
  );
  const { template } = deployment?.spec as { template: { spec: { containers: Container[] } } };
  const [container] = template.spec.containers;
  if (container === undefined) throw new Error("it has no container");
  return container;
}

const podsOf = async (run: string): Promise<string[]> =>
  (await objects(namespace, "pods", `pulumi-jobrun/run=${run}`)).map(({ metadata }) => metadata.uid).toSorted();

describe("[E] the Deployments of a daemon that somebody changes with kubectl", () => {
  it("show field and values in a refresh and the next preview, and `up` puts them back in place; a second refresh shows nothing new", async () => {
    const stack = stacks.make(
      "daemon",
      `new JobRun("run", { ...small, name: "edited", mode: "daemon", arraySize: 2, wait: { stableSeconds: 1 }, labels: { team: "a" },
         command: sh("exec sleep 3600"), env: [{ name: "LEVEL", value: "info" }, { name: "TOKEN", value: pulumi.secret("S3CRET-77") }] });`,
    );
    await upOk(stack);
    const { uid } = (await stack.stored("run")).outputs;
    const untouched = await podsOf("edited");
    await edit("set", "image", "deployment/edited-1", "edited=icr.io/codeengine/helloworld:latest");
    await edit("label", "deployment/edited-0", "team=b", "--overwrite");
    await edit("set", "resources", "deployment/edited-1", "--containers=edited", "--limits=cpu=30m");

    const planned = await stack.refresh({ previewOnly: true });
    expect(planned.ok).toBe(true);
    expect(shown(planned)).toContain("[diff: ~cpu,image,labels]");
    const refreshed = await stack.refresh();
    expect(rowMessages(refreshed, "run", false)).toContain(
      "somebody has changed in the cluster, and `pulumi up` will put back: labels team of index 0; image of index 1; cpu of index 1",
    );
    expect((await stack.stored("run")).inputs).toMatchObject({
      image: "icr.io/codeengine/helloworld:latest",
      cpu: "30m",
      labels: { team: "b" },
    });
    expect((await stack.refresh({ expectNoChanges: true })).ok).toBe(true);

    const preview = await stack.preview({ diff: true });
    expect(shown(preview)).toContain(
      '~ image : "icr.io/codeengine/helloworld:latest" => "docker.io/library/busybox:1"',
    );
    expect(shown(preview)).toContain('~ cpu : "30m" => "20m"');
    expect(changes(preview)).toEqual({ update: 1 });
    const ended = await upOk(stack);
    expect(changes(ended)).toEqual({ update: 1 });
    expect(rowMessages(ended, "run", false)).toContain(
      "will put back what somebody has changed in the cluster: cpu, image, labels",
    );
    expect((await containerOf("edited", 1)).image).toBe("docker.io/library/busybox:1");
    expect((await stack.stored("run")).outputs).toMatchObject({ uid, status: "running" });
    // A label of the Deployment alone rolls nothing.
    expect((await podsOf("edited")).filter((pod) => untouched.includes(pod))).toHaveLength(1);
    expect((await stack.preview({ refresh: true, expectNoChanges: true })).ok).toBe(true);
    expect(changes(await stack.preview({ expectNoChanges: true }))).toEqual({ same: 1 });

    await edit("set", "env", "deployment/edited-0", "LEVEL=debug", "MORE=yes");
    // A variable is a secret, and so Pulumi shows nothing of all of them: the words do.
    expect(rowMessages(await stack.refresh({ previewOnly: true }), "run", false)).toContain(
      "somebody has changed in the cluster, and `pulumi up` will put back: env LEVEL of index 0; env MORE of index 0",
    );
    // Without a refresh nobody looks, and with one in the same breath all is put back at once.
    const again = await stack.up({ refresh: true });
    expect(again.ok).toBe(true);
    const { env = [] } = await containerOf("edited", 0);
    expect(env.filter(({ name }) => ["LEVEL", "MORE"].includes(name))).toEqual([{ name: "LEVEL", value: "info" }]);
    expect((await stack.preview({ refresh: true, expectNoChanges: true })).ok).toBe(true);

    await edit("set", "env", "deployment/edited-0", "TOKEN=typed-by-hand");
    const told = await stack.refresh();
    expect(rowMessages(told, "run", false)).toContain(
      "somebody has changed in the cluster, and `pulumi up` will put back: env TOKEN of index 0",
    );
    expect(told.output).not.toContain("typed-by-hand");
    expect(stack.checkpoint()).not.toContain("typed-by-hand");
    await upOk(stack);
    expect((await stack.preview({ refresh: true, expectNoChanges: true })).ok).toBe(true);
  });

  it("show the secret values in words when somebody has put another Secret in their place, and `up` makes a new one", async () => {
    const stack = stacks.make(
      "secret",
      `new JobRun("run", { ...small, name: "hushed", mode: "daemon", wait: { stableSeconds: 1 },
         env: [{ name: "TOKEN", value: pulumi.secret("S3CRET-77") }], command: sh("echo length $" + "{#TOKEN}; exec sleep 3600") });`,
    );
    await upOk(stack);
    await edit("delete", "secret", "hushed.jobrun");
    await edit("create", "secret", "generic", "hushed.jobrun", "--from-literal=TOKEN=typed-by-hand");
    const refreshed = await stack.refresh();
    expect(rowMessages(refreshed, "run", false)).toContain(
      "somebody has changed in the cluster, and `pulumi up` will put back: the secret values of TOKEN",
    );
    expect(refreshed.output).not.toContain("typed-by-hand");
    expect(changes(await upOk(stack))).toEqual({ update: 1 });
    expect((await edit("logs", "deployment/hushed-0")).trim()).toBe("length 9");
    expect((await stack.preview({ refresh: true, expectNoChanges: true })).ok).toBe(true);
  });

  it("show what the run has from its job as the run's own, and an index that is gone or scaled away as one less", async () => {
    const stack = stacks.make(
      "of-job",
      `const job = new Job("job", { ...small, name: "hers", mode: "daemon", command: sh("exec sleep 3600") });
       new JobRun("run", { job, name: "her-run", arraySize: 3, wait: { stableSeconds: 1 } });`,
    );
    await upOk(stack);
    await edit("set", "image", "deployment/her-run-0", "hers=icr.io/codeengine/helloworld:latest");
    await edit("delete", "deployment", "her-run-1");
    await edit("scale", "deployment/her-run-2", "--replicas=0");
    const refreshed = await stack.refresh({ diff: true } as never);
    expect(refreshed.ok).toBe(true);
    expect((await stack.stored("run")).inputs).toMatchObject({
      image: "icr.io/codeengine/helloworld:latest",
      arrayIndices: "0",
    });
    expect(changes(await upOk(stack))).toEqual({ same: 1, update: 1 });
    expect((await containerOf("her-run", 0)).image).toBe("docker.io/library/busybox:1");
    expect((await stack.stored("run")).outputs).toMatchObject({ status: "running", statusDetails: { running: 3 } });
    expect((await stack.preview({ refresh: true, expectNoChanges: true })).ok).toBe(true);
  });

  it("of a job that is known by name only are put back as they were made, though the job has changed since", async () => {
    const job = (level: string): string =>
      `new Job("job", { ...small, name: "named", mode: "daemon", env: [{ name: "LEVEL", value: "${level}" }], command: sh("exec sleep 3600") });`;
    const definition = stacks.make("definition", job("first"));
    await upOk(definition);
    const stack = stacks.make(
      "by-name",
      `new JobRun("run", { job: "named", name: "by-name", wait: { stableSeconds: 1 } });`,
    );
    await upOk(stack);
    definition.write(job("second"));
    await upOk(definition);
    await edit("set", "image", "deployment/by-name-0", "named=icr.io/codeengine/helloworld:latest");
    expect((await stack.refresh()).ok).toBe(true);
    expect(changes(await upOk(stack))).toEqual({ update: 1 });
    const { image, env = [] } = await containerOf("by-name", 0);
    expect(image).toBe("docker.io/library/busybox:1");
    expect(env).toContainEqual({ name: "LEVEL", value: "first" });
    expect((await stack.preview({ refresh: true, expectNoChanges: true })).ok).toBe(true);
  });

  it("differ in nothing for labels, annotations and sidecars that were added, nor after a restart by kubectl", async () => {
    const stack = stacks.make(
      "meshed",
      `new JobRun("run", { ...small, name: "meshed", mode: "daemon", wait: { stableSeconds: 1 }, labels: { team: "a" },
         command: sh("exec sleep 3600"), mounts: [{ mountPath: "/data", emptyDir: {} }] });`,
    );
    await upOk(stack);
    await edit("label", "deployment/meshed-0", "mesh=on");
    await edit("annotate", "deployment/meshed-0", "mesh.example/injected=yes");
    const sidecar = { name: "mesh-proxy", image: "docker.io/library/busybox:1", command: ["sleep", "3600"] };
    const pod = { spec: { containers: [sidecar], volumes: [{ name: "certificates", emptyDir: {} }] } };
    await patch("deployment/meshed-0", { spec: { template: { metadata: { labels: { mesh: "on" } }, ...pod } } });
    await edit("rollout", "restart", "deployment/meshed-0");
    await edit("rollout", "status", "deployment/meshed-0");
    expect((await stack.preview({ refresh: true, expectNoChanges: true })).ok).toBe(true);
    expect((await stack.refresh({ expectNoChanges: true })).ok).toBe(true);

    // What is put back leaves alone what others have added.
    await edit("set", "image", "deployment/meshed-0", "meshed=icr.io/codeengine/helloworld:latest");
    await stack.refresh();
    expect(changes(await upOk(stack))).toEqual({ update: 1 });
    const [deployment] = await objects(namespace, "deployments", "pulumi-jobrun/run=meshed");
    expect(deployment?.metadata.labels).toMatchObject({ mesh: "on", team: "a" });
    const { template } = deployment?.spec as { template: { spec: { containers: Container[] } } };
    expect(template.spec.containers.map(({ name }) => name)).toContain("mesh-proxy");
    expect((await stack.preview({ refresh: true, expectNoChanges: true })).ok).toBe(true);
  });
});

describe("[E] the Job of a task that runs", () => {
  it("shows another time limit and is given back its own, shorter or longer, in place; what queues change is nothing", async () => {
    const stack = stacks.make(
      "task",
      `new JobRun("run", { ...small, name: "timed", maxExecutionTime: 3000, wait: { until: "running" }, command: sh("sleep 3600") });`,
    );
    await upOk(stack);
    const [before] = await podsOf("timed");
    for (const seconds of [2_000, 4_000]) {
      await patch("job/timed", { spec: { activeDeadlineSeconds: seconds } });
      expect((await stack.refresh()).ok).toBe(true);
      expect((await stack.stored("run")).inputs["maxExecutionTime"]).toBe(seconds);
      expect(shown(await stack.preview({ diff: true }))).toContain(`~ maxExecutionTime: ${seconds.toString()} => 3000`);
      expect(changes(await upOk(stack))).toEqual({ update: 1 });
      const [job] = await objects(namespace, "jobs", "pulumi-jobrun/run=timed");
      expect(job?.spec["activeDeadlineSeconds"]).toBe(3_000);
      expect((await stack.preview({ refresh: true, expectNoChanges: true })).ok).toBe(true);
    }
    expect(await podsOf("timed")).toEqual([before]);

    await patch("job/timed", { spec: { suspend: true } });
    await until(async () => (await podsOf("timed")).length === 0);
    expect((await stack.preview({ refresh: true, expectNoChanges: true })).ok).toBe(true);
    await patch("job/timed", { spec: { suspend: false } });
  });
});
