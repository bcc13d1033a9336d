import type { Kind } from "../../provider/cluster/kinds";
import { label } from "../../provider/core/kube/labels";
import { FakeCluster } from "../unit/resources/fakeCluster";
import { Controllers } from "./controllers";
import { Engine, type Entry, type Report } from "./engine";
import { History } from "./history";
import { pauseOf } from "./pauses";
import { type Fault, Process } from "./process";
import { CANARY, type Program } from "./program";

export const kinds = ["ConfigMap", "Secret", "Job", "Deployment", "Pod"] as const satisfies readonly Kind[];

/** How a command is disturbed: by a fault, and by a user who interrupts it after so many events in the cluster. */
export interface Disturbance {
  readonly fault?: Fault | undefined;
  readonly patience: number;
}

const CALM: Disturbance = { patience: 1_000 };

/** A cluster with its controllers, an engine with its state, and a program; and the judge of all that happens. */
export class World {
  /** What has been done, and what came of it. */
  readonly story: string[] = [];
  readonly history = new History();
  readonly cluster = new FakeCluster();
  readonly controllers = new Controllers(this.cluster, this.history);
  readonly engine = new Engine(this.history);
  program: Program;
  /** UIDs of records that say the engine was told, and it was killed before it could note it. */
  readonly #lost = new Set<string | undefined>();
  /** Something was removed of which the engine is only told by a refresh. */
  #meddled = false;

  constructor(program: Program) {
    this.cluster.podsLinger = true;
    this.program = program;
  }

