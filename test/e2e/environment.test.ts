import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { kubectl, objects } from "../support/kubectl";
import { plain } from "../support/stack";
import { stacksIn } from "../support/stacks";

jest.setTimeout(300_000);

const namespace = "e2e-environment";
const stacks = stacksIn(namespace);

type Variables = Readonly<Record<string, string>>;

/** The variables of every instance that the runs have had, by run and in the order of their HOSTNAME; arguments as the variable ARGS. */
const instances = new Map<string, readonly Variables[]>();

const instancesOf = (run: string): readonly Variables[] => instances.get(run) ?? [];

/** The variables of a run's only instance. */
function onlyInstanceOf(run: string): Variables {
  const [instance = {}, ...others] = instancesOf(run);
  expect(others).toEqual([]);
  return instance;
}

async function readInstances(run: string): Promise<void> {
  const pods = await objects(namespace, "pods", `pulumi-jobrun/run=${run}`);
  const logs = await Promise.all(pods.map(({ metadata }) => kubectl("logs", "--namespace", namespace, metadata.name)));
  const hostname = ({ HOSTNAME = "" }: Variables): string => HOSTNAME;
  const inOrder = logs.map(variablesIn).toSorted((a, b) => hostname(a).localeCompare(hostname(b)));
  instances.set(run, inOrder);
}

function variablesIn(log: string): Variables {
  const lines = [...log.matchAll(/^([^=\n]+)=(.*)$/gm)];
  return Object.fromEntries(lines.map(([, name = "", value = ""]) => [name, value]));
}

/** Only what the platform sets, with `JOB_COMPLETION_INDEX`, which Kubernetes adds to an Indexed Job. */
const ofThePlatform = (all: Variables): Variables =>
  Object.fromEntries(Object.entries(all).filter(([name]) => /^(JOB_|CE_|HOSTNAME$)/.test(name)));

const program = `
const show = { ...small, command: ["sh", "-c", 'env; echo "ARGS=$*"', "sh"] };
const fails = (index) => ["sh", "-c", 'env; [ "$JOB_INDEX" = ' + index + ' ] && [ "$JOB_INDEX_RETRY_COUNT" = 0 ] && exit 1; exit 0'];
const key = (name, key) => ({ configMapKeyRef: { name, key } });

new JobRun("sources", { ...show, name: "sources",
  env: [
    { name: "LITERAL_OVER_MAP", value: "literal" },
    { name: "KEY_OVER_MAP", valueFrom: key("one", "OTHER") },
    { name: "TWO_KEYS", valueFrom: key("one", "OTHER") },
    { name: "TWO_KEYS", valueFrom: key("two", "OTHER") },
    { name: "KEY_THEN_LITERAL", valueFrom: key("one", "OTHER") },
    { name: "KEY_THEN_LITERAL", value: "literal" },
    { name: "LITERAL_THEN_KEY", value: "literal" },
    { name: "LITERAL_THEN_KEY", valueFrom: key("two", "OTHER") },
    { name: "RENAMED_KEY", valueFrom: { secretKeyRef: { name: "three", key: "PASSWORD" } } },
    { name: "ABSENT_KEY", valueFrom: { configMapKeyRef: { name: "one", key: "ABSENT", optional: true } } },
    { name: "EMPTY", value: "" },
    { name: "NOTHING" },
    { name: "CPU", valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor: "1m" } } },
    { name: "NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
  ],
  envFrom: [
    { configMapRef: { name: "one" } },
    { configMapRef: { name: "two" } },
    { secretRef: { name: "three" } },
    { prefix: "P_", configMapRef: { name: "one" } },
    { configMapRef: { name: "absent", optional: true } },
  ] });

const base = new Job("base", { ...show, name: "base",
  env: [
    { name: "KEPT", value: "job" },
    { name: "REPLACED", value: "job" },
    { name: "TO_KEY", value: "job" },
    { name: "TO_LITERAL", valueFrom: key("one", "OTHER") },
    { name: "TO_SECRET", value: "job" },
    { name: "FROM_SECRET", value: pulumi.secret("job") },
    { name: "SECRET_KEPT", value: pulumi.secret("hunter2") },
    { name: "SHOWS_REPLACED", value: "<$(REPLACED)>" },
    { name: "JOB_LITERAL", value: "job" },
  ],
  envFrom: [{ configMapRef: { name: "one" } }] });
new JobRun("overridden", { job: base, name: "overridden",
  env: [
    { name: "REPLACED", value: "run" },
    { name: "TO_KEY", valueFrom: key("two", "OTHER") },
    { name: "TO_LITERAL", value: "run" },
    { name: "TO_SECRET", value: pulumi.secret("s3cret") },
    { name: "FROM_SECRET", value: "run" },
    { name: "ADDED", value: "$(KEPT)+run" },
  ],
  envFrom: [{ configMapRef: { name: "two" } }, { configMapRef: { name: "overriding" } }] });

const password = "a$$b-$(JOB_INDEX)";
new JobRun("expanded", { ...show, name: "expanded", envFrom: [{ configMapRef: { name: "one" } }],
  args: ["$(JOB_INDEX)/$(JOB_ARRAY_SIZE)", "$$(JOB_INDEX)", "$(NOBODY)", "$(PASSWORD)"],
  env: [
    { name: "EARLIER", value: "1" },
    ...Object.entries(VALUES).map(([name, value]) => ({ name, value })),
    { name: "PASSWORD", value: pulumi.secret(password) },
    { name: "WITH_PASSWORD", value: "user:$(PASSWORD)@db" },
    { name: "LATER", value: "2" },
  ] });

new JobRun("shards", { ...show, name: "shards", arraySize: 3,
  env: [{ name: "B", value: "x" }, { name: "SHARD", value: "$(B)-$(JOB_INDEX)" }],
  args: ["--shard=$(JOB_INDEX)/$(JOB_ARRAY_SIZE)"] });

const tried = new Job("tried", { ...small, name: "tried", arraySize: 3, retryLimit: 2, command: fails(1) });
new JobRun("contiguous", { job: tried, name: "contiguous", arraySizeVariable: 10 });
new JobRun("sparse", { ...small, name: "sparse", arrayIndices: "7,12-13", retryLimit: 1, command: fails(7) });
new JobRun("daemon", { ...small, name: "daemon", mode: "daemon", arrayIndices: "4,6", wait: { stableSeconds: 1 }, command: sh("env; exec sleep 3600") });
`;

