import type { ConfigMap, Secret } from "../../../provider/core/kube/types";
import { readDefinition } from "../../../provider/core/manifest/definition";
import type { JobInputs } from "../../../provider/core/spec/types";
import type { State } from "../../../provider/resources/contract";
import { jobHooks } from "../../../provider/resources/job";
import { jobRunHooks } from "../../../provider/resources/jobRun";
import { FakeCluster } from "./fakeCluster";
import { clustersOf, hookContext, runInputs } from "./support";

let cluster: FakeCluster;
beforeEach(() => {
  cluster = new FakeCluster();
});

const hooks = () => jobHooks(clustersOf(cluster));
const jobInputs = (said: Partial<JobInputs> = {}): JobInputs => ({ name: "report", image: "app:1", ...said });
const secret = { name: "TOKEN", value: "S3CRET", secret: true } as const;
const create = (said?: Partial<JobInputs>) => hooks().create(hookContext({ name: "report" }), jobInputs(said));
const update = (state: State<JobInputs>, said?: Partial<JobInputs>) =>
  hooks().update(hookContext({ name: "report" }), state, jobInputs(said));
const definition = (): ConfigMap => cluster.object<ConfigMap>("ConfigMap", "report.job");
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const markDeleted = (): unknown =>
  cluster.put({ ...definition(), metadata: { ...definition().metadata, deletionTimestamp: "2026-01-05T12:00:00Z" } });
const startRun = () =>
  jobRunHooks(clustersOf(cluster)).create(
    hookContext({ name: "tonight" }),
    runInputs({ name: "tonight", job: "report", wait: { until: "nothing" }, image: undefined } as never),
  );

/** What somebody writes into the definition by hand. */
const rewrite = (text: string): unknown => cluster.put({ ...definition(), ...{ data: { "spec.json": text } } });

test("[U] a read of an unchanged definition changes nothing", async () => {
  const { state } = await create({ cpu: "1000m", arraySize: 2, env: [secret] });
  expect(await hooks().read(hookContext(), state)).toEqual(state);
});

test("[U] a read shows live values for what differs, and for that only", async () => {
  const { state } = await create({ cpu: "1000m", retryLimit: 1 });
  const spec = { ...readDefinition(definition()), retryLimit: 5 };
  cluster.put({ ...definition(), ...{ data: { "spec.json": JSON.stringify(spec) } } });
  const found = await hooks().read(hookContext(), state);
  expect(found?.hidden.inputs).toEqual({ ...state.hidden.inputs, retryLimit: 5 });
  expect(found?.outputs["retryLimit"]).toBe(5);
  expect(await hooks().diff(hookContext(), found ?? state, jobInputs({ cpu: "1000m", retryLimit: 1 }))).toMatchObject({
    changes: true,
    replaces: [],
  });
});

const readInputs = async (said?: Partial<JobInputs>, context = hookContext()) => {
  const { state } = await create(said);
  return async (meanwhile: () => unknown) => {
    meanwhile();
    return (await hooks().read(context, state))?.hidden.inputs;
  };
};
const without = (key: string): string =>
  JSON.stringify(readDefinition(definition()), (name, value: unknown) => (name === key ? undefined : value));

test("[U] a read shows a field as missing that somebody took out of the definition", async () => {
  const read = await readInputs({ command: ["run"], retryLimit: 1 });
  expect(await read(() => rewrite(without("command")))).toEqual(jobInputs({ retryLimit: 1 }));
});

test("[U] a read takes a field that was taken out for its default, and that is no difference", async () => {
  const read = await readInputs();
  expect(await read(() => rewrite(without("retryLimit")))).toEqual(jobInputs());
});

test("[U] a read shows other indices in place of the size that was given", async () => {
  const read = await readInputs({ arraySize: 3 });
  const spec = { ...readDefinition(definition()), arrayIndices: "0-4" };
  expect(await read(() => rewrite(JSON.stringify(spec)))).toEqual(jobInputs({ arrayIndices: "0-4" }));
});

