import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import {
  CommandError,
  type DestroyOptions,
  type EngineEvent,
  LocalWorkspace,
  type PreviewOptions,
  PulumiCommand,
  type RefreshOptions,
  type Stack,
  type UpOptions,
} from "@pulumi/pulumi/automation";
import { repositoryRoot } from "../cluster/paths.ts";
import { bed } from "./bed";
import { pulumiEnvironment } from "./environment";
import { copyExample } from "./examples";

/** What a command of the CLI came to; a failure is an answer. */
export interface Ended {
  readonly ok: boolean;
  /** Both output streams. */
  readonly output: string;
  readonly events: readonly TimedEvent[];
}

/** An event of the engine, and when it was seen. */
export interface TimedEvent extends EngineEvent {
  /** Milliseconds since 1970. */
  readonly seenAt: number;
}

/** A resource as the checkpoint has it. */
export interface StoredResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly initErrors?: readonly string[];
}

/** How the engine gets in. */
export type Door = "dynamic" | "plugin";

/** The door of every stack that names none: `PULUMI_JOBRUN_DOOR=plugin` runs all tests through the plugin. */
const usualDoor = (process.env["PULUMI_JOBRUN_DOOR"] ?? "dynamic") as Door;

const modules: Readonly<Record<Door, string>> = { dynamic: "pulumi-jobrun", plugin: "pulumi-jobrun/plugin" };

/** The part of a project file that says where the plugin is. */
export function pluginLines(): string {
  const folder = join(bed().project, "node_modules/pulumi-jobrun/provider/bin");
  return `plugins:\n  providers:\n    - name: jobrun\n      path: ${folder}\n`;
}

/** Every program begins so; `small` fits many instances on a small node. */
const prelude = (door: Door): string => `
const pulumi = require("@pulumi/pulumi");
const { Job, JobRun } = require("${modules[door]}");
const small = { cpu: "20m", memory: "32M", image: "docker.io/library/busybox:1" };
const sh = (text) => ["sh", "-c", text];
`;

/** A command that runs. */
export interface Spawned {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly exitCode: number; readonly output: string }>;
}

/** Where the packages of a program are, and how the engine gets in. */
export interface Whereabouts {
  readonly home?: string;
  readonly door?: Door;
}

/** A stack of one test, with a program of its own in plain JavaScript; state is kept in a local folder. */
export class TestStack {
  readonly namespace: string;
  readonly #name: string;
  readonly #folder: string;
  #door: Door;
  #variables: Readonly<Record<string, string>> = {};
  #stack: Stack | undefined;

