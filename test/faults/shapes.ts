import type { Props } from "../../provider/doors/props";
import type { Resource } from "./engine";

/** What can be said of a program besides its shape. */
export interface Wishes {
  /** How long each index of a task works. */
  readonly seconds?: number;
  /** A plain variable: another value is another run of a task, and an update in place of a daemon. */
  readonly level?: string;
  /** Further inputs of the run. */
  readonly more?: Props;
}

/** A kind of program: one run, and what it needs. */
export interface Shape {
  readonly title: "task contiguous" | "task sparse" | "daemon";
  /** For names of objects. */
  readonly short: string;
  /** The indices of the run. */
  readonly indices: readonly number[];
  readonly program: (name: string, wishes?: Wishes) => Resource[];
}

/** The value of the secret variable in every program. */
export const CANARY = "canary-b7Qz41";

const small = { cpu: "20m", memory: "32M", image: "docker.io/library/busybox:1" };
const sh = (text: string): string[] => ["sh", "-c", text];
const env = (level: string): object[] => [
  { name: "TOKEN", value: CANARY },
  { name: "LEVEL", value: level },
];
const secrets = ["env[0].value"];

/** A job, and a run that follows it. */
function withJob(job: Props, run: Props): Resource[] {
  const { name } = job;
  return [
    { type: "Job", secrets, props: () => job },
    {
      type: "JobRun",
      props: (made) => ({ name, job: name, jobRevision: made.get("Job")?.outputs["revision"], ...run }),
    },
  ];
}

export const shapes: readonly Shape[] = [
  {
    title: "task contiguous",
    short: "tc",
    indices: [0, 1],
    program: (name, { seconds = 0, level = "1", more = {} } = {}) =>
      withJob({ ...small, name, env: env(level), command: sh(`sleep ${seconds}`), arraySize: 2 }, more),
  },
  {
    title: "task sparse",
    short: "ts",
    indices: [1, 3],
    program: (name, { seconds = 0, level = "1", more = {} } = {}) => {
      const props = { ...small, name, env: env(level), command: sh(`sleep ${seconds}`), arrayIndices: "1,3", ...more };
      return [{ type: "JobRun", secrets, props: () => props }];
    },
  },
  {
    title: "daemon",
    short: "d",
    indices: [0, 1],
    program: (name, { level = "1", more = {} } = {}) => {
      const job = { ...small, name, env: env(level), mode: "daemon", terminationGracePeriodSeconds: 1 };
      const wait = { until: "running", stableSeconds: 1 };
      return withJob({ ...job, command: sh("exec sleep 3600") }, { arraySize: 2, wait, ...more });
    },
  },
];

export const tasks = shapes.filter(({ title }) => title !== "daemon");

/** The shape of that title. */
export function shapeOf(title: Shape["title"]): Shape {
  const found = shapes.find((shape) => shape.title === title);
  if (found === undefined) throw new Error(`there is no shape ${title}`);
  return found;
}
