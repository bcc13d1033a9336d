import type { Identity } from "../core/spec/jobRun";
import type { CheckFailure } from "../core/spec/validate";

/** What the engine tells of an operation besides the inputs. */
export interface HookContext {
  readonly identity: Identity & { readonly project: string; readonly stack: string };
  /** Paths of inputs whose values are secret. */
  readonly secretPaths: readonly string[];
  /** Seconds from the resource's `customTimeouts`. */
  readonly timeouts: { readonly create?: number; readonly update?: number; readonly delete?: number };
  /** Ends waits: the user interrupted, or the engine is gone. */
  readonly signal: AbortSignal;
  readonly log: HookLog;
  /** Whether the engine still listens: what is told to nobody was not told. */
  readonly isHeard: () => Promise<boolean>;
}

export interface HookLog {
  /** The resource's own row while it is worked on; not kept. */
  status(message: string): void;
  info(message: string): void;
  warn(message: string): void;
}

/** What the engine keeps of a resource. */
export interface State<I> {
  /** What programs see. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly hidden: Hidden<I>;
}

/** What the next operation needs and nobody else sees; the doors keep it encrypted when the inputs hold a secret. */
export interface Hidden<I> {
  /** The inputs the state was made from. */
  readonly inputs: I;
  readonly server: string;
  readonly namespace: string;
  readonly uid: string;
  /** Run only: every object has been created. */
  readonly started?: boolean;
  /** Run only: what `wait.until` asks for has been seen. */
  readonly reached?: boolean;
  /** Run only: what somebody has changed in the cluster, as values of the inputs; null: not there any more. Empty: something that is no input. */
  readonly live?: Readonly<Record<string, unknown>>;
  /** Run only: its name was made of its inputs, as they were when it was created. */
  readonly autonamed?: boolean;
  /** Run only: names of outputs that the doors keep encrypted, whatever the inputs say. */
  readonly secretOutputs?: readonly string[];
}

export interface DiffResult {
  readonly changes: boolean;
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/** What `check` came to. */
export interface Checked<I> {
  readonly inputs: I;
  readonly failures: readonly CheckFailure[];
}

/** The life of a resource, as Pulumi's engine calls it. Inputs carry the marks of their secrets. */
export interface ResourceHooks<I> {
  /** All faults of the inputs; never throws. The inputs come back in the shape they were given, with the name added. */
  check(context: HookContext, olds: Partial<I>, news: I): Promise<Checked<I>>;
  diff(context: HookContext, state: State<I>, news: I): Promise<DiffResult>;
  create(context: HookContext, inputs: I): Promise<Created<I>>;
  /** What `create` would come to. Asks the cluster and changes nothing there; what the cluster would refuse is an error. */
  previewCreate(context: HookContext, inputs: I): Promise<Outputs>;
  /** The state with what the cluster says; undefined when the resource is gone. `shownInputs` of it are what the engine is to show as inputs. */
  read(context: HookContext, state: State<I>): Promise<Seen<I> | undefined>;
  /** The state of a resource that is in the cluster and in no state yet, by its id; undefined when it is not there. */
  adopt(context: HookContext, id: string): Promise<Seen<I> | undefined>;
  update(context: HookContext, state: State<I>, news: I): Promise<State<I>>;
  /** What `update` would come to, like `previewCreate`. */
  previewUpdate(context: HookContext, state: State<I>, news: I): Promise<Outputs>;
  delete(context: HookContext, state: State<I>): Promise<void>;
}

/** Outputs as far as a preview can tell; the others are unknown. */
export type Outputs = State<unknown>["outputs"];

/** A state as a look at the cluster found it. */
export interface Seen<I> extends State<I> {
  /** Why the resource is not what it should be, though it exists. */
  readonly unhealthy?: string;
}

export interface Created<I> {
  readonly id: string;
  readonly state: State<I>;
}

/** The resource exists but is not what it should be: the engine keeps it in state, fails, and calls `update` the next time. */
export class InitFailure<I> extends Error {
  override readonly name = "InitFailure";
  readonly created: Created<I>;

  constructor(message: string, created: Created<I>, cause?: unknown) {
    super(message, { cause });
    this.created = created;
  }
}