/** Values with the syntax of Kubernetes' expansion, and what the container sees. */
const expansions: readonly (readonly [name: string, value: string, seen: string])[] = [
  ["AN_EARLIER_ONE", "<$(EARLIER)>", "<1>"],
  ["A_LATER_ONE", "<$(LATER)>", "<$(LATER)>"],
  ["NONE_AT_ALL", "<$(NOBODY)>", "<$(NOBODY)>"],
  ["OF_THE_PLATFORM", "$(JOB_INDEX) of $(JOB_ARRAY_SIZE) of $(CE_JOBRUN)", "0 of 1 of expanded"],
  ["HOST", "$(HOSTNAME)", "expanded-0-0"],
  ["OF_A_MAP", "<$(OTHER)>", "<one>"],
  ["ESCAPED", "$$(EARLIER)", "$(EARLIER)"],
  ["TWO_DOLLARS", "a$$b", "a$b"],
  ["ONE_DOLLAR", "5$ and $EARLIER", "5$ and $EARLIER"],
  ["UNFINISHED", "$(EARLIER", "$(EARLIER"],
];

beforeAll(async () => {
  await stacks.open();
  const make = (kind: string[], name: string, data: Variables): Promise<string> =>
    kubectl(
      ...["create", ...kind, name, "--namespace", namespace],
      ...Object.entries(data).map(([key, value]) => `--from-literal=${key}=${value}`),
    );
  const overridden = { LITERAL_OVER_MAP: "map", KEY_OVER_MAP: "map" };
  await Promise.all([
    make(["configmap"], "one", { ...overridden, ONLY: "one", OTHER: "one", LAST_WINS: "one", PASSWORD: "one" }),
    make(["configmap"], "two", { OTHER: "two", LAST_WINS: "two" }),
    make(["secret", "generic"], "three", { LAST_WINS: "three", PASSWORD: "pässword" }),
    make(["configmap"], "overriding", { JOB_LITERAL: "map of the run", LAST_WINS: "overriding" }),
  ]);
  const values = Object.fromEntries(expansions.map(([name, value]) => [name, value]));
  const stack = stacks.make("environment", `const VALUES = ${JSON.stringify(values)};${program}`);
  expect(plain((await stack.up({ parallel: 16 })).output)).not.toMatch(/error/i);
  const runs = ["sources", "overridden", "expanded", "shards", "contiguous", "sparse", "daemon"];
  await Promise.all(runs.map(readInstances));
});
afterAll(stacks.close);

