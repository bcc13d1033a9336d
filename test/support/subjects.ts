import {
  CheckRequest,
  type CheckResponse,
  ConfigureRequest,
  CreateRequest,
  type CreateResponse,
  DeleteRequest,
  DiffRequest,
  DiffResponse,
  type ErrorResourceInitFailed,
  ReadRequest,
  type ReadResponse,
  UpdateRequest,
  type UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { join } from "node:path";
import { messageOf } from "../../provider/cluster/errors";
import { markSecrets, withoutMarks } from "../../provider/core/spec/secrets";
import { providerText } from "../../provider/doors/dynamic/text";
import type { Props } from "../../provider/doors/props";
import { fromWire, toWire } from "../../provider/doors/plugin/values";
import { openClusters } from "../../provider/openClusters";
import { type HookContext, InitFailure, type ResourceHooks, type State } from "../../provider/resources/contract";
import { jobHooks } from "../../provider/resources/job";
import { jobRunHooks } from "../../provider/resources/jobRun";
import { bed } from "./bed";
import { startEngine } from "./fakeEngine";
import { initFailureIn, type ProviderProcess, startProvider } from "./providerProcess";

export type ResourceType = "Job" | "JobRun";

/** Inputs, and which of them are secret. */
export interface Given {
  readonly props: Props;
  readonly secrets?: readonly string[];
}

/** A resource as the engine keeps it: what programs see, and what the door needs for the next operation. */
export interface Kept {
  readonly id: string;
  readonly outputs: Props;
  readonly hidden: Props;
  /** Why it is not what it should be. */
  readonly unhealthy?: string;
  /** As the door handed it over. */
  readonly raw: unknown;
}

/** The hooks of the resources behind one door. What goes wrong is thrown; a resource that exists all the same is returned. */
export interface Subject {
  check(type: ResourceType, news: Given, olds?: Props): Promise<{ inputs: Props; failures: readonly object[] }>;
  diff(type: ResourceType, kept: Kept, news: Given): Promise<object>;
  create(type: ResourceType, news: Given): Promise<Kept>;
  read(type: ResourceType, kept: Kept): Promise<Kept | undefined>;
  update(type: ResourceType, kept: Kept, news: Given): Promise<Kept>;
  delete(type: ResourceType, kept: Kept): Promise<void>;
  /** What was told of resources and stays in the output. */
  messages(): readonly string[];
  close(): Promise<void>;
}

/** A subject with a process of its own. */
export interface ProcessSubject extends Subject {
  /** Everything that was told so far, rows included. */
  told(): readonly { readonly message: string; readonly ephemeral: boolean }[];
  /** What the process has written to its error stream. */
  errors(): string;
  /** Kills the process: what is under way is rejected. */
  kill(): Promise<void>;
  /** Stops the process, as a machine that sleeps does, until what is returned is called. */
  sleep(): () => void;
}

/** Where the process finds the cluster (the test cluster by itself), the logical name of its resources, and variables for the process. */
interface Around {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly name?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const [project, stack] = ["shop", "dev"];
const NIGHTLY = "nightly";
const urnOf = (type: string, name = NIGHTLY): string => `urn:pulumi:${stack}::${project}::${type}::${name}`;

/** The hooks themselves, called as a door calls them. */
export function hooksSubject(namespace: string): Subject {
  const { kubeconfig, context } = bed();
  const clusters = openClusters(() => Promise.resolve({ kubeconfig, context, namespace }));
  const hooks = { Job: jobHooks(clusters), JobRun: jobRunHooks(clusters) };
  const messages: string[] = [];
  const tell = (message: string): void => void messages.push(message);
  const contextOf = (type: ResourceType, secrets: readonly string[] = []): HookContext => ({
    identity: { urn: urnOf(`jobrun:index:${type}`), name: NIGHTLY, project, stack },
    secretPaths: secrets,
    timeouts: {},
    signal: new AbortController().signal,
    log: { status: () => undefined, info: tell, warn: tell },
    isHeard: () => Promise.resolve(true),
  });
  const of = (type: ResourceType): ResourceHooks<Props> => hooks[type] as unknown as ResourceHooks<Props>;
  const marked = ({ props, secrets = [] }: Given): Props => ({ ...markSecrets(props, secrets) });
  const kept = (id: string, state: State<Props>, unhealthy?: string): Kept =>
    plain({
      id,
      outputs: state.outputs,
      hidden: { ...state.hidden },
      raw: state,
      ...(unhealthy !== undefined && { unhealthy }),
    });
  const state = ({ raw }: Kept): State<Props> => raw as State<Props>;
  const orUnhealthy = async (work: Promise<Kept>): Promise<Kept> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof InitFailure)) throw error;
      const { created } = error as InitFailure<Props>;
      return kept(created.id, created.state, error.message);
    }
  };
  return {
    check: async (type, { props, secrets = [] }, olds = {}) => {
      const { inputs, failures } = await of(type).check(contextOf(type, secrets), olds, props);
      return plain({ inputs: { ...withoutMarks(inputs) }, failures });
    },
    diff: async (type, found, news) =>
      plain(await of(type).diff(contextOf(type, news.secrets), state(found), marked(news))),
    create: (type, news) =>
      orUnhealthy(
        of(type)
          .create(contextOf(type, news.secrets), marked(news))
          .then(({ id, state: made }) => kept(id, made)),
      ),
    read: async (type, found) => {
      const seen = await of(type).read(contextOf(type), state(found));
      return seen && kept(found.id, seen);
    },
    update: (type, found, news) =>
      orUnhealthy(
        of(type)
          .update(contextOf(type, news.secrets), state(found), marked(news))
          .then((made) => kept(found.id, made)),
      ),
    delete: (type, found) => of(type).delete(contextOf(type), state(found)),
    messages: () => messages,
    close: () => Promise.resolve(),
  };
}

