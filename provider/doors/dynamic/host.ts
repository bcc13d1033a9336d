import type { dynamic } from "@pulumi/pulumi";
import { stableJson } from "../../core/kube/hash";
import type { Confidential } from "../../core/spec/secrets";
import { type HookContext, InitFailure, type ResourceHooks } from "../../resources/contract";
import type { Settings } from "../../resources/clusters";
import { shownInputs } from "../../resources/liveInputs";
import type { Engine } from "../engine";
import type { Interruption } from "../interruption";
import { stackSettings } from "../settings";
import { inputsOf, type Props, stateOf } from "../props";
import { markedInputsOf, metaOf, toInputs, toOutputs } from "./wire";

/** What the process of the dynamic host offers to all resources in it. */
export interface Host {
  readonly engine: Engine;
  readonly interruption: Interruption;
  readonly configure: (settings: Settings) => void;
}

/** The hooks of a resource as Pulumi's dynamic host calls them. */
export function toDynamicProvider<I extends Confidential>(
  hooks: ResourceHooks<I>,
  host: Host,
): Required<dynamic.ResourceProvider> {
  const during: During = (props, operation) =>
    host.interruption.during((signal) => operation(contextOf(host, props, signal)));
  return {
    configure: ({ config }) => {
      host.configure(stackSettings((key) => config.get(key)));
      return Promise.resolve();
    },
    check: (olds: Props, news: Props) =>
      during(news, async (context) => {
        const { inputs, failures } = await hooks.check(context, inputsOf(olds), inputsOf(news));
        return { inputs: toInputs(inputs, news), failures: [...failures] };
      }),
    diff: (_id, olds: Props, news: Props) => during(news, (context) => diff(hooks, context, { olds, news })),
    ...deeds(hooks, during),
  };
}

type During = <T>(props: Props, operation: (context: HookContext) => Promise<T>) => Promise<T>;

function contextOf({ engine }: Host, props: Props, signal: AbortSignal): HookContext {
  const meta = metaOf(props);
  return {
    identity: meta,
    secretPaths: meta.secrets,
    timeouts: meta.timeouts,
    signal,
    log: engine.logFor(meta.urn),
    isHeard: () => engine.isThere(),
  };
}

async function diff<I extends Confidential>(
  hooks: ResourceHooks<I>,
  context: HookContext,
  { olds, news }: { olds: Props; news: Props },
): Promise<dynamic.DiffResult> {
  const found = await hooks.diff(context, stateOf(olds), markedInputsOf(news));
  // `delete` and `read` see the stored timeouts only: a change must reach them.
  const rescheduled = stableJson(metaOf(olds).timeouts) !== stableJson(metaOf(news).timeouts);
  return { ...found, changes: found.changes || rescheduled, replaces: [...found.replaces] };
}

type Deeds = Pick<Required<dynamic.ResourceProvider>, "create" | "read" | "update" | "delete">;

function deeds<I extends Confidential>(hooks: ResourceHooks<I>, during: During): Deeds {
  return {
    create: (inputs: Props) =>
      during(inputs, async (context) => {
        const { id, state } = await withState(inputs, hooks.create(context, markedInputsOf(inputs)));
        return { id, outs: toOutputs(state, inputs) };
      }),
    read: (id, props: Props = {}) =>
      during(props, async (context) => {
        const state = await hooks.read(context, stateOf(props));
        if (state === undefined) return {};
        return { id, props: toOutputs(state, props), inputs: toInputs(shownInputs(state.hidden), props) };
      }),
    update: (_id, olds: Props, news: Props) =>
      during(news, async (context) => {
        const state = await withState(news, hooks.update(context, stateOf(olds), markedInputsOf(news)));
        return { outs: toOutputs(state, news) };
      }),
    delete: (_id, props: Props) => during(props, (context) => hooks.delete(context, stateOf(props))),
  };
}

/** Turns "exists, but is not what it should be" into the error that makes Pulumi keep the resource in state. */
async function withState<T>(props: Props, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof InitFailure)) throw error;
    const { id, state } = error.created as InitFailure<Confidential>["created"];
    throw Object.assign(new Error(error.message), {
      id,
      properties: toOutputs(state, props),
      reasons: [error.message],
    });
  }
}
