import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../cluster/command.ts";
import { repositoryRoot } from "../cluster/paths.ts";
import { bed } from "./bed";
import { pulumiEnvironment } from "./environment";

/** What came of a pipeline: what it printed, and how it ended. */
export interface PipelineEnded {
  readonly log: string;
  readonly exitCode: number;
}

const source = join(repositoryRoot(), "examples/gitops");

/** A bare repository with the example's hook, and a clone in which somebody works on the example's program. */
export class GitOpsRepository {
  readonly #folder = mkdtempSync(join(tmpdir(), "gitops-"));
  readonly #server = join(this.#folder, "server.git");
  readonly #clone = join(this.#folder, "clone");
  readonly #pulumi: string;

  /** `pulumi` is a folder with the CLI and the host for YAML. */
  constructor(pulumi: string) {
    this.#pulumi = pulumi;
  }

  /** Does what the example's README tells its user to do. */
  async setUp(namespace: string): Promise<void> {
    await this.#git(this.#folder, "init", "--quiet", "--bare", "--initial-branch", "main", this.#server);
    cpSync(join(source, "post-receive"), join(this.#server, "hooks/post-receive"));
    mkdirSync(join(this.#server, "pipeline"));
    const lines = Object.entries(this.#environment()).map(([name, value]) => `export ${name}='${value}'\n`);
    writeFileSync(join(this.#server, "pipeline/environment"), lines.join(""));

    cpSync(source, this.#clone, { recursive: true });
    await this.#git(this.#clone, "init", "--quiet", "--initial-branch", "main");
    await this.#git(this.#clone, "remote", "add", "origin", this.#server);
    await this.#installPackage();
    mkdirSync(join(this.#folder, "state"));
    await this.#pulumiIn(this.#clone, "stack", "init", "prod");
    await this.#pulumiIn(this.#clone, "config", "set", "jobrun:namespace", namespace);
    await this.#pulumiIn(this.#clone, "config", "set", "jobrun:context", bed().context);
    await this.commit({});
  }

  /** Commits replacements of texts in the program to what the clone is at; returns the commit. */
  async commit(replacements: Readonly<Record<string, string>>): Promise<string> {
    const path = join(this.#clone, "Pulumi.yaml");
    const before = readFileSync(path, "utf8");
    const after = Object.entries(replacements).reduce((text, [from, to]) => text.replace(from, to), before);
    writeFileSync(path, after);
    await this.#git(this.#clone, "add", ".");
    const who = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.com"];
    await this.#git(this.#clone, ...who, "commit", "--quiet", "--allow-empty", "--message", "A change");
    return this.head();
  }

  /** The commit that the clone is at. */
  async head(): Promise<string> {
    return (await this.#git(this.#clone, "rev-parse", "--short", "HEAD")).trim();
  }

  /** Takes the last commit back. */
  async dropCommit(): Promise<void> {
    await this.#git(this.#clone, "reset", "--quiet", "--hard", "HEAD~1");
  }

  /** Pushes what the clone is at, and waits for the pipeline as whoever pushes does. */
  async push(branch: string): Promise<PipelineEnded> {
    const { ended } = await this.startPush(branch);
    await ended;
    return this.ended(branch);
  }

  /** Starts a push and does not wait for the pipeline. */
  async startPush(branch: string): Promise<{ readonly child: ChildProcess; readonly ended: Promise<void> }> {
    const args = ["push", "--quiet", "--force", "origin", `${await this.head()}:refs/heads/${branch}`];
    const child = spawn("git", args, { cwd: this.#clone, stdio: "ignore", detached: true });
    return { child, ended: new Promise((resolve) => void child.on("close", () => resolve())) };
  }

  /** The pipeline of a commit that was pushed to that branch, which is the clone's unless it is named. */
  async ended(branch: string, commit?: string): Promise<PipelineEnded> {
    const log = this.log(branch, commit ?? (await this.head()));
    const [, exitCode] = /^pipeline: .* ended with exit code (\d+); its log is .*\n$/m.exec(log) ?? [];
    if (exitCode === undefined) throw new Error(`the pipeline has not ended:\n${log}`);
    return { log, exitCode: Number(exitCode) };
  }

  /** What a pipeline has printed so far. */
  log(branch: string, commit: string): string {
    const name = `${branch === "main" ? "apply" : "preview"}-${commit}.log`;
    const folder = join(this.#server, "pipeline");
    return readdirSync(folder).includes(name) ? readFileSync(join(folder, name), "utf8") : "";
  }

  /** Runs what cron does every night. */
  nightly(): Promise<PipelineEnded> {
    const child = spawn(join(this.#server, "hooks/post-receive"), ["nightly"], {
      cwd: this.#server,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let log = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (log += data.toString()));
    return new Promise((resolve) => void child.on("close", (code) => resolve({ log, exitCode: code ?? 128 })));
  }

  /** The state, as `pulumi stack export` tells it. */
  async state(): Promise<{
    readonly resources?: readonly unknown[];
    readonly pending_operations?: readonly unknown[];
  }> {
    const text = await this.#pulumiIn(this.#clone, "stack", "export");
    return (JSON.parse(text) as { deployment: { resources?: unknown[]; pending_operations?: unknown[] } }).deployment;
  }

  /** Destroys the stack and forgets everything. */
  async remove(): Promise<void> {
    const work = join(this.#server, "pipeline/work");
    await this.#pulumiIn(work, "destroy", "--yes", "--skip-preview", "--non-interactive");
    rmSync(this.#folder, { recursive: true });
  }

  /** The package is committed too, as it would come from a registry. */
  async #installPackage(): Promise<void> {
    const vendor = join(this.#clone, "vendor");
    mkdirSync(vendor);
    const installed = join(bed().project, "node_modules/pulumi-jobrun");
    const packed = await run(["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", vendor], {
      cwd: installed,
    });
    const install = ["npm", "install", "--package-lock-only", `./vendor/${packed.trim()}`];
    await run(install, { cwd: this.#clone, env: { ...process.env, ...this.#environment() } });
  }

  #environment(): Record<string, string> {
    return {
      ...pulumiEnvironment({ ...bed(), pulumi: this.#pulumi, state: join(this.#folder, "state") }),
      PULUMI_STACK: "prod",
      npm_config_prefer_offline: "true",
      npm_config_ignore_scripts: "true",
      npm_config_audit: "false",
      npm_config_fund: "false",
    };
  }

  #git(folder: string, ...args: string[]): Promise<string> {
    return run(["git", "-C", folder, ...args]);
  }

  #pulumiIn(folder: string, ...args: string[]): Promise<string> {
    return run([join(this.#pulumi, "pulumi"), ...args], {
      cwd: folder,
      env: { ...process.env, ...this.#environment() },
    });
  }
}
