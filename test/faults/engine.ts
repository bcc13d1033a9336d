import type { Props } from "../../provider/doors/props";
import type { Given, Kept, ProcessSubject, ResourceType } from "../support/subjects";

/** A resource of a program; what was made before may be used in it. */
export interface Resource extends Omit<Given, "props"> {
  readonly type: ResourceType;
  readonly props: (made: ReadonlyMap<ResourceType, Kept>) => Props;
}

/** What became of a command. */
export interface Ended {
  /** Why it failed; undefined when it did not. */
  readonly error?: string;
  /** What was told meanwhile, rows included. */
  readonly told: readonly { readonly message: string; readonly ephemeral: boolean }[];
  /** What the provider wrote to its error stream. */
  readonly stderr: string;
}

interface Entry {
  readonly type: ResourceType;
  readonly secrets: readonly string[];
  /** As `check` gave them. */
  readonly inputs: Props;
  readonly kept: Kept;
  /** It was deleted, and what takes its place is still to come. */
  readonly deleted?: true;
}

/** A call that takes longer has got stuck: none of the programs here runs for so long. */
const LONGEST_CALL_SECONDS = 240;

/** Pulumi's engine as far as a provider sees it: a process for each command, a state that only knows what was answered. */
export class Engine {
  readonly #open: () => Promise<ProcessSubject>;
  #entries: readonly Entry[] = [];
  #process: ProcessSubject | undefined;

  constructor(open: () => Promise<ProcessSubject>) {
    this.#open = open;
  }

  /** The resource in state. */
  stored(type: ResourceType): Kept | undefined {
    return this.#entries.find((entry) => entry.type === type && entry.deleted !== true)?.kept;
  }

  /** Makes it as the program says. It ends at the first failure. */
  up(program: readonly Resource[]): Promise<Ended> {
    return this.#command(async (process) => {
      for (const resource of program) await this.#register(process, resource);
      const wanted = program.map(({ type }) => type);
      for (const entry of this.#entries.toReversed())
        if (!wanted.includes(entry.type)) await this.#delete(process, entry);
    });
  }

  destroy(): Promise<Ended> {
    return this.#command(async (process) => {
      for (const entry of this.#entries.toReversed()) await this.#delete(process, entry);
    });
  }

  /** Reads everything anew; `differs` is called with what the cluster no longer has as it was known. */
  refresh(differs: (type: ResourceType) => void = () => undefined): Promise<Ended> {
    return this.#command(async (process) => {
      for (const entry of this.#entries) {
        const { type, inputs, secrets } = entry;
        const found = await inTime(process.read(type, entry.kept), `read ${type}`);
        if (found === undefined) {
          differs(type);
          this.#entries = this.#entries.filter((other) => other !== entry);
          continue;
        }
        const kept = { ...found, id: entry.kept.id };
        const { changes } = (await process.diff(type, kept, { props: inputs, secrets })) as { changes: boolean };
        if (changes) differs(type);
        this.#keep({ ...entry, kept });
      }
    });
  }

  /** Kills the provider of the command that is under way. */
  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  /** Stops the provider of the command that is under way, until what is returned is called. */
  sleep(): () => void {
    if (this.#process === undefined) throw new Error("no command is under way");
    return this.#process.sleep();
  }

  /** What the provider of the command that is under way has told so far. */
  told(): Ended["told"] {
    return this.#process?.told() ?? [];
  }

  async #command(work: (process: ProcessSubject) => Promise<void>): Promise<Ended> {
    const process = await this.#open();
    this.#process = process;
    let error: string | undefined;
    try {
      await work(process);
    } catch (thrown) {
      error = thrown instanceof Error ? thrown.message : String(thrown);
    }
    const ended = { told: [...process.told()], stderr: process.errors(), ...(error !== undefined && { error }) };
    await process.close();
    return ended;
  }

  async #register(process: ProcessSubject, { type, props, secrets = [] }: Resource): Promise<void> {
    const old = this.#entries.find((entry) => entry.type === type);
    const made = new Map(this.#entries.map((entry) => [entry.type, entry.kept]));
    const news = { props: props(made), secrets };
    const inputs = await this.#check(process, { type, news, olds: old?.inputs });
    const given = { props: inputs, secrets };
    if (old === undefined || old.deleted === true) return this.#create(process, type, given);
    const diff = (await inTime(process.diff(type, old.kept, given), `diff ${type}`)) as Diff;
    if (diff.replaces.length > 0) return this.#replace(process, old, { news, first: diff.deleteBeforeReplace });
    if (!diff.changes && old.kept.unhealthy === undefined) return;
    const kept = await inTime(process.update(type, old.kept, given), `update ${type}`);
    this.#keepOrFail({ type, secrets, inputs, kept });
  }

  async #check(
    process: ProcessSubject,
    { type, news, olds }: { type: ResourceType; news: Given; olds: Props | undefined },
  ): Promise<Props> {
    const { inputs, failures } = await inTime(process.check(type, news, olds), `check ${type}`);
    if (failures.length > 0) throw new Error(JSON.stringify(failures));
    return inputs;
  }

  async #create(process: ProcessSubject, type: ResourceType, given: Given): Promise<void> {
    const kept = await inTime(process.create(type, given), `create ${type}`);
    this.#keepOrFail({ type, secrets: given.secrets ?? [], inputs: given.props, kept });
  }

  async #replace(process: ProcessSubject, old: Entry, { news, first }: { news: Given; first: boolean }): Promise<void> {
    const { type, secrets } = old;
    const inputs = await this.#check(process, { type, news, olds: undefined });
    if (first) {
      await inTime(process.delete(type, old.kept), `delete ${type}`);
      this.#keep({ ...old, deleted: true });
    }
    await this.#create(process, type, { props: inputs, secrets });
    if (!first) await inTime(process.delete(type, old.kept), `delete ${type}`);
  }

  async #delete(process: ProcessSubject, entry: Entry): Promise<void> {
    if (entry.deleted !== true) await inTime(process.delete(entry.type, entry.kept), `delete ${entry.type}`);
    this.#entries = this.#entries.filter((other) => other !== entry);
  }

  /** What exists is kept, also when it is not what it should be. */
  #keepOrFail(entry: Entry): void {
    this.#keep(entry);
    if (entry.kept.unhealthy !== undefined) throw new Error(entry.kept.unhealthy);
  }

  #keep(entry: Entry): void {
    const isKnown = this.#entries.some(({ type }) => type === entry.type);
    this.#entries = isKnown
      ? this.#entries.map((other) => (other.type === entry.type ? entry : other))
      : [...this.#entries, entry];
  }
}

interface Diff {
  readonly changes: boolean;
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

async function inTime<T>(call: Promise<T>, what: string): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const seconds = LONGEST_CALL_SECONDS;
  const timer = setTimeout(() => reject(new Error(`${what} has not answered for ${seconds} s`)), seconds * 1_000);
  try {
    return await Promise.race([call, promise]);
  } finally {
    clearTimeout(timer);
  }
}
