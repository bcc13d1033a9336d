import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { pulumiPath } from "../cluster/pulumi.ts";
import { GitOpsRepository } from "../support/gitops";
import { kubectl, leftovers, makeNamespace, objects, removeNamespace, until } from "../support/kubectl";
import { descendants } from "../support/processes";

jest.setTimeout(300_000);

const namespace = "e2e-gitops";
let repository: GitOpsRepository;

beforeAll(async () => {
  await makeNamespace(namespace);
  repository = new GitOpsRepository(await pulumiPath("pulumi-language-yaml"));
  await repository.setUp(namespace);
});
afterAll(async () => {
  await repository.remove();
  await removeNamespace(namespace);
});

/** Last line of an apply before the hook's own. */
const summary = (log: string): unknown => JSON.parse(log.trimEnd().split("\n").at(-2) ?? "");

const migrations = async (): Promise<(string | undefined)[]> =>
  (await objects(namespace, "jobs")).map(({ metadata }) => metadata.uid);

const daemons = async (): Promise<string[]> =>
  (await objects(namespace, "deployments")).map(({ metadata }) => metadata.name);

describe("[E] the pipeline of a repository", () => {
  it("previews a branch: it tells what would be created, and creates nothing", async () => {
    const { log, exitCode } = await repository.push("first");
    expect(log).toContain("\npipeline: would create migration, worker\n");
    expect(exitCode).toBe(0);
    expect(await leftovers(namespace)).toEqual([]);
  });

  it("applies main, shows progress, and ends with a summary for machines", async () => {
    const { log, exitCode } = await repository.push("main");
    expect(log).toMatch(/migration.* [01]\/1 succeeded/);
    expect(summary(log)).toMatchObject({ result: "succeeded", resourceChanges: { create: 3 } });
    expect(exitCode).toBe(0);
    expect(await migrations()).toHaveLength(1);
    expect(await daemons()).toEqual(["worker-0"]);
  });

  it("fails the preview of a faulty change, naming the field", async () => {
    await repository.commit({ "cpu: 50m": "cpu: fifty" });
    const { log, exitCode } = await repository.push("faulty");
    expect(log).toMatch(/'migration': property cpu .* must be a Kubernetes quantity/);
    expect(log).not.toContain("pipeline: would");
    expect(exitCode).toBe(1);
    await repository.dropCommit();
  });

  it("fails when a run fails, with the reason in its log; nothing that depends on the run is made", async () => {
    const audit = "  audit:\n    type: jobrun:JobRun\n    options: { dependsOn: ['${migration}'] }\n    properties:";
    await repository.commit({
      "echo migrating to version 1; sleep 1": "echo no such table; exit 3",
      outputs: `${audit} { image: docker.io/library/busybox:1, command: ["true"] }\n\noutputs`,
    });
    const { log, exitCode } = await repository.push("main");
    expect(log).toMatch(/JobRun "migration" failed/);
    expect(log).toContain("ContainerExitedCode3");
    expect(log).toContain("no such table");
    expect(summary(log)).toMatchObject({ result: "failed" });
    expect(exitCode).toBe(1);
    expect(await migrations()).toHaveLength(1);
    expect((await repository.nightly()).exitCode).toBe(7);
    await repository.dropCommit();
  });
});

