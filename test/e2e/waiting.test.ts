import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { setTimeout as delay } from "node:timers/promises";
import { openCluster } from "../../provider/cluster/client";
import { until } from "../support/kubectl";
import { type OwnCluster, ownCluster } from "../support/ownCluster";
import { type Ended, plain, TestStack } from "../support/stack";

jest.setTimeout(300_000);

const namespace = "e2e-waiting";
const stacks: TestStack[] = [];
let cluster: OwnCluster;

beforeAll(async () => {
  cluster = await ownCluster("watch");
  await cluster.kubectl("create", "namespace", namespace);
});
afterAll(async () => {
  for (const stack of stacks) await stack.close();
  await cluster.close();
});

/** A stack in the cluster that this file may break, by way of the proxy. */
async function makeStack(name: string, program: string): Promise<TestStack> {
  const stack = new TestStack(name, namespace);
  stacks.push(stack);
  stack.write(program);
  await stack.configure("jobrun:kubeconfig", cluster.proxied);
  await stack.configure("jobrun:context", cluster.context);
  return stack;
}

const namesOf = async (...query: string[]): Promise<string[]> =>
  (await cluster.kubectl("get", "--namespace", namespace, "--output", "name", ...query)).split("\n").filter(Boolean);

const RUNS = 20;

describe("[E] runs that are waited for", () => {
  it("come to the right verdicts, each once, although the API server is killed, forgets its history, and then every connection is cut again and again", async () => {
    const stack = await makeStack(
      "faults",
      `for (let i = 0; i < ${RUNS}; i++)
         new JobRun("run-" + i, { ...small, retryLimit: 0, command: sh("sleep " + (30 + i) + "; exit " + (i % 4 === 3 ? 3 : 0)) });`,
    );
    const ended = stack.up({ parallel: 64, continueOnError: true });
    await until(async () => (await namesOf("jobs")).length === RUNS);
    await until(async () => (await namesOf("pods")).length === RUNS);
    const killed = Date.now();
    await cluster.restartWithoutHistory();
    const restarted = Date.now();
    let broken = 0;
    const cutLater = async (): Promise<undefined> => {
      await delay(500 + Math.random() * 2_000);
      broken += cluster.proxy.cut();
      return undefined;
    };
    let up: Ended | undefined;
    while (up === undefined) up = await Promise.race([ended, cutLater()]);
    const { ok, output } = up;
    const seconds = [restarted - killed, Date.now() - restarted].map((ms) => (ms / 1_000).toFixed(1));
    console.log(`API server away for ${seconds[0]} s, then ${broken} connections cut in ${seconds[1]} s`);
    expect(broken).toBeGreaterThan(0);

    expect(ok).toBe(false);
    const runs = await stack.resources();
    const verdicts = Object.fromEntries(
      runs.map(({ urn, outputs }) => [
        Number(/\d+$/.exec(urn)),
        `${String(outputs["status"])} ${reasonOf(outputs)}`.trim(),
      ]),
    );
    const expected = Array.from({ length: RUNS }, (_, i) => [
      i,
      i % 4 === 3 ? "failed ContainerExitedCode3" : "completed",
    ]);
    expect(verdicts).toEqual(Object.fromEntries(expected));
    expect(plain(output).match(/index 0: ContainerExitedCode3/g)?.length).toBeGreaterThanOrEqual(RUNS / 4);
    const uids = await cluster.kubectl(
      "get",
      "jobs",
      "-n",
      namespace,
      "-o",
      String.raw`jsonpath={.items[*].metadata.labels.pulumi-jobrun/run-uid}`,
    );
    expect(uids.split(" ").toSorted()).toEqual(runs.map(({ outputs }) => outputs["uid"]).toSorted());
  });

  it("are waited for no more when somebody deletes their Jobs; the next `up` starts again what was deleted, and nothing else", async () => {
    const stack = await makeStack(
      "deleted",
      `const common = { ...small, terminationGracePeriodSeconds: 1 };
       new JobRun("one", { ...common, name: "one", command: sh("sleep 20") });
       new JobRun("sparse", { ...common, name: "sparse", arrayIndices: "2,5", command: sh("test $JOB_INDEX = 2 || sleep 20") });`,
    );
    const first = stack.up({ continueOnError: true });
    await until(async () => (await namesOf("pods", "--field-selector", "status.phase=Running")).length >= 2);
    await cluster.kubectl("delete", "job", "one", "sparse-5", "--namespace", namespace, "--wait=false");
    const output = plain((await first).output);
    const again = "was deleted before it had ended; the next `pulumi up` starts it again";
    expect(output).toContain(`JobRun "one" failed: its Job ${again}`);
    expect(output).toContain(`JobRun "sparse" failed: its Job of index 5 ${again}`);

    const [kept] = await namesOf("pods", "--selector", "pulumi-jobrun/index=2");
    const second = plain((await stack.up({ continueOnError: true })).output);
    expect(second).not.toMatch(/error/i);
    for (const run of ["one", "sparse"])
      expect((await stack.stored(run)).outputs).toMatchObject({ status: "completed", attempt: 1 });
    expect(await namesOf("pods", "--selector", "pulumi-jobrun/index=2")).toEqual([kept]);
  });

  it("share one watch a kind, and leave none behind", async () => {
    const client = await openCluster({ kubeconfig: cluster.proxied });
    const task = { needed: "Job", helpful: ["Pod"], note: () => undefined } as const;
    const daemon = { needed: "Pod", helpful: ["Deployment", "Job"], note: () => undefined } as const;
    const feeds = Array.from({ length: 200 }, (_, i) =>
      client.follow(namespace, `run-${i}`, i % 2 === 0 ? task : daemon),
    );
    await Promise.all(feeds.map((feed) => feed.ready(new AbortController().signal)));
    await until(async () => (await openWatches()).length === 3);
    await delay(1_000);
    expect(await openWatches()).toEqual(["deployments 1", "jobs 1", "pods 1"]);
    for (const feed of feeds) feed.close();
    await until(async () => (await openWatches()).length === 0);
  });
});

function reasonOf(outputs: Readonly<Record<string, unknown>>): string {
  const { indices } = outputs["statusDetails"] as { indices: Record<string, { lastFailureReason?: string }> };
  return indices["0"]?.lastFailureReason ?? "";
}

/** Watches of namespaces' workloads, as the API server counts them; its own controllers watch all namespaces. */
async function openWatches(): Promise<string[]> {
  const metrics = await cluster.kubectl("get", "--raw", "/metrics");
  return metrics
    .split("\n")
    .flatMap((line) => {
      const isOurs =
        line.startsWith("apiserver_longrunning_requests{") &&
        /verb="WATCH"/.test(line) &&
        /scope="namespace"/.test(line);
      const [, resource = "", count = "0"] = /resource="(jobs|deployments|pods)".* (\d+)$/.exec(line) ?? [];
      return isOurs && Number(count) > 0 ? [`${resource} ${count}`] : [];
    })
    .toSorted();
}
