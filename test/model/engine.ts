import { markSecrets } from "../../provider/core/spec/secrets";
import type { JobInputs, JobRunInputs } from "../../provider/core/spec/types";
import { type HookContext, InitFailure, type ResourceHooks, type State } from "../../provider/resources/contract";
import { shownInputs } from "../../provider/resources/liveInputs";
import { hookContext } from "../unit/resources/support";
import type { History } from "./history";
import type { Process } from "./process";
import { type Goal, goalsOf, type Program, secretPathsOf } from "./program";

type Inputs = JobInputs & JobRunInputs;

/** What the engine keeps of a resource. */
export interface Entry {
  readonly type: Goal["type"];
  readonly name: Goal["name"];
  readonly id: string;
  /** As `check` has returned them last. */
  readonly inputs: Inputs;
  readonly state: State<Inputs>;
  /** The last operation was a partial failure. */
  readonly unfinished?: boolean;
  /** It has been deleted, and its successor is still to come. */
  readonly deleted?: boolean;
}

/** How a command ended. */
export interface Report {
  /** What was done: `create nightly`, `same weekly`. */
  readonly steps: string[];
  error?: Error;
}

interface UpOptions {
  /** Logical names of `--replace`. */
  readonly replace?: readonly string[];
}

/** Pulumi's engine, as far as it matters to a provider: what it calls in which order, and what it keeps of the answers. */
export class Engine {
  readonly entries = new Map<string, Entry>();
  /** Replaced, and not deleted yet. */
  doomed: Entry[] = [];
  readonly #history: History;

  constructor(history: History) {
    this.#history = history;
  }

  async up(process: Process, program: Program, { replace = [] }: UpOptions = {}): Promise<Report> {
    const report: Report = { steps: [] };
    return this.#during(process, report, async () => {
      const act = new Act(this, process, report);
      for (const goalOf of goalsOf(program)) await act.register(goalOf(this.entries), replace);
      for (const entry of this.doomed) {
        await act.delete(entry);
        this.doomed = this.doomed.filter((other) => other !== entry);
      }
    });
  }

  /** Shows what `up` would do. */
  async preview(process: Process, program: Program): Promise<Report> {
    const report: Report = { steps: [] };
    process.permit = "nothing";
    return this.#during(process, report, async () => {
      const act = new Act(this, process, report);
      for (const goalOf of goalsOf(program)) await act.preview(goalOf(this.entries));
    });
  }

  async refresh(process: Process): Promise<Report> {
    const report: Report = { steps: [] };
    return this.#during(process, report, async () => {
      const act = new Act(this, process, report);
      for (const entry of this.entries.values()) if (entry.deleted !== true) await act.refresh(entry);
    });
  }

  async destroy(process: Process): Promise<Report> {
    const report: Report = { steps: [] };
    return this.#during(process, report, async () => {
      const act = new Act(this, process, report);
      for (const entry of [...this.entries.values()].toReversed()) {
        if (entry.deleted !== true) await act.delete(entry);
        this.entries.delete(entry.name);
      }
      for (const entry of this.doomed) {
        await act.delete(entry);
        this.doomed = this.doomed.filter((other) => other !== entry);
      }
    });
  }

  /** A state that only survives when the engine does. */
  keep(process: Process, entry: Entry): void {
    if (!process.isHeard) throw new Error("the engine was killed");
    const before = this.entries.get(entry.name)?.state;
    this.entries.set(entry.name, JSON.parse(JSON.stringify(entry)) as Entry);
    if (entry.type === "run") this.#history.kept(entry.state, before);
  }

  async #during(process: Process, report: Report, work: () => Promise<void>): Promise<Report> {
    const end = work().catch((error: unknown) => {
      if (!(error instanceof Error) || error.message === "")
        this.#history.faults.push(`has no message: ${String(error)}`);
      report.error = error instanceof Error ? error : new Error(String(error));
    });
    if ((await Promise.race([end, process.died])) === "died") report.error ??= new Error("the process was killed");
    return report;
  }
}

/** The operations of one command. */
class Act {
  readonly #engine: Engine;
  readonly #process: Process;
  readonly #report: Report;

  constructor(engine: Engine, process: Process, report: Report) {
    this.#engine = engine;
    this.#process = process;
    this.#report = report;
  }

