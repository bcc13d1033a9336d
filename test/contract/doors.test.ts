import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { messageOf } from "../../provider/cluster/errors";
import { kubectl, makeNamespace, removeNamespace } from "../support/kubectl";
import { dynamicSubject, type Given, hooksSubject, type Kept, pluginSubject, type Subject } from "../support/subjects";
import { unknown } from "../unit/support/unknowns";

jest.setTimeout(300_000);

const makers = { hooks: hooksSubject, dynamic: dynamicSubject, plugin: pluginSubject };
type Door = keyof typeof makers;
const doors = Object.keys(makers) as Door[];
const namespaceOf = (door: Door): string => `contract-doors-${door}`;

const subjects = new Map<Door, Subject>();

beforeAll(async () => {
  await Promise.all(
    doors.map(async (door) => {
      await makeNamespace(namespaceOf(door));
      subjects.set(door, await makers[door](namespaceOf(door)));
    }),
  );
});
afterAll(async () => {
  await Promise.all([...subjects.values()].map((subject) => subject.close()));
  await Promise.all(doors.map((door) => removeNamespace(namespaceOf(door))));
});

/** What a story tells: everything that came back, in order. */
type Story = (subject: Subject, tell: (what: unknown) => void, namespace: string) => Promise<void>;

async function told(story: Story, door: Door): Promise<unknown[]> {
  const subject = subjects.get(door);
  if (subject === undefined) throw new Error(`no door ${door}`);
  const said = subject.messages().length;
  const tale: unknown[] = [];
  await story(subject, (what) => tale.push(what), namespaceOf(door));
  return [...tale, subject.messages().slice(said)].map((part) => alike(part, door));
}

/** Without what is another's in every cluster and at every time. */
function alike(part: unknown, door: Door): unknown {
  const text = JSON.stringify(part ?? null)
    .replaceAll(namespaceOf(door), "<namespace>")
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uid>")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "<time>")
    .replaceAll(/(pod|Pod) [a-z0-9-]+-[a-z0-9]{5}/g, "$1 <pod>");
  return JSON.parse(text) as unknown;
}

const shown = ({ raw: _raw, ...kept }: Kept): object => kept;

const small = { cpu: "20m", memory: "32M", image: "docker.io/library/busybox:1" };
const sh = (text: string): string[] => ["sh", "-c", text];
const given = (props: object, ...secrets: string[]): Given => ({ props: { ...props }, secrets });

const faulty = {
  image: "https://registry/app",
  arraySize: 0,
  mode: "daemon",
  retryLimit: 3,
  env: [{ name: "A=B" }, { name: "JOB_INDEX", value: "1" }],
  immage: "typo",
};