describe("[E] the sources of variables have Code Engine's precedence", () => {
  it("within a run: a literal or a key beats a whole map, and of equals the last one wins", () => {
    expect(onlyInstanceOf("sources")).toMatchObject({
      LITERAL_OVER_MAP: "literal",
      KEY_OVER_MAP: "one",
      TWO_KEYS: "two",
      KEY_THEN_LITERAL: "literal",
      LITERAL_THEN_KEY: "two",
      ONLY: "one",
      OTHER: "two",
      LAST_WINS: "three",
      PASSWORD: "pässword",
      RENAMED_KEY: "pässword",
      P_LAST_WINS: "one",
      P_ONLY: "one",
      EMPTY: "",
      NOTHING: "",
      CPU: "20",
      NAMESPACE: namespace,
    });
    expect(onlyInstanceOf("sources")).not.toHaveProperty("ABSENT_KEY");
  });

  it("between a job and its run: variables are replaced by name, of whatever kind; maps of the run come last", () => {
    expect(onlyInstanceOf("overridden")).toMatchObject({
      KEPT: "job",
      REPLACED: "run",
      TO_KEY: "two",
      TO_LITERAL: "run",
      TO_SECRET: "s3cret",
      FROM_SECRET: "run",
      SECRET_KEPT: "hunter2",
      SHOWS_REPLACED: "<run>",
      ADDED: "job+run",
      ONLY: "one",
      OTHER: "two",
      LAST_WINS: "overriding",
      JOB_LITERAL: "job",
    });
  });
});

describe("[E] `$(NAME)` and `$$`", () => {
  it.each(expansions)("%s: the value %j is seen as %j", (name, _value, seen) => {
    expect(onlyInstanceOf("expanded")[name]).toBe(seen);
  });

  it("are left alone in a secret, also where another variable or an argument shows it", () => {
    expect(onlyInstanceOf("expanded")).toMatchObject({
      PASSWORD: "a$$b-$(JOB_INDEX)",
      WITH_PASSWORD: "user:a$$b-$(JOB_INDEX)@db",
      ARGS: "0/1 $(JOB_INDEX) $(NOBODY) a$$b-$(JOB_INDEX)",
    });
  });

  it("give every instance of an array its own part", async () => {
    expect(instancesOf("shards").map(({ SHARD, ARGS }) => [SHARD, ARGS])).toEqual([
      ["x-0", "--shard=0/3"],
      ["x-1", "--shard=1/3"],
      ["x-2", "--shard=2/3"],
    ]);
    expect(await objects(namespace, "jobs", "pulumi-jobrun/run=shards")).toHaveLength(1);
  });
});

describe("[E] the variables of the platform", () => {
  const attempt = (run: string, index: number, retry: number): Variables => ({
    JOB_INDEX: `${index}`,
    JOB_INDEX_RETRY_COUNT: `${retry}`,
    HOSTNAME: `${run}-${index}-${retry}`,
    CE_JOBRUN: run,
    CE_SUBDOMAIN: namespace,
  });

  it("of a contiguous task: each attempt knows its index and which attempt it is", () => {
    const shared = { JOB_ARRAY_SIZE: "10", JOB_MODE: "task", JOB_RETRY_LIMIT: "2", CE_JOB: "tried" };
    const of = (index: number, retry: number): Variables => ({
      ...attempt("contiguous", index, retry),
      ...shared,
      JOB_COMPLETION_INDEX: `${index}`,
    });
    const found = instancesOf("contiguous").map(ofThePlatform);
    expect(found).toEqual([of(0, 0), of(1, 0), of(1, 1), of(2, 0)]);
  });

  it("of a sparse task: the user's indices, and how many there are", () => {
    const shared = { JOB_ARRAY_SIZE: "3", JOB_MODE: "task", JOB_RETRY_LIMIT: "1", JOB_COMPLETION_INDEX: "0" };
    const found = instancesOf("sparse").map(ofThePlatform);
    const attempts = [[12, 0], [13, 0], [7, 0], [7, 1]] as const; // prettier-ignore
    expect(found).toEqual(attempts.map(([index, retry]) => ({ ...attempt("sparse", index, retry), ...shared })));
  });

  it("of a daemon: no retry limit, and always the first attempt", () => {
    const shared = { JOB_ARRAY_SIZE: "2", JOB_MODE: "daemon" };
    const found = instancesOf("daemon").map(ofThePlatform);
    expect(found).toEqual([4, 6].map((index) => ({ ...attempt("daemon", index, 0), ...shared })));
  });
});
