import { annotation, label } from "../../../../provider/core/kube/labels";
import type { KubeJob } from "../../../../provider/core/kube/types";
import { readRecord } from "../../../../provider/core/manifest/record";
import { jobRunHooks } from "../../../../provider/resources/jobRun";
import { FakeCluster } from "../../resources/fakeCluster";
import { clustersOf, endWhenFollowed, hookContext, putPod, runInputs } from "../../resources/support";
import { ended } from "../../support/cluster";
import { jobrun, makeJob, makeRun } from "./support";

let cluster: FakeCluster;
beforeEach(() => (cluster = new FakeCluster()));

const changes = (): string[] => cluster.calls.filter((made) => !/^(get|list|log|follow|close|dryRun) /.test(made));
const specOf = (run: string) => readRecord(cluster.object("ConfigMap", `${run}.jobrun`)).spec;

describe("submit", () => {
  test("[U] starts a run of a job with what the options say, in Code Engine's words", async () => {
    await makeJob(cluster, { env: [{ name: "A", value: "job" }] });
    const line =
      "submit --job report --name r --array-indexes 2,4-5 --array-size-variable-override 9 --maxexecutiontime 60 --retrylimit 0 " +
      "--cpu 500m --memory 1G --ephemeral-storage 200M --command sh --argument=-c --argument x -e A=B=C " +
      "--env-from-secret keys --env-from-configmap P_=all --env-from-secret s:ONE,TWO=K --mount-secret /s=s --mount-data-store /d=disk:sub";
    expect(await jobrun(cluster, line)).toEqual({
      ...{ code: 0, err: "" },
      out: "Submitting job run 'r'...\n`npx jobrun get r --namespace jobs` shows how far it is.\nOK\n",
    });
    expect(specOf("r")).toMatchObject({
      ...{
        job: "report",
        image: "app:1",
        arrayIndices: "2,4-5",
        arraySizeVariable: 9,
        maxExecutionTime: 60,
        retryLimit: 0,
      },
      ...{ cpu: "500m", memory: "1G", ephemeralStorage: "200M", command: ["sh"], args: ["-c", "x"] },
      env: [
        { name: "A", value: "B=C" },
        { name: "ONE", valueFrom: { secretKeyRef: { name: "s", key: "ONE" } } },
        { name: "TWO", valueFrom: { secretKeyRef: { name: "s", key: "K" } } },
      ],
      envFrom: [{ prefix: "P_", configMapRef: { name: "all" } }, { secretRef: { name: "keys" } }],
      mounts: [
        { mountPath: "/s", secret: "s" },
        { mountPath: "/d", persistentVolumeClaim: "disk", subPath: "sub" },
      ],
    });
    expect(cluster.names).toEqual(expect.arrayContaining(["Job r-2", "Job r-4", "Job r-5"]));
  });

  test("[U] names a run after its job, and makes a stand-alone one of an image", async () => {
    await makeJob(cluster);
    const { out } = await jobrun(cluster, "submit --job report -o name");
    expect(out).toMatch(/^report-jobrun-[0-9a-z]{5}\n$/);
    expect(cluster.names).toContain(`Job ${out.trim()}`);
    expect((await jobrun(cluster, "submit --name alone --image app:2 --mode daemon -o json")).code).toBe(0);
    expect(specOf("alone")).toMatchObject({ image: "app:2", mode: "daemon" });
  });

  test("[U] cuts the name of a long job to what a run's may be", async () => {
    const job = "j".repeat(63);
    await makeJob(cluster, { name: job });
    expect((await jobrun(cluster, `submit --job ${job} -o name`)).out.trim()).toHaveLength(53);
  });

  test.each([
    ["submit", "`submit` must have --job, or --name and --image"],
    ["submit --image app:1", "`submit` must have --job, or --name and --image"],
    ["submit --name r", "--image must be given: a run without `job` is stand-alone and needs an image"],
    ["submit --name R --image app:1", "--name must"],
    ["submit --job report --image app:1", "--image must not be given together with `job`"],
    ["submit --name r --image app:1 --cpu lots", "--cpu must"],
    ["submit --name r --image app:1 --mode dæmon", "--mode must"],
    ["submit --name r --image app:1 --array-size 3 --array-indices 1", "--array-size"],
    ["submit --name r --image app:1 --env JOB_INDEX=1", "--env: env[0].name must"],
    [
      "submit --name r --image app:1 --mount-secret rel=s",
      "--mount-secret or --mount-data-store: mounts[0].mountPath must",
    ],
    ["submit --name r --image app:1 --mode daemon --retrylimit 1", "--retrylimit must not be given"],
    ["submit --name r --image app:1 --env A", '--env must be NAME=VALUE, got "A"'],
    ["submit --name r --image app:1 --env-from-secret a:b:c", "--env-from-secret must be NAME, PREFIX=NAME"],
    ["submit --name r --image app:1 --wait-timeout soon", "--wait-timeout must be a time"],
  ])("[U] %s is refused before anything is asked of the cluster", async (line, fault) => {
    const { code, out, err } = await jobrun(cluster, line);
    expect({ code, out }).toEqual({ code: 64, out: "" });
    expect(err).toContain(fault);
    expect(cluster.calls).toEqual([]);
  });

  test("[U] tells what only the job shows, in the words of the options, and makes nothing", async () => {
    await makeJob(cluster, { mode: "daemon" });
    cluster.calls.length = 0;
    for (const [line, fault] of [
      ["submit --job report --retrylimit 1", "--retrylimit must not be given"],
      [
        "submit --job nobodys",
        '--job must be the name of a job in namespace jobs of the cluster https://cluster.test, got "nobodys"',
      ],
    ] as const) {
      const { code, err } = await jobrun(cluster, line);
      expect(code).toBe(1);
      expect(err).toContain(`jobrun: ${fault}`);
    }
    expect(changes()).toEqual([]);
  });

  test("[U] does not touch a run of that name, whoever made it, and says who that is", async () => {
    await makeRun(cluster, { name: "stacks" });
    expect((await jobrun(cluster, "submit --name mine --image app:1")).code).toBe(0);
    cluster.calls.length = 0;
    for (const [name, owner] of [
      ["stacks", 'resource "nightly" of stack dev of project shop'],
      ["mine", "the command line (`jobrun submit`)"],
    ] as const) {
      const { code, err } = await jobrun(cluster, `submit --name ${name} --image app:2`);
      expect(code).toBe(1);
      expect(err).toContain(
        `job run "${name}" cannot be created: ConfigMap jobs/${name}.jobrun exists and belongs to ${owner}`,
      );
    }
    expect(changes()).toEqual(["create ConfigMap stacks.jobrun", "create ConfigMap mine.jobrun"]);
  });

  test("[U] makes no run that a stack takes for its own", async () => {
    await jobrun(cluster, "submit --name nightly --image app:1");
    const created = jobRunHooks(clustersOf(cluster)).create(hookContext(), runInputs());
    await expect(created).rejects.toThrow(
      "exists and belongs to the command line (`jobrun submit`); choose another name",
    );
    expect(cluster.names).toContain("Job nightly");
  });

  test("[U] takes back what cannot be started as a whole, and says why", async () => {
    cluster.refuse("create Job r-3", 403, "Forbidden");
    const { code, err } = await jobrun(cluster, "submit --name r --image app:1 --array-indices 1,3");
    expect(code).toBe(1);
    expect(err).toContain("cannot create Job r-3: 403 Forbidden - no; what had been created of it was removed again");
    expect(cluster.names).toEqual([]);
  });

  test("[U] takes back what Ctrl-C interrupts", async () => {
    const controller = new AbortController();
    cluster.at("create Job r-1", () => controller.abort());
    const { code, err } = await jobrun(cluster, "submit --name r --image app:1 --array-indices 1,3-40", controller);
    expect(code).toBe(1);
    expect(err).toContain("interrupted");
    expect(cluster.names).toEqual([]);
  });

  test("[U] with --wait waits for the end, records it, and lets Kubernetes remove the pods a week later", async () => {
    endWhenFollowed(cluster, { success: true, name: "r" });
    const { code, out } = await jobrun(cluster, "submit --name r --image app:1 --wait");
    expect({ code, out }).toEqual({
      code: 0,
      out: "Submitting job run 'r'...\nJobRun \"r\" completed: 1/1 succeeded\n",
    });
    expect(readRecord(cluster.object("ConfigMap", "r.jobrun")).result?.status).toBe("completed");
    expect(cluster.object<KubeJob>("Job", "r").spec?.ttlSecondsAfterFinished).toBe(604_800);
  });

  test("[U] with --wait says by its exit code that the run failed, or is not ready in time", async () => {
    const late = await jobrun(cluster, "submit --name late --image app:1 --wait --wait-timeout 0");
    expect({ ...late, err: "" }).toMatchObject({
      code: 2,
      out: expect.stringContaining("is not ready in time, and goes on"),
    });
    endWhenFollowed(cluster, { success: false, name: "r" });
    expect(await jobrun(cluster, "submit --name r --image app:1 --wait -o json")).toMatchObject({
      code: 1,
      out: expect.stringContaining('"outcome": "failed"'),
    });
  });

  test("[U] lacking a right makes nothing, and names the rule", async () => {
    cluster.lacks.add("create jobs");
    const { code, err } = await jobrun(cluster, "submit --name r --image app:1");
    expect(code).toBe(1);
    expect(err).toContain('- {apiGroups: ["batch"], resources: ["jobs"], verbs: ["create"]}');
    expect(changes()).toEqual([]);
  });
});