  /** `home` is the folder whose packages the program finds. */
  constructor(name: string, namespace: string, { home = bed().project, door = usualDoor }: Whereabouts = {}) {
    this.namespace = namespace;
    this.#name = name;
    this.#door = door;
    this.#folder = join(home, "projects", `${namespace}-${name}`);
    rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(join(this.#folder, ".state"), { recursive: true });
    this.#writeProject();
    writeFileSync(join(this.#folder, "package.json"), JSON.stringify({ name, private: true, main: "index.js" }));
  }

  /** Replaces the program. */
  write(program: string): void {
    writeFileSync(join(this.#folder, "index.js"), prelude(this.#door) + program);
  }

  /** Goes on with the same state through another door. */
  moveTo(door: Door, program: string): void {
    this.#door = door;
    this.#writeProject();
    this.write(program);
  }

  /** Replaces program and project file by a program in YAML, which needs the plugin. */
  writeYaml(program: string): void {
    writeFileSync(join(this.#folder, "Pulumi.yaml"), `name: ${this.#name}\nruntime: yaml\n${pluginLines()}${program}`);
  }

  /** Replaces the program by one in TypeScript, complete with its imports, and puts files beside it. */
  writeTypeScript(program: string, files: Readonly<Record<string, string>> = {}): void {
    writeFileSync(join(this.#folder, "index.ts"), program);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.#folder, name), text);
    writeFileSync(join(this.#folder, "package.json"), JSON.stringify({ private: true, main: "index.ts" }));
  }

  /** Replaces program and project file by those of an example. */
  copyExample(example: string): void {
    copyExample(example, this.#folder);
    mkdirSync(join(this.#folder, ".state"), { recursive: true });
  }

  /** Replaces a text in a file of the program. */
  edit(file: string, from: string, to: string): void {
    const path = join(this.#folder, file);
    writeFileSync(path, readFileSync(path, "utf8").replace(from, to));
  }

  /** Replaces the project file by the repository's own, with the example in the place that it names. */
  copyRootProject(example: string): void {
    copyExample(example, join(this.#folder, "examples", example));
    copyFileSync(join(repositoryRoot(), "Pulumi.yaml"), join(this.#folder, "Pulumi.yaml"));
  }

  /** Sets environment variables for all further commands, in place of those that were set before. */
  setEnvironment(variables: Readonly<Record<string, string>>): void {
    this.#variables = variables;
    if (this.#stack !== undefined) this.#stack.workspace.envVars = this.#environment();
  }

  /** Sets a key of the stack's configuration; a secret one is kept encrypted. */
  async configure(key: string, value: string, { secret = false } = {}): Promise<void> {
    await (await this.#open()).setConfig(key, { value, secret });
  }

  up(options: UpOptions = {}): Promise<Ended> {
    return this.#captured((stack, taps) => stack.up({ ...options, ...taps }));
  }

  preview(options: PreviewOptions = {}): Promise<Ended> {
    return this.#captured((stack, taps) => stack.preview({ ...options, ...taps }));
  }

  refresh(options: RefreshOptions = {}): Promise<Ended> {
    return this.#captured((stack, taps) => stack.refresh({ ...options, ...taps }));
  }

  destroy(options: DestroyOptions = {}): Promise<Ended> {
    return this.#captured((stack, taps) => stack.destroy({ ...options, ...taps }));
  }

  /** `pulumi cancel`: takes away the lock that a killed CLI leaves. */
  async cancel(): Promise<void> {
    await (await this.#open()).cancel();
  }

  async outputs(): Promise<Record<string, unknown>> {
    const stack = await this.#open();
    return Object.fromEntries(Object.entries(await stack.outputs()).map(([key, { value }]) => [key, value]));
  }

  /** The resources in state, without the stack and providers; secrets in plain text. */
  async resources(): Promise<StoredResource[]> {
    const { deployment } = await (await this.#open()).exportStack();
    const { resources = [] } = deployment as { resources?: StoredResource[] };
    return resources.filter(({ type }) => isOurs(type)).map((resource) => unwrapSecrets(resource) as StoredResource);
  }

  /** The state as it lies in the backend: secrets are encrypted. */
  checkpoint(): string {
    return readFileSync(join(this.#folder, ".state/.pulumi/stacks", this.#name, "dev.json"), "utf8");
  }

  /** Everything that the backend keeps of the stack: the state, earlier ones, and the history of updates. */
  allState(): string {
    const folder = join(this.#folder, ".state");
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8")).join("\n");
  }

  /** The outputs in state of the resource with that logical name. */
  async stored(name: string): Promise<StoredResource> {
    const found = (await this.resources()).find(({ urn }) => urn.endsWith(`::${name}`));
    if (found === undefined) throw new Error(`no resource ${name} in state`);
    return found;
  }

  async isStored(name: string): Promise<boolean> {
    return (await this.resources()).some(({ urn }) => urn.endsWith(`::${name}`));
  }

  /** Starts a command and does not wait, for tests that send it signals. It leads a process group of its own. */
  async spawn(...args: string[]): Promise<Spawned> {
    await this.#open();
    const command = [...args, "--stack", "dev", "--non-interactive"];
    const env = { ...process.env, ...this.#environment() };
    const child = spawn(join(bed().pulumi, "pulumi"), command, { cwd: this.#folder, env, detached: true });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (output += data.toString()));
    const ended = new Promise<{ exitCode: number; output: string }>((resolve) =>
      child.on("close", (code) => resolve({ exitCode: code ?? 128, output })),
    );
    return { child, ended };
  }

  /** Destroys what is left and forgets the stack. */
  async close(): Promise<void> {
    const ended = await this.destroy();
    if (!ended.ok) throw new Error(`destroy failed:\n${ended.output}`);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #writeProject(): void {
    const plugins = this.#door === "plugin" ? pluginLines() : "";
    writeFileSync(join(this.#folder, "Pulumi.yaml"), `name: ${this.#name}\nruntime: nodejs\n${plugins}`);
  }

  async #open(): Promise<Stack> {
    if (this.#stack !== undefined) return this.#stack;
    const { pulumi, context } = bed();
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: "dev", workDir: this.#folder },
      {
        envVars: this.#environment(),
        pulumiCommand: await PulumiCommand.get({ root: pulumi, skipVersionCheck: true }),
      },
    );
    await stack.setAllConfig({ "jobrun:context": { value: context }, "jobrun:namespace": { value: this.namespace } });
    this.#stack = stack;
    return stack;
  }

  #environment(): Record<string, string> {
    return { ...pulumiEnvironment({ ...bed(), state: join(this.#folder, ".state") }), ...this.#variables };
  }

  async #captured(command: (stack: Stack, taps: Taps) => Promise<unknown>): Promise<Ended> {
    const stack = await this.#open();
    let output = "";
    const events: TimedEvent[] = [];
    const listen = (text: string): void => void (output += text);
    const taps = {
      onOutput: listen,
      onError: listen,
      onEvent: (event: EngineEvent): void => void events.push({ ...event, seenAt: Date.now() }),
    };
    try {
      await command(stack, taps);
      return { ok: true, output, events };
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return { ok: false, output, events };
    }
  }
}

/** Replaces the secrets of an exported state, which hold their values as JSON text. */
function unwrapSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapSecrets);
  if (typeof value !== "object" || value === null) return value;
  if ("plaintext" in value && typeof value.plaintext === "string") return JSON.parse(value.plaintext) as unknown;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, unwrapSecrets(member)]));
}

interface Taps {
  readonly onOutput: (text: string) => void;
  readonly onError: (text: string) => void;
  readonly onEvent: (event: EngineEvent) => void;
}

const isOurs = (type: string): boolean => /^(pulumi-nodejs:dynamic\/jobrun:|jobrun:index:)/.test(type);

/** What the engine did to our resources, such as `{ create: 2, same: 1 }`; for a preview, what it would do. */
export function changes({ events }: Ended): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { resourcePreEvent: step } of events) {
    if (step === undefined || !isOurs(step.metadata.type)) continue;
    counts[step.metadata.op] = (counts[step.metadata.op] ?? 0) + 1;
  }
  return counts;
}

/** The messages on a resource's own row; `ephemeral` ones show progress and are not kept. */
export function rowMessages({ events }: Ended, name: string, ephemeral: boolean): string[] {
  return events
    .flatMap(({ diagnosticEvent }) => diagnosticEvent ?? [])
    .filter(({ urn = "", ephemeral: passing = false }) => urn.endsWith(`::${name}`) && passing === ephemeral)
    .map(({ message }) => message.trim());
}

/** Output without the terminal's colours. */
export function plain(text: string): string {
  return stripVTControlCharacters(text);
}
