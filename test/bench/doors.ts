import {
  CheckRequest,
  type CheckResponse,
  ConfigureRequest,
  CreateRequest,
  type CreateResponse,
  ProviderHandshakeRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import { dirname, join } from "node:path";
import { providerText } from "../../provider/doors/dynamic/text";
import { fromWire, toWire } from "../../provider/doors/plugin/values";
import type { Props } from "../../provider/doors/props";
import { toolPath } from "../cluster/build.ts";
import { bed } from "../support/bed";
import { startEngine } from "../support/fakeEngine";
import { initFailureIn, type ProviderProcess, startProvider } from "../support/providerProcess";
import type { Arm } from "./results";
import { kubeJob, runInputs, type Work } from "./works";

/** The arms that are providers of Pulumi. */
export type DoorArm = Exclude<Arm, "K">;

/** Where a provider finds its cluster. */
export interface Place {
  readonly kubeconfig: string;
  readonly context: string;
  readonly namespace: string;
}

/** What a creation came to. */
export interface Created {
  readonly ok: boolean;
  /** Milliseconds since 1970 at which it was answered, and for how long it was under way. */
  readonly at: number;
  readonly ms: number;
  /** Why it failed. */
  readonly message: string;
}

/** A provider in a process of its own, driven as the engine drives it. */
export interface Door {
  readonly arm: DoorArm;
  readonly pid: number;
  /** When its process was started, in `performance.now()`. */
  readonly begun: number;
  /** What it has told of the resources so far. */
  readonly told: readonly { readonly at: number; readonly urn: string; readonly message: string }[];
  check(work: Work): Promise<Props>;
  /** Creates what `check` has made of the work; `seconds` is the time that the user gives it. */
  create(work: Work, checked: Props, seconds?: number): Promise<Created>;
  close(): Promise<void>;
}

const NAME = "bench";
const typeOf: Readonly<Record<DoorArm, string>> = {
  P: "kubernetes:batch/v1:Job",
  O: "jobrun:index:JobRun",
  D: "pulumi-nodejs:dynamic/jobrun:jobRun",
};

const urnOf = (arm: DoorArm, { name }: Work): string => `urn:pulumi:dev::${NAME}::${typeOf[arm]}::${name}`;

/** The program of an arm, with the arguments before the engine's address. */
export async function programOf(arm: DoorArm): Promise<readonly [string, ...string[]]> {
  const packages = join(bed().project, "node_modules");
  if (arm === "P") return [await toolPath("pulumi-resource-kubernetes")];
  if (arm === "O") return [process.execPath, join(packages, "pulumi-jobrun/provider/bin/pulumi-resource-jobrun")];
  return [process.execPath, join(packages, "@pulumi/pulumi/cmd/dynamic-provider")];
}

/** Starts a provider and configures it. */
export async function openDoor(arm: DoorArm, place: Place, env: NodeJS.ProcessEnv = process.env): Promise<Door> {
  const engine = await startEngine();
  const [command, ...args] = await programOf(arm);
  const own = { command, args: [...args, engine.address], cwd: bed().project };
  const begun = performance.now();
  const provider = await startProvider({ ...own, env: { ...env, KUBECONFIG: place.kubeconfig } });
  await configure(arm, provider, { engine: engine.address, place });
  return {
    arm,
    pid: provider.pid,
    begun,
    told: engine.messages,
    check: (work) => check(arm, provider, { work, namespace: place.namespace }),
    create: (work, checked, seconds) => create(arm, provider, { work, checked, seconds }),
    close: async () => {
      await provider.close();
      engine.kill();
    },
  };
}

type Given = { readonly engine: string; readonly place: Place };

async function configure(arm: DoorArm, provider: ProviderProcess, { engine, place }: Given): Promise<void> {
  const handshake = new ProviderHandshakeRequest();
  handshake.setEngineAddress(engine);
  // Neither Pulumi's dynamic host nor the peer of that version knows the call.
  if (arm === "O") await provider.call("handshake", handshake);
  const prefix = { P: "kubernetes:config:", O: "", D: "jobrun:" }[arm];
  const request = new ConfigureRequest();
  const entries = Object.entries(place).map(([key, value]) => [`${prefix}${key}`, value as string] as const);
  for (const [key, value] of entries) request.getVariablesMap().set(key, value);
  request.setArgs(toWire(arm === "P" ? { ...place } : Object.fromEntries(entries)));
  request.setAcceptsecrets(true);
  await provider.call("configure", request);
}

/** The inputs as the SDK of the arm sends them. */
function inputsOf(arm: DoorArm, work: Work, namespace: string): Props {
  if (arm === "P") return { ...kubeJob(work, namespace) };
  if (arm === "O") return runInputs(work);
  const meta = { urn: urnOf(arm, work), name: work.name, project: NAME, stack: "dev", secrets: [], timeouts: {} };
  return { ...runInputs(work), __provider: providerText("jobRun"), __meta: meta };
}

type Asked = { readonly work: Work; readonly namespace: string };

async function check(arm: DoorArm, provider: ProviderProcess, { work, namespace }: Asked): Promise<Props> {
  const request = new CheckRequest();
  request.setUrn(urnOf(arm, work));
  request.setOlds(toWire({}));
  request.setNews(toWire(inputsOf(arm, work, namespace)));
  const answer = await provider.call<CheckResponse>("check", request);
  const faults = answer.getFailuresList().map((fault) => `${fault.getProperty()} ${fault.getReason()}`);
  if (faults.length > 0) throw new Error(`the work of a benchmark must be right: ${faults.join("; ")}`);
  return fromWire(answer.getInputs()).props;
}

type Ordered = { readonly work: Work; readonly checked: Props; readonly seconds: number | undefined };

async function create(arm: DoorArm, provider: ProviderProcess, { work, checked, seconds }: Ordered): Promise<Created> {
  const request = new CreateRequest();
  request.setUrn(urnOf(arm, work));
  request.setProperties(toWire(checked));
  if (seconds !== undefined) request.setTimeout(seconds);
  const begun = performance.now();
  const ended = (ok: boolean, message: string): Created => ({
    ok,
    message,
    at: Date.now(),
    ms: performance.now() - begun,
  });
  try {
    await provider.call<CreateResponse>("create", request);
    return ended(true, "");
  } catch (error) {
    return ended(false, initFailureIn(error)?.getReasonsList().join("\n") ?? String(error));
  }
}

/** Folder of the peer's plugin, for a project file. */
export async function peerFolder(): Promise<string> {
  return dirname(await toolPath("pulumi-resource-kubernetes"));
}