/** Pulumi's dynamic host, with the package that a user has installed. */
export async function dynamicSubject(namespace: string, around: Around = {}): Promise<ProcessSubject> {
  const { name = NIGHTLY } = around;
  const exported = { Job: "job", JobRun: "jobRun" } as const;
  const type = (of: ResourceType): string => `pulumi-nodejs:dynamic/jobrun:${of}`;
  const wrapped = (of: ResourceType, { props, secrets = [] }: Given): Given => ({
    props: {
      ...props,
      __provider: providerText(exported[of]),
      __meta: { urn: urnOf(type(of), name), name, project, stack, secrets, timeouts: {} },
    },
  });
  const host = join(bed().project, "node_modules/@pulumi/pulumi/cmd/dynamic-provider");
  return overProtocol(namespace, { args: (engine) => [host, engine], prefix: "jobrun:", type, wrapped }, around);
}

/** The plugin's executable of the package that a user has installed. */
export async function pluginSubject(namespace: string, around: Around = {}): Promise<ProcessSubject> {
  const executable = join(bed().project, "node_modules/pulumi-jobrun/provider/bin/pulumi-resource-jobrun");
  const type = (of: ResourceType): string => `jobrun:index:${of}`;
  const wrapped = (_of: ResourceType, given: Given): Given => given;
  return overProtocol(namespace, { args: (engine) => [executable, engine], prefix: "", type, wrapped }, around);
}

interface Protocol {
  readonly args: (engine: string) => readonly string[];
  /** In front of our keys of the configuration. */
  readonly prefix: string;
  readonly type: (of: ResourceType) => string;
  /** The inputs as the SDK of that door sends them. */
  readonly wrapped: (of: ResourceType, given: Given) => Given;
}