  async up(disturbance = CALM, replace: readonly string[] = []): Promise<Report> {
    for (const name of replace) this.#mayRunAgain(name);
    // A job takes its runs along.
    this.#meddled ||= replace.includes("report");
    const before = this.cluster.calls.length;
    for (const entry of this.engine.entries.values())
      if (entry.state.outputs["status"] === "failed" && this.#goes(entry) === "rerun") this.#mayRunAgain(entry.name);
    const report = await this.#run(disturbance, (process) => this.engine.up(process, this.program, { replace }));
    if (report.error === undefined) {
      this.#judgeRuns();
      if (!this.#meddled && this.controllers.areTasksOver()) this.history.asked.clear();
    }
    // A removal that has not come to its end.
    else this.#meddled ||= this.cluster.calls.slice(before).some((call) => call.startsWith("delete"));
    return report;
  }

  preview(disturbance = CALM): Promise<Report> {
    return this.#run(disturbance, (process) => this.engine.preview(process, this.program));
  }

  async refresh(disturbance = CALM): Promise<Report> {
    const report = await this.#run(disturbance, (process) => this.engine.refresh(process));
    if (report.error === undefined) this.#meddled = false;
    return report;
  }

  destroy(disturbance = CALM): Promise<Report> {
    this.history.asked.add("");
    this.#meddled = true;
    return this.#run(disturbance, (process) => this.engine.destroy(process));
  }

  change(news: Partial<Program>): void {
    this.program = { ...this.program, ...news };
    for (const name of Object.keys(news)) this.#mayRunAgain(name === "way" ? "weekly" : name);
    this.judge();
  }

  /** The cluster goes on by itself. */
  advance(steps: number): void {
    for (let step = 0; step < steps && this.controllers.step(); step++);
    this.judge();
  }

  /** Somebody removes an object behind Pulumi's back, which asks for its run to be made again. */
  remove(kind: Kind, which: number): string | undefined {
    const all = this.cluster.all(kind);
    const object = all[which % Math.max(all.length, 1)];
    if (object === undefined) return undefined;
    const { name, labels } = object.metadata;
    this.#mayRunAgain(
      labels?.[label.kind] === "job" ? "report" : (labels?.[label.run] ?? labels?.[label.job] ?? "report"),
    );
    this.cluster.drop(kind, name);
    // Who makes a job anew faster than that loses its runs to the garbage collector.
    if (labels?.[label.kind] === "job") this.cluster.collectGarbage();
    this.#meddled = true;
    this.judge();
    return `${kind} ${name}`;
  }

  /** From here on nobody disturbs anything: the world comes to what the program asks for, stays there, and goes without a rest. */
  async settle(): Promise<void> {
    this.controllers.failing = new Set();
    // A failed run that is to be kept fails every `up`.
    for (const name of ["weekly", "nightly"] as const)
      if (this.program[name].onFailure === "keep")
        this.change({ [name]: { ...this.program[name], onFailure: "resume" } });
    this.advance(1_000);
    await this.#converge();
    const { steps } = await this.up();
    this.#expect(
      steps.every((step) => step.startsWith("same ")),
      `another up does something: ${steps.join(", ")}`,
    );
    const { steps: refreshed } = await this.refresh();
    this.#expect(
      refreshed.every((step) => step.startsWith("same ")),
      `a refresh finds: ${refreshed.join(", ")}`,
    );
    const { steps: again } = await this.up();
    this.#expect(
      again.every((step) => step.startsWith("same ")),
      `an up after a refresh does: ${again.join(", ")}`,
    );
    const { error } = await this.destroy();
    this.#dropLost();
    this.advance(1_000);
    this.#expect(error === undefined, `destroy fails: ${error?.message ?? ""}`);
    this.#expect(this.cluster.names.length === 0, `destroy leaves ${this.cluster.names.join(", ")}`);
  }

  /** @throws when anything has gone wrong. */
  judge(): void {
    const shown = [
      ...kinds.filter((kind) => kind !== "Secret").flatMap((kind) => this.cluster.all(kind)),
      ...[...this.engine.entries.values()].map(({ state }) => state.outputs),
    ];
    for (const object of shown.map((object) => JSON.stringify(object)))
      this.#expect(!isTelling(object), `a secret is shown in ${object}`);
    const { faults } = this.history;
    if (faults.length > 0) throw new Error(faults.join("\n"));
  }

  async #run(disturbance: Disturbance, work: (process: Process) => Promise<Report>): Promise<Report> {
    const process = new Process(this, disturbance);
    pauseOf.current = () => process.pause();
    const report = await work(process);
    this.#expect(!isTelling(report.error?.message ?? ""), `a secret is told: ${report.error?.message ?? ""}`);
    if (disturbance.fault?.kind.includes("killed") === true) this.#excuseLost();
    this.judge();
    return report;
  }

  /** Between the mark and the engine's own note of it lies the one moment in which a run is run again, or goes on unknown to all. */
  #excuseLost(): void {
    const known = this.#known();
    for (const { metadata } of this.cluster.all("ConfigMap")) {
      const isTold = metadata.annotations?.["pulumi-jobrun/acknowledged"] !== undefined;
      if (!isTold || known.has(metadata.uid)) continue;
      this.#lost.add(metadata.uid);
      this.#mayRunAgain(metadata.name);
    }
  }

  /** What was lost under a name that is given to nothing any more. */
  #dropLost(): void {
    const lost = this.cluster.all("ConfigMap").filter(({ metadata }) => this.#lost.has(metadata.uid));
    for (const { metadata } of lost) this.cluster.drop("ConfigMap", metadata.name);
    this.cluster.collectGarbage();
  }

  #known(): Set<string | undefined> {
    return new Set([...this.engine.entries.values(), ...this.engine.doomed].map(({ state }) => state.hidden.uid));
  }

  async #converge(): Promise<void> {
    let message = "";
    if (this.#meddled) await this.refresh();
    for (let tries = 0; tries < 5; tries++) {
      const { error } = await this.up();
      if (error === undefined) return;
      message = error.message;
      if (/refresh/.test(message)) await this.refresh();
    }
    throw new Error(`another up fails, and another one: ${message}`);
  }

  #goes({ name }: Entry): string | undefined {
    return name === "report" ? undefined : this.program[name].onFailure;
  }

  /** After an `up` that went well the cluster holds exactly what the engine knows. */
  #judgeRuns(): void {
    const known = this.#known();
    const strangers = this.cluster
      .all("ConfigMap")
      .filter(
        ({ metadata: { uid, labels, annotations } }) =>
          !known.has(uid) &&
          !this.#lost.has(uid) &&
          labels?.[label.kind] === "run" &&
          annotations?.["pulumi-jobrun/acknowledged"] !== undefined,
      );
    this.#expect(strangers.length === 0, `nobody knows ${strangers.map(({ metadata }) => metadata.name).join(", ")}`);
    this.judge();
  }

  /** A job takes its run along. */
  #mayRunAgain(name: string): void {
    this.history.asked.add(name.replace(/[.]jobrun$/, ""));
    if (name.startsWith("report")) this.history.asked.add("weekly");
  }

  #expect(holds: boolean, otherwise: string): void {
    if (!holds) this.history.faults.push(otherwise);
  }
}

const isTelling = (text: string): boolean =>
  text.includes(CANARY) || text.includes(Buffer.from(CANARY).toString("base64"));