  async register(goal: Goal, replace: readonly string[]): Promise<void> {
    const { name } = goal;
    const old = this.#engine.entries.get(name);
    const isTargeted = replace.includes(name);
    const inputs = await this.#check(goal, isTargeted ? undefined : old?.inputs);
    if (old === undefined || old.deleted === true) return this.#create(goal, inputs);
    if (isTargeted) return this.#createAndDoom(goal, inputs, old);
    const diff = await this.#readOnly("nothing", () =>
      this.#hooks(goal).diff(this.#context(goal, inputs), old.state, inputs),
    );
    if (diff.replaces.length > 0) return this.#replace(goal, old, diff.deleteBeforeReplace);
    if (diff.changes || old.unfinished === true) return this.#update(goal, inputs, old);
    this.#report.steps.push(`same ${name}`);
    this.#engine.keep(this.#process, { ...old, inputs });
  }

  async preview(goal: Goal): Promise<void> {
    const { name } = goal;
    const old = this.#engine.entries.get(name);
    const inputs = await this.#check(goal, old?.inputs);
    const hooks = this.#hooks(goal);
    const context = this.#context(goal, inputs);
    if (old === undefined || old.deleted === true) {
      await hooks.previewCreate(context, inputs);
      this.#report.steps.push(`create ${name}`);
      return;
    }
    const { changes, replaces } = await hooks.diff(context, old.state, inputs);
    if (replaces.length > 0) await hooks.previewCreate(context, await this.#check(goal, undefined));
    else if (changes) await hooks.previewUpdate(context, old.state, inputs);
    this.#report.steps.push(`${replaces.length > 0 ? "replace" : changes ? "update" : "same"} ${name}`);
  }

  async refresh(entry: Entry): Promise<void> {
    const context = this.#context(entry, entry.inputs);
    const hooks = this.#hooks(entry);
    const found = await this.#readOnly("bookkeeping", () => hooks.read(context, entry.state));
    if (found === undefined) {
      this.#engine.entries.delete(entry.name);
      this.#report.steps.push(`gone ${entry.name}`);
      return;
    }
    const state = { outputs: found.outputs, hidden: found.hidden };
    const { changes } = await this.#readOnly("nothing", () => hooks.diff(context, state, entry.inputs));
    this.#report.steps.push(`${changes ? "differs" : "same"} ${entry.name}`);
    // The dynamic door drops what the last operation said of its failure.
    const { unfinished: _unfinished, ...kept } = entry;
    this.#engine.keep(this.#process, { ...kept, inputs: shownInputs(state.hidden), state });
  }

  async delete(entry: Entry): Promise<void> {
    await this.#hooks(entry).delete(this.#context(entry, entry.inputs), entry.state);
    if (!this.#process.isHeard) throw new Error("the engine was killed");
    this.#report.steps.push(`delete ${entry.name}`);
  }

  async #replace(goal: Goal, old: Entry, deleteFirst: boolean): Promise<void> {
    const inputs = await this.#check(goal, undefined);
    if (!deleteFirst) return this.#createAndDoom(goal, inputs, old);
    await this.delete(old);
    this.#engine.keep(this.#process, { ...old, deleted: true });
    return this.#create(goal, inputs);
  }

  /** The old one goes when all else is done. */
  async #createAndDoom(goal: Goal, inputs: Inputs, old: Entry): Promise<void> {
    return this.#create(goal, inputs, () => {
      this.#engine.doomed = [...this.#engine.doomed, old];
    });
  }

  async #create(goal: Goal, inputs: Inputs, made: () => void = () => undefined): Promise<void> {
    this.#report.steps.push(`create ${goal.name}`);
    const work = this.#hooks(goal).create(this.#context(goal, inputs), inputs);
    await this.#keepOf(goal, inputs, { work, made });
  }

  async #update(goal: Goal, inputs: Inputs, old: Entry): Promise<void> {
    this.#report.steps.push(`update ${goal.name}`);
    const work = this.#hooks(goal).update(this.#context(goal, inputs), old.state, inputs);
    await this.#keepOf(goal, inputs, { work: work.then((state) => ({ id: old.id, state })), made: () => undefined });
  }

  /** What a partial failure says is kept as well. */
  async #keepOf(
    { type, name }: Goal,
    inputs: Inputs,
    { work, made }: { work: Promise<{ id: string; state: State<Inputs> }>; made: () => void },
  ): Promise<void> {
    try {
      const { id, state } = await work;
      this.#engine.keep(this.#process, { type, name, id, inputs, state });
      made();
    } catch (error) {
      if (!(error instanceof InitFailure)) throw error;
      const { id, state } = (error as InitFailure<Inputs>).created;
      this.#engine.keep(this.#process, { type, name, id, inputs, state, unfinished: true });
      made();
      throw error;
    }
  }

  async #check(goal: Goal, olds: Inputs | undefined): Promise<Inputs> {
    const context = this.#context(goal, goal.inputs);
    const check = () => this.#hooks(goal).check(context, olds ?? {}, goal.inputs);
    const { inputs, failures } = await this.#readOnly("nothing", check);
    const [failure] = failures;
    if (failure !== undefined) throw new Error(`${goal.name}: ${failure.property} ${failure.reason}`);
    return markSecrets(inputs, context.secretPaths);
  }

  async #readOnly<T>(permit: Process["permit"], work: () => Promise<T>): Promise<T> {
    const before = this.#process.permit;
    this.#process.permit = permit;
    const answer = await work();
    this.#process.permit = before;
    return answer;
  }

  #hooks({ type }: Pick<Goal, "type">): ResourceHooks<Inputs> {
    return this.#process.hooks[type] as unknown as ResourceHooks<Inputs>;
  }

  #context({ name }: Pick<Goal, "name">, inputs: Inputs): HookContext {
    const { signal } = this.#process;
    const isHeard = () => Promise.resolve(this.#process.isHeard);
    return hookContext({ name, signal, isHeard, secretPaths: secretPathsOf(inputs) });
  }
}