const stories: Readonly<Record<string, Story>> = {
  "all faults of inputs": async (subject, tell) => {
    tell(await subject.check("Job", given(faulty)));
    tell(await subject.check("JobRun", given({ ...faulty, job: "report", logs: { tailLines: -1 } })));
    tell(await subject.check("JobRun", given({})));
  },
  "inputs after `check`: as they came, with a name": async (subject, tell) => {
    tell(await subject.check("Job", given({ ...small, name: "report", memory: "4000M" })));
    tell(await subject.check("JobRun", given({ ...small, name: "tonight" })));
    tell(await subject.check("JobRun", given(small), { name: "kept-name" }));
  },
  "unknown values": async (subject, tell) => {
    tell(await subject.check("JobRun", given({ ...small, image: unknown.string, arraySize: unknown.number })));
    tell(await subject.check("JobRun", given({ ...small, image: unknown.string, retryLimit: -1 })));
  },
  "secret values, which stand in no output": async (subject, tell) => {
    const news = given(
      {
        ...small,
        name: "confidential",
        command: ["true"],
        env: [
          { name: "PASSWORD", value: "hush-hush" },
          { name: "B", value: "b" },
        ],
      },
      "env[0].value",
    );
    tell(await subject.check("JobRun", news));
    const made = await subject.create("JobRun", news);
    expect(JSON.stringify(made.outputs)).not.toContain("hush-hush");
    tell(shown(made));
    await subject.delete("JobRun", made);
  },
  "the life of a job": async (subject, tell) => {
    const news = given({ ...small, name: "report", arraySize: 3 });
    const made = await subject.create("Job", news);
    tell(shown(made));
    tell(await subject.diff("Job", made, given({ ...small, name: "report", arrayIndices: "0-2" })));
    const changed = given({ ...small, name: "report", arraySize: 4 });
    tell(await subject.diff("Job", made, changed));
    const updated = await subject.update("Job", made, changed);
    tell(shown(updated));
    tell(await subject.diff("Job", updated, given({ ...small, name: "other" })));
    await subject.delete("Job", updated);
    tell(await subject.read("Job", updated));
    await subject.delete("Job", updated);
  },
  "a run that completes, and what changes of it mean": async (subject, tell) => {
    const inputs = { ...small, name: "completes", command: ["true"], arraySize: 2 };
    const made = await subject.create("JobRun", given(inputs));
    tell(shown(made));
    for (const change of [
      {},
      { cpu: "0.020" },
      { args: ["x"] },
      { triggers: { a: 1 } },
      { retention: 60 },
      { mode: "daemon" },
    ])
      tell(await subject.diff("JobRun", made, given({ ...inputs, ...change })));
    const seen = await subject.read("JobRun", made);
    tell(seen && shown(seen));
    await subject.delete("JobRun", made);
    const later = await subject.read("JobRun", made);
    tell(later && shown(later));
  },
  "a run that fails, is kept, and runs what failed again": async (subject, tell, namespace) => {
    const program = `[ "$JOB_INDEX" = 1 ] && [ ! -e /mended/now ] && { echo no; exit 3; }; exit 0`;
    const inputs = {
      ...{ ...small, name: "fails", command: sh(program), arraySize: 2, retryLimit: 0 },
      envFrom: [{ configMapRef: { name: "settings", optional: true } }],
      mounts: [{ mountPath: "/mended", configMap: "mended" }],
    };
    await kubectl("create", "configmap", "mended", "--namespace", namespace);
    const made = await subject.create("JobRun", given(inputs));
    expect(made.unhealthy).toMatch(/ContainerExitedCode3/);
    tell(shown(made));
    tell(await subject.diff("JobRun", made, given(inputs)));
    tell(await subject.diff("JobRun", made, given({ ...inputs, onFailure: "rerun" })));
    tell(await subject.diff("JobRun", made, given({ ...inputs, onFailure: "keep" })));
    await kubectl(
      "create",
      "configmap",
      "mended",
      "--namespace",
      namespace,
      "--from-literal=now=1",
      "--dry-run=client",
      "--output=name",
    );
    await kubectl("patch", "configmap", "mended", "--namespace", namespace, "--patch", `{"data":{"now":"1"}}`);
    const resumed = await subject.update("JobRun", made, given(inputs));
    expect(resumed.outputs).toMatchObject({ status: "completed", attempt: 2 });
    tell(shown(resumed));
    tell(await subject.diff("JobRun", resumed, given(inputs)));
    await subject.delete("JobRun", resumed);
  },
  "a daemon that runs, and is changed in place": async (subject, tell) => {
    const inputs = {
      ...small,
      name: "daemon",
      mode: "daemon",
      wait: { stableSeconds: 0 },
      command: sh("exec sleep 3600"),
    };
    const made = await subject.create("JobRun", given(inputs));
    tell(shown(made));
    const wider = given({ ...inputs, arraySize: 2 });
    tell(await subject.diff("JobRun", made, wider));
    const updated = await subject.update("JobRun", made, wider);
    tell(shown(updated));
    await subject.delete("JobRun", { ...updated });
  },
  "a name that somebody else has, and a job that is not there": async (subject, tell, namespace) => {
    await kubectl("create", "configmap", "taken.jobrun", "--namespace", namespace);
    tell(await failureOf(subject.create("JobRun", given({ ...small, name: "taken" }))));
    tell(await failureOf(subject.create("JobRun", given({ job: "nowhere", name: "homeless" }))));
  },
};

async function failureOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return messageOf(error);
  }
  throw new Error("must fail");
}

describe.each(Object.entries(stories))("[C] %s", (_title, story) => {
  it("is the same through the dynamic host and the plugin as in the hooks themselves", async () => {
    const [hooks, dynamic, plugin] = await Promise.all(doors.map((door) => told(story, door)));
    expect(dynamic).toEqual(hooks);
    expect(plugin).toEqual(hooks);
  });
});