describe("[E] a pipeline whose CLI was killed", () => {
  /** Pushes to main, and kills the CLI as soon as another migration than the one that is there runs. */
  async function killedPush(): Promise<string | undefined> {
    const before = await migrations();
    const { child, ended } = await repository.startPush("main");
    const created = async (): Promise<string | undefined> => (await migrations()).find((uid) => !before.includes(uid));
    await until(async () => (await created()) !== undefined);
    const cli = descendants(child.pid ?? 0).find(({ command }) => command.includes("pulumi up"));
    process.kill(cli?.pid ?? 0, "SIGKILL");
    const uid = await created();
    await ended;
    const { log, exitCode } = await repository.ended("main");
    expect(summary(log)).toEqual({ result: "killed" });
    expect(exitCode).toBe(137);
    return uid;
  }

  it("is taken over by the next one, which waits for the run that goes on", async () => {
    await repository.commit({ "echo migrating to version 1; sleep 1": "echo migrating to version 2; sleep 15" });
    const uid = await killedPush();
    await repository.commit({});
    const { log, exitCode } = await repository.push("main");
    expect(log).toContain("has left its lock, which is taken away");
    expect(summary(log)).toMatchObject({ result: "succeeded" });
    expect(exitCode).toBe(0);
    expect(await migrations()).toEqual([uid]);
    expect((await repository.state()).pending_operations ?? []).toEqual([]);
  });

  it("is taken over with another migration: the one that goes on is removed first", async () => {
    const endless = "version 3; trap exit TERM; while true; do sleep 1; done";
    await repository.commit({ "version 2; sleep 15": endless });
    const uid = await killedPush();
    await repository.commit({ [endless]: "version 4" });
    expect((await repository.push("main")).exitCode).toBe(0);
    const after = await migrations();
    expect(after).toHaveLength(1);
    expect(after).not.toContain(uid);
  });
});

describe("[E] pipelines that meet", () => {
  it("come one after the other, and what is older is not applied after what is newer", async () => {
    await repository.commit({ "version 4": "version 5; sleep 8" });
    const first = await repository.startPush("main");
    await until(async () => repository.log("main", await repository.head()).includes("Updating"));
    const running = await repository.head();
    const older = await repository.commit({ "version 5; sleep 8": "version 6" });
    const second = await repository.startPush("main");
    await until(() => Promise.resolve(repository.log("main", older).includes("waits for the one that is running")));
    const newer = await repository.commit({ "version 6": "version 7" });
    const third = await repository.startPush("main");
    await Promise.all([first.ended, second.ended, third.ended]);
    const [a, b, c] = await Promise.all([running, older, newer].map((commit) => repository.ended("main", commit)));
    expect([a?.exitCode, b?.exitCode, c?.exitCode]).toEqual([0, 0, 0]);
    expect(b?.log).toContain("nothing done, a later push has moved main on");
    expect(summary(c?.log ?? "")).toMatchObject({ result: "succeeded", resourceChanges: { replace: 1 } });
  });

  it("go on when whoever pushed has left", async () => {
    const commit = await repository.commit({ "version 7": "version 8; sleep 4" });
    const { child, ended } = await repository.startPush("main");
    await until(() => Promise.resolve(repository.log("main", commit).includes("1 running")));
    process.kill(-(child.pid ?? 0), "SIGHUP");
    await ended;
    await until(() => Promise.resolve(repository.log("main", commit).includes("ended with exit code")));
    const { log, exitCode } = await repository.ended("main", commit);
    expect(summary(log)).toMatchObject({ result: "succeeded" });
    expect(exitCode).toBe(0);
  });
});

describe("[E] the nightly", () => {
  it("exits with 0 when the cluster is what main says", async () => {
    const { log, exitCode } = await repository.nightly();
    expect(log).toContain("pipeline: would change nothing");
    expect(exitCode).toBe(0);
  });

  it.each([
    ["edited", ["set", "env", "deployment/worker-0", "A=b"]],
    ["deleted", ["delete", "deployment/worker-0"]],
  ])("exits with 7 when somebody has %s something, every night, until main is applied again", async (_did, did) => {
    await kubectl("--namespace", namespace, ...did);
    for (const night of [await repository.nightly(), await repository.nightly()]) {
      expect(night.log).toContain("pipeline: would update worker\n");
      expect(night.exitCode).toBe(7);
    }
    await repository.commit({});
    expect((await repository.push("main")).exitCode).toBe(0);
    expect(await daemons()).toEqual(["worker-0"]);
  });
});
