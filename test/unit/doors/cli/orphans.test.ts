import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jobRunHooks } from "../../../../provider/resources/jobRun";
import { FakeCluster } from "../../resources/fakeCluster";
import { clustersOf, hookContext } from "../../resources/support";
import { jobrun, makeJob, makeRun } from "./support";

let cluster: FakeCluster;
let folder: string;
beforeEach(async () => {
  cluster = new FakeCluster();
  folder = mkdtempSync(join(tmpdir(), "orphans-"));
  await makeJob(cluster);
  await makeRun(cluster, { name: "kept" });
  await jobRunHooks(clustersOf(cluster)).create(hookContext(), {
    name: "of-job",
    job: "report",
    wait: { until: "nothing" },
  });
  await jobrun(cluster, "submit --name by-hand --image app:1");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** An export of the stack in which these runs are. */
function exported(runs: readonly string[], said: { stack?: string; type?: string } = {}): string {
  const { stack = "dev", type = "pulumi-nodejs:dynamic/jobrun:JobRun" } = said;
  const urn = (of: string, name: string): string => `urn:pulumi:${stack}::shop::${of}::${name}`;
  const resources = [
    { urn: urn("pulumi:pulumi:Stack", "shop-dev"), type: "pulumi:pulumi:Stack" },
    ...runs.map((name) => ({
      ...{ urn: urn(type, name), type },
      outputs: { uid: cluster.object("ConfigMap", `${name}.jobrun`).metadata.uid },
    })),
  ];
  return write(JSON.stringify({ version: 3, deployment: { resources } }));
}

function write(text: string): string {
  const path = join(folder, "export.json");
  writeFileSync(path, text);
  return path;
}

const orphans = async (more = ""): Promise<Record<string, string>> => {
  const { out } = await jobrun(cluster, `list --orphans -o json ${more}`);
  const runs = JSON.parse(out) as { name: string; orphanReason: string }[];
  return Object.fromEntries(runs.map(({ name, orphanReason }) => [name, orphanReason]));
};

test("[U] without an export, only what the cluster itself tells is an orphan", async () => {
  expect(await orphans()).toEqual({ "by-hand": "submitted from the command line" });
  cluster.drop("ConfigMap", "report.job");
  expect(await orphans()).toEqual({ "by-hand": expect.anything(), "of-job": 'its job "report" has gone' });
  const { out } = await jobrun(cluster, "list --orphans --no-color");
  expect(out).toMatch(/^Name .* Age +Reason$/m);
  expect(out).toMatch(/^of-job .* its job "report" has gone$/m);
});

test.each(["pulumi-nodejs:dynamic/jobrun:JobRun", "jobrun:index:JobRun"])(
  "[U] with an export, what the stack has lost is one, and what it has is none (%s)",
  async (type) => {
    cluster.drop("ConfigMap", "report.job");
    expect(await orphans(`--stack-file ${exported(["of-job"], { type })}`)).toEqual({
      "by-hand": expect.anything(),
      kept: "stack dev of project shop does not have it any more",
    });
  },
);

test("[U] the export of another stack says nothing of a run", async () => {
  expect(await orphans(`--stack-file ${exported([], { stack: "prod" })}`)).toEqual({ "by-hand": expect.anything() });
});

test.each([
  ["{", "must be what `pulumi stack export` prints"],
  ["{}", "must be what `pulumi stack export` prints"],
  ['{"deployment":{"resources":null}}', "does not say which stack it is of"],
  [
    '{"deployment":{"resources":[{"urn":"urn:pulumi:dev::shop::a:b:JobRun::x","type":"a:b:JobRun"}]}}',
    "does not tell the output `uid` of urn:pulumi:dev::shop::a:b:JobRun::x",
  ],
])("[U] from %s nothing is concluded", async (text, fault) => {
  expect(await jobrun(cluster, `list --orphans --stack-file ${write(text)}`)).toMatchObject({
    ...{ code: 64, out: "" },
    err: expect.stringContaining(fault),
  });
});

test("[U] an export is for orphans alone", async () => {
  expect((await jobrun(cluster, "list --stack-file x")).code).toBe(64);
});
