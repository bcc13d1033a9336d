import { isPlainObject } from "../../core/kube/hash";
import { type Confidential, markSecrets, withoutMarks } from "../../core/spec/secrets";
import type { Hidden, State } from "../../resources/contract";
import type { Meta } from "./meta";

/** Properties as the dynamic host hands them over and takes them. */
export type Props = Readonly<Record<string, unknown>>;

const META = "__meta";
const STATE = "__state";
const PROVIDER = "__provider";

/** The message of a resource whose private properties were lost or never there. */
const noMeta = "this resource was not made by the classes of pulumi-jobrun: use `new Job` or `new JobRun`";

/** The private part of inputs or outputs. */
export function metaOf(props: Props): Meta {
  const meta = props[META];
  if (!isPlainObject(meta)) throw new Error(noMeta);
  return meta as unknown as Meta;
}

/** The user's part of the inputs, as it was given. */
export function inputsOf<I>(props: Props): I {
  return Object.fromEntries(Object.entries(props).filter(([key]) => !key.startsWith("__"))) as I;
}

/** The user's part of the inputs, with the marks of its secrets. */
export function markedInputsOf<I extends Confidential>(props: Props): I {
  return markSecrets(inputsOf<I>(props), metaOf(props).secrets);
}

/** Inputs on their way back: in the shape in which they came. */
export function toInputs(inputs: Confidential, props: Props): Record<string, unknown> {
  return plainJson({ ...withoutMarks(inputs), [META]: props[META], [PROVIDER]: props[PROVIDER] });
}

/** What the engine is to keep. The hidden part is encrypted when it holds a secret, and so is what came from a secret of the job. */
export function toOutputs({ outputs, hidden }: State<Confidential>, props: Props): Record<string, unknown> {
  const { secrets } = metaOf(props);
  const { kept } = plainJson({ kept: hidden });
  const isSecret = secrets.length > 0 || hidden.inputs.connection?.kubeconfig !== undefined;
  return {
    ...withSecretsOfJob(plainJson(outputs), secrets),
    ...plainJson({ [META]: props[META], [PROVIDER]: props[PROVIDER] }),
    [STATE]: isSecret ? toSecret(kept) : kept,
  };
}

/**
 * Pulumi keeps an output secret when the input of that name is. What a run has from its job has no such input.
 * Variables are references to a Secret by now.
 */
function withSecretsOfJob(outputs: Props, secrets: readonly string[]): Record<string, unknown> {
  const isFromSecret = (key: string): boolean =>
    key !== "env" && secrets.some((path) => isWithin(path, `jobDefinition.${key}`));
  return Object.fromEntries(
    Object.entries(outputs).map(([key, value]) => [key, isFromSecret(key) ? toSecret(value) : value]),
  );
}

/** Whether the path is that one, leads into it, or is all of it. */
function isWithin(path: string, at: string): boolean {
  return path === at || path.startsWith(`${at}.`) || path.startsWith(`${at}[`) || path === "jobDefinition";
}

/** The state that was kept. */
export function stateOf<I>(props: Props): State<I> {
  const hidden = props[STATE];
  if (!isPlainObject(hidden)) throw new Error(noMeta);
  return { outputs: inputsOf(props), hidden: hidden as unknown as Hidden<I> };
}

/** Pulumi's wire form of a secret: an answer may hold it, although a dynamic provider never receives it. */
function toSecret(value: unknown): object {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

/** Without what the wire cannot carry: one `undefined` in an answer would lose the whole answer, after the work was done. */
function plainJson<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