async function overProtocol(
  namespace: string,
  { args, prefix, type, wrapped }: Protocol,
  { kubeconfig = bed().kubeconfig, context = bed().context, name, env = {} }: Around,
): Promise<ProcessSubject> {
  const engine = await startEngine();
  const { project: cwd } = bed();
  const command = { command: process.execPath, args: args(engine.address), cwd, env: { ...process.env, ...env } };
  const provider = await startProvider(command);
  await configure(provider, { kubeconfig, context, namespace }, prefix);
  const wire = (of: ResourceType, { props, secrets }: Given): ReturnType<typeof toWire> => {
    const sent = wrapped(of, { props, ...(secrets && { secrets }) });
    return toWire(sent.props, sent.secrets);
  };
  const urn = (of: ResourceType): string => urnOf(type(of), name);
  const raw = ({ raw: properties }: Kept): ReturnType<typeof toWire> => toWire(properties as Props);
  return {
    check: async (of, news, olds) => {
      const request = new CheckRequest();
      request.setUrn(urn(of));
      request.setOlds(wire(of, { props: olds ?? {} }));
      request.setNews(wire(of, news));
      const answer = await provider.call<CheckResponse>("check", request);
      const failures = answer.getFailuresList().map((failure) => failure.toObject());
      return { inputs: ofUser(fromWire(answer.getInputs()).props), failures };
    },
    diff: async (of, kept, news) => {
      const request = new DiffRequest();
      request.setUrn(urn(of));
      request.setId(kept.id);
      request.setOlds(raw(kept));
      request.setNews(wire(of, news));
      const answer = await provider.call<DiffResponse>("diff", request);
      return {
        changes: answer.getChanges() === DiffResponse.DiffChanges.DIFF_SOME,
        replaces: answer.getReplacesList(),
        deleteBeforeReplace: answer.getDeletebeforereplace(),
      };
    },
    create: (of, news) => {
      const request = new CreateRequest();
      request.setUrn(urn(of));
      request.setProperties(wire(of, news));
      return keptOr(provider.call<CreateResponse>("create", request));
    },
    read: async (of, kept) => {
      const request = new ReadRequest();
      request.setUrn(urn(of));
      request.setId(kept.id);
      request.setProperties(raw(kept));
      const found = await keptOr(provider.call<ReadResponse>("read", request));
      const { unhealthy: _unhealthy, ...seen } = found;
      return found.id === "" ? undefined : seen;
    },
    update: async (of, kept, news) => {
      const request = new UpdateRequest();
      request.setUrn(urn(of));
      request.setId(kept.id);
      request.setOlds(raw(kept));
      request.setNews(wire(of, news));
      return { ...(await keptOr(provider.call<UpdateResponse>("update", request))), id: kept.id };
    },
    delete: async (of, kept) => {
      const request = new DeleteRequest();
      request.setUrn(urn(of));
      request.setId(kept.id);
      request.setProperties(raw(kept));
      await answered(provider.call("delete", request));
    },
    told: () => engine.messages,
    errors: provider.errors,
    kill: async () => {
      await provider.kill();
      engine.kill();
    },
    sleep: () => {
      process.kill(provider.pid, "SIGSTOP");
      return () => process.kill(provider.pid, "SIGCONT");
    },
    messages: () => engine.messages.filter(({ ephemeral }) => !ephemeral).map(({ message }) => message),
    close: async () => {
      await provider.close();
      engine.kill();
    },
  };
}

async function configure(
  provider: ProviderProcess,
  config: Readonly<Record<string, string>>,
  prefix: string,
): Promise<void> {
  const request = new ConfigureRequest();
  for (const [key, value] of Object.entries(config)) request.getVariablesMap().set(`${prefix}${key}`, value);
  request.setArgs(toWire(Object.fromEntries(Object.entries(config).map(([key, value]) => [`${prefix}${key}`, value]))));
  await provider.call("configure", request);
}

type Answer = CreateResponse | ReadResponse | UpdateResponse | ErrorResourceInitFailed;

async function keptOr(work: Promise<Answer>): Promise<Kept> {
  try {
    return keptOf(await work);
  } catch (error) {
    const failure = initFailureIn(error);
    if (failure === undefined) throw plainError(error);
    const { [0]: unhealthy = "" } = failure.getReasonsList();
    return { ...keptOf(failure), unhealthy };
  }
}

async function answered<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw plainError(error);
  }
}

/** gRPC puts its own code in front of what the provider said. */
const plainError = (error: unknown): Error => new Error(messageOf(error).replace(/^\d+ [A-Z_]+: /, ""));

function keptOf(answer: Answer): Kept {
  const { props } = fromWire(answer.getProperties());
  const { __state: hidden = {} } = props as { __state?: Props };
  return { id: "getId" in answer ? answer.getId() : "", outputs: ofUser(props), hidden, raw: props };
}

const ofUser = (props: Props): Props =>
  Object.fromEntries(Object.entries(props).filter(([key]) => !key.startsWith("__")));

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
