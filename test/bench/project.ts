import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../cluster/paths.ts";
import { bed } from "../support/bed";
import { pulumiEnvironment } from "../support/environment";
import { type DoorArm, peerFolder, type Place } from "./doors";
import { kubeJob, runInputs, type Work } from "./works";

/** What a command of the CLI came to. */
export interface Ran {
  readonly seconds: number;
  readonly output: string;
}

/** A project of one arm, run by the CLI itself; its state is in a local folder. */
export interface Project {
  /** Runs the command, which must do what it is asked unless it may fail. */
  run(command: "up" | "refresh", parallel: number, more?: { mayFail: boolean }): Promise<Ran>;
  /** Bytes of the state. */
  stateBytes(): number;
  /** Bytes of the last resource in it, as JSON without spaces. */
  resourceBytes(): number;
  /** Puts so many copies of the last resource into the state in its place. */
  multiply(count: number): Promise<void>;
  /** Seconds for a command that reads the state and writes it once. */
  checkpoint(): Promise<number>;
  remove(): void;
}

const classes: Readonly<Record<DoorArm, string>> = {
  P: `require("@pulumi/kubernetes").batch.v1.Job`,
  O: `require("pulumi-jobrun/plugin").JobRun`,
  D: `require("pulumi-jobrun").JobRun`,
};

/** Writes a project that makes these works, and a stack for it. */
export async function makeProject(arm: DoorArm, place: Place, works: readonly Work[]): Promise<Project> {
  const home = homeOf(arm);
  const folder = join(home, "projects", `${place.namespace}-${arm.toLowerCase()}`);
  rmSync(folder, { recursive: true, force: true });
  const state = join(folder, ".state");
  mkdirSync(state, { recursive: true });
  const inputs = works.map((work) => [work.name, arm === "P" ? kubeJob(work, place.namespace) : runInputs(work)]);
  const files = {
    "package.json": JSON.stringify({ name: "bench", private: true, main: "index.js" }),
    "Pulumi.yaml": `name: bench\nruntime: nodejs\n${await pluginLines(arm)}`,
    "Pulumi.dev.yaml": configuration(place),
    "works.json": JSON.stringify(inputs),
    "index.js": `const Resource = ${classes[arm]};
for (const [name, inputs] of require("./works.json")) new Resource(name, inputs);
`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const { pulumi, project } = bed();
  const env = { ...process.env, ...pulumiEnvironment({ pulumi, project, state, kubeconfig: place.kubeconfig }) };
  const cli = (args: readonly string[], mayFail = false): Promise<Ran> =>
    ran([join(pulumi, "pulumi"), ...args, "--non-interactive"], { cwd: folder, env, mayFail });
  await cli(["stack", "init", "dev"]);
  const file = join(state, ".pulumi/stacks/bench/dev.json");
  const latest = (): Deployment => (JSON.parse(readFileSync(file, "utf8")) as Checkpoint).checkpoint.latest;
  const last = (): Resource => latest().resources.at(-1) as Resource;
  return {
    run: (command, parallel, { mayFail } = { mayFail: false }) =>
      cli([command, ...FLAGS, "--parallel", parallel.toString()], mayFail),
    stateBytes: () => statSync(file).size,
    resourceBytes: () => JSON.stringify(last()).length,
    multiply: async (count) => {
      const { resources, ...rest } = latest();
      const [resource, others] = [last(), resources.slice(0, -1)];
      const copies = Array.from({ length: count }, (_, i) => ({
        ...resource,
        urn: `${resource.urn}-${i}`,
        id: `${resource.id}-${i}`,
      }));
      const copied = join(folder, "copied.json");
      writeFileSync(copied, JSON.stringify({ version: 3, deployment: { ...rest, resources: [...others, ...copies] } }));
      await cli(["stack", "import", "--stack", "dev", "--file", copied]);
    },
    checkpoint: async () => {
      const { urn } = last();
      const protect = await cli(["state", "protect", "--stack", "dev", "--yes", urn]);
      const unprotect = await cli(["state", "unprotect", "--stack", "dev", "--yes", urn]);
      return (protect.seconds + unprotect.seconds) / 2;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

const FLAGS = ["--yes", "--skip-preview", "--suppress-progress", "--stack", "dev"];

interface Checkpoint {
  readonly checkpoint: { readonly latest: Deployment };
}

interface Deployment {
  readonly resources: readonly Resource[];
}

interface Resource {
  readonly urn: string;
  readonly id: string;
}

/** The peer's SDK is a package of this repository; ours is installed as users install it. */
function homeOf(arm: DoorArm): string {
  return arm === "P" ? join(repositoryRoot(), "node_modules/.cache/bench") : bed().project;
}

async function pluginLines(arm: DoorArm): Promise<string> {
  if (arm === "D") return "";
  const [name, path] =
    arm === "P"
      ? ["kubernetes", await peerFolder()]
      : ["jobrun", join(bed().project, "node_modules/pulumi-jobrun/provider/bin")];
  return `plugins:\n  providers:\n    - name: ${name}\n      path: ${path}\n`;
}

/** Every provider reads its own keys. */
function configuration({ context, namespace }: Place): string {
  const entries = ["jobrun", "kubernetes"].flatMap((name) => [
    `  ${name}:context: ${context}`,
    `  ${name}:namespace: ${namespace}`,
  ]);
  return `config:\n${entries.join("\n")}\n`;
}

interface Where {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly mayFail: boolean;
}

function ran([program = "", ...args]: readonly string[], { mayFail, ...options }: Where): Promise<Ran> {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (output += data.toString()));
    child.on("error", reject);
    child.on("close", (code) => {
      const seconds = (performance.now() - begun) / 1_000;
      if (code === 0 || mayFail) resolve({ seconds, output });
      else reject(new Error(`pulumi ${args.join(" ")} must end with 0, got ${String(code)}:\n${output.slice(-4_000)}`));
    });
  });
}
