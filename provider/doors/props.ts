import { isPlainObject } from "../core/kube/hash";
import type { Confidential } from "../core/spec/secrets";
import type { Hidden, State } from "../resources/contract";

/** Properties of a resource as Pulumi carries them. */
export type Props = Readonly<Record<string, unknown>>;

/** Properties that no program writes or sees; both doors use the same, so that a stack can move from one to the other. */
export const privateKey = { meta: "__meta", state: "__state", provider: "__provider" } as const;

/** What was lost or never there when a private property is missing. */
export const noMeta = "this resource was not made by the classes of pulumi-jobrun: use `new Job` or `new JobRun`";

/** The user's part of the inputs, as it was given. */
export function inputsOf<I>(props: Props): I {
  return Object.fromEntries(Object.entries(props).filter(([key]) => !key.startsWith("__"))) as I;
}

/** The state that was kept. */
export function stateOf<I>(props: Props): State<I> {
  const hidden = props[privateKey.state];
  if (!isPlainObject(hidden)) throw new Error(noMeta);
  return { outputs: inputsOf(props), hidden: hidden as unknown as Hidden<I> };
}

/** Whether the hidden part of a state is to be encrypted: it holds the inputs. */
export function holdsSecret({ hidden }: State<Confidential>, secrets: readonly string[]): boolean {
  return secrets.length > 0 || hidden.inputs.connection?.kubeconfig !== undefined;
}

/** The outputs that are secret whatever the inputs say. */
export const secretOutputs = ({ hidden }: State<unknown>): readonly string[] => hidden.secretOutputs ?? [];

/** Whether the output came from a secret input: the resource's own or its job's. Variables are references to a Secret by now. */
export function isFromSecret(output: string, secrets: readonly string[]): boolean {
  const own = output !== "env" && secrets.some((path) => isWithin(path, output));
  return own || isFromJobsSecret(output, secrets);
}

/** Whether the output came from a secret of the run's job. */
export function isFromJobsSecret(output: string, secrets: readonly string[]): boolean {
  const at = `jobDefinition.${output}`;
  return output !== "env" && secrets.some((path) => path === "jobDefinition" || isWithin(path, at));
}

/** Whether the path is that one or leads into it. */
const isWithin = (path: string, at: string): boolean =>
  path === at || path.startsWith(`${at}.`) || path.startsWith(`${at}[`);

/** Without what the wire cannot carry: one `undefined` in an answer would lose the whole answer, after the work was done. */
export function plainJson<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** Pulumi's mark of values that are more than JSON, and what stands there for a secret. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Pulumi's wire form of a secret. */
export const toSecret = (value: unknown): object => ({ [SIGNATURE]: SECRET, value });

/** Whether the value is a secret in that form. */
export function isSecretForm(value: unknown): value is { readonly value: unknown } {
  return isPlainObject(value) && value[SIGNATURE] === SECRET;
}