test.each([
  ["gone", () => cluster.drop("Secret", "report.job")],
  ["another one", () => cluster.put({ ...cluster.object("Secret", "report.job"), ...{ data: { TOKEN: "eA==" } } })],
])("[U] a read shows a secret value that is %s as missing, and an update puts it right", async (_title, meanwhile) => {
  const { state } = await create({ env: [{ name: "PLAIN", value: "x" }, secret] });
  meanwhile();
  const context = hookContext();
  const found = await hooks().read(context, state);
  expect(context.warnings).toEqual([
    "somebody has changed the secret values of TOKEN in Secret jobs/report.job, and `pulumi up` will write them anew",
  ]);
  expect(found?.hidden.inputs.env).toEqual([{ name: "PLAIN", value: "x" }, { name: "TOKEN" }]);
  const inputs = { env: [{ name: "PLAIN", value: "x" }, secret] };
  expect((await hooks().diff(hookContext(), found ?? state, jobInputs(inputs))).changes).toBe(true);
  await update(found ?? state, inputs);
  expect(cluster.object<Secret>("Secret", "report.job").data).toEqual({ TOKEN: base64("S3CRET") });
});

test("[U] a read by somebody who may not read Secrets takes the secret values to be right", async () => {
  const { state } = await create({ env: [secret] });
  cluster.refuse("get Secret", 403, "Forbidden");
  expect(await hooks().read(hookContext(), state)).toEqual(state);
});

test.each([
  ["no JSON", "{ retryLimit: 1"],
  ["no object", "[]"],
  ["JSON of something else", '{ "arrayIndices": "5-1" }'],
])("[U] a read warns of a definition that is %s, and an update writes it anew", async (_title, text) => {
  const { state } = await create({ retryLimit: 1 });
  rewrite(text);
  const context = hookContext();
  const found = await hooks().read(context, state);
  expect(context.warnings).toEqual([
    expect.stringMatching(/^somebody has changed the definition, and `pulumi up` will write it anew: /),
  ]);
  expect(found?.hidden.inputs.image).toBeUndefined();
  await update(found ?? state, { retryLimit: 1 });
  expect(readDefinition(definition())).toMatchObject({ image: "app:1", retryLimit: 1 });
});

test("[U] a run of a job whose definition is no JSON names the ConfigMap", async () => {
  await create();
  rewrite("rubbish");
  await expect(startRun()).rejects.toThrow(
    'key spec.json of ConfigMap jobs/report.job must be a JSON object, which the definition of a job is kept as, got "rubbish"',
  );
});

test("[U] a run of a job whose definition has become invalid names the ConfigMap and every fault", async () => {
  await create();
  rewrite(JSON.stringify({ ...readDefinition(definition()), retryLimit: "four", cpu: "lots" }));
  await expect(startRun()).rejects.toThrow(
    /^ConfigMap jobs\/report.job is no valid definition of a job, since somebody changed it by hand; `pulumi up --refresh` for the job writes it anew:\n {2}retryLimit must be [^]*\n {2}cpu must be /,
  );
  expect(cluster.names).toEqual(["ConfigMap report.job"]);
});

test("[U] a job whose definition is no JSON can be deleted", async () => {
  const { state } = await create();
  rewrite("rubbish");
  await hooks().delete(hookContext(), state);
  expect(cluster.names).toEqual([]);
});

test.each([
  ["gone", () => cluster.drop("ConfigMap", "report.job")],
  ["another one", () => cluster.put({ ...definition(), metadata: { name: "report.job", uid: "newer" } })],
  ["being deleted", markDeleted],
])("[U] a read of a definition that is %s says that it is gone", async (_title, meanwhile) => {
  const { state } = await create();
  meanwhile();
  expect(await hooks().read(hookContext(), state)).toBeUndefined();
});