describe("wait", () => {
  test("[U] records nothing of a run that a stack declares", async () => {
    await makeRun(cluster);
    endWhenFollowed(cluster, { success: true });
    cluster.calls.length = 0;
    expect((await jobrun(cluster, "wait nightly")).code).toBe(0);
    expect(changes()).toEqual([]);
  });
});

describe("delete", () => {
  const stacks = "A stack that declares any of these still has it in its state";

  test("[U] asks first, says whose the run is, and leaves nothing of it", async () => {
    await makeRun(cluster);
    putPod(cluster, 0, { state: ended(0) });
    expect(await jobrun(cluster, "delete nightly", { says: false })).toEqual({
      ...{ code: 1, out: "" },
      err: expect.stringMatching(
        /^job run 'nightly', of resource "nightly" of stack dev of project shop\nA stack that .*\nDelete job run 'nightly' in namespace jobs\?\nnothing was deleted\n$/,
      ),
    });
    expect(cluster.names).toContain("Job nightly");
    expect(await jobrun(cluster, "delete nightly", { says: true })).toMatchObject({
      ...{ code: 0, out: "Deleting job run 'nightly'...\nOK\n" },
    });
    expect(cluster.names).toEqual([]);
  });

  test.each(["delete nightly", "job delete report"])("[U] %s refuses where nobody can be asked", async (line) => {
    await makeJob(cluster);
    await makeRun(cluster);
    cluster.calls.length = 0;
    const { code, err } = await jobrun(cluster, line);
    expect(code).toBe(64);
    expect(err).toContain("is not deleted: there is no terminal to ask at; --force deletes without asking");
    expect(changes()).toEqual([]);
  });

  test("[U] of a run of the command line warns of no stack; Code Engine's way to name it is understood", async () => {
    await jobrun(cluster, "submit --name r --image app:1");
    const { code, out, err } = await jobrun(cluster, "delete --name r -f");
    expect({ code, out }).toEqual({ code: 0, out: "Deleting job run 'r'...\nOK\n" });
    expect(err).toBe("job run 'r', of the command line (`jobrun submit`)\n");
    expect(err).not.toContain(stacks);
    expect(cluster.names).toEqual([]);
  });

  test("[U] removes a run whose record somebody has spoilt", async () => {
    await makeRun(cluster);
    const record = cluster.object("ConfigMap", "nightly.jobrun");
    cluster.put({ ...record, ...{ data: { "spec.json": "{" } } });
    expect((await jobrun(cluster, "delete nightly -f")).code).toBe(0);
    expect(cluster.names).toEqual([]);
  });

  test.each(["delete nobodys -f", "job delete nobodys -f"])("[U] %s says that there is none", async (line) => {
    const { code, err } = await jobrun(cluster, line);
    expect(code).toBe(1);
    expect(err).toContain('got "nobodys", and there is none');
  });

  test("[U] of a job takes its runs along and names them all, or keeps them", async () => {
    const scene = async (): Promise<void> => {
      await makeJob(cluster);
      await jobRunHooks(clustersOf(cluster)).create(hookContext(), {
        name: "a",
        job: "report",
        wait: { until: "nothing" },
      });
      await jobrun(cluster, "submit --job report --name b");
    };
    await scene();
    const all = await jobrun(cluster, "job delete report -f");
    expect(all).toMatchObject({ code: 0, out: "Deleting job 'report'...\nOK\n" });
    expect(all.err).toContain(
      "job 'report', of resource \"report\" of stack dev of project shop\n" +
        "  its run 'a', of resource \"nightly\" of stack dev of project shop\n" +
        "  its run 'b', of the command line (`jobrun submit`)\n" +
        stacks,
    );
    expect(cluster.names).toEqual([]);
    await scene();
    const kept = await jobrun(cluster, "job delete --name report -f --orphan-job-runs");
    expect(kept.err).not.toContain("its run");
    cluster.collectGarbage();
    expect(cluster.names).toEqual(
      expect.arrayContaining(["ConfigMap a.jobrun", "Job a", "ConfigMap b.jobrun", "Job b"]),
    );
    expect(cluster.names).not.toContain("ConfigMap report.job");
  });

  test("[U] leaves a run with the labels of every run, and the mark of the command line", async () => {
    await jobrun(cluster, "submit --name r --image app:1");
    const { labels, annotations } = cluster.object("ConfigMap", "r.jobrun").metadata;
    expect(labels).toMatchObject({ [label.kind]: "run", [label.run]: "r" });
    expect(annotations).toMatchObject({ [annotation.project]: "the command line", [annotation.resource]: "r" });
  });
});

describe("without a right", () => {
  test.each([
    ["submit --name r --image app:1", "create ConfigMap"],
    ["resubmit nightly --as again", "create ConfigMap"],
    ["resubmit nightly --as again", "get ConfigMap nightly.jobrun"],
    ["delete nightly -f", "deleteAll Job"],
    ["delete nightly -f", "deleteAll Pod"],
    ["job delete report -f", "list ConfigMap"],
    ["job delete report -f", "delete ConfigMap report.job"],
    ["restart nightly", "patch Deployment"],
    ["settle nightly", "list Pod"],
    ["logs -f nightly", "get ConfigMap nightly.jobrun"],
    ["list --orphans", "list ConfigMap"],
    ["watch", "list ConfigMap"],
  ])("[U] %s fails when it may not %s, and says so in one sentence", async (line, call) => {
    await makeJob(cluster);
    await makeRun(cluster, { mode: "daemon" });
    cluster.refuse(call, 403, "Forbidden");
    const { code, err } = await jobrun(cluster, line);
    expect(code).toBe(1);
    expect(err.split("\n").filter((told) => told.startsWith("jobrun: "))).toEqual([
      expect.stringMatching(/^jobrun: cannot .*: 403 Forbidden - no/),
    ]);
  });
});
